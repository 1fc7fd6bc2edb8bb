"""Style, formatting, types and the floors of the architecture, each with its seconds."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from postpurchase.embedded import checks


class Command(BaseCommand):
    """Runs ruff check, ruff format --check, mypy and lint-imports; exits 0 only if all of them pass."""

    help = __doc__ or ""
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        failed = checks.lint()
        self.stdout.write(f"lint: failed ({', '.join(failed)})" if failed else "lint: passed")
        sys.exit(bool(failed))
