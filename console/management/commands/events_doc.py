"""Write docs/events.md from the event catalogue."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from postpurchase.events.document import markdown


class Command(BaseCommand):
    """A test compares the page with the catalogue; this brings it up to date."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "events.md"
        page.write_text(markdown(), encoding="utf-8")
        self.stdout.write(f"wrote {page}")
