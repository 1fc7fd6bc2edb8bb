"""manage.py audit: read the audit logs through and say whether they are whole."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from postpurchase.tenancy import audit
from postpurchase.tenancy.models import AuditCheck, Merchant
from postpurchase.tenancy.scope import in_merchant


class Command(BaseCommand):
    """Checks every entry's hash against its content and the entry before, and what an earlier check has seen."""

    help = "Read the audit log of one shop or of all through; exits 1 if an entry was changed, removed or cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A shop's slug, or none for all."""
        parser.add_argument("slug", nargs="?", default="", help="the shop's name in its address (default: all shops)")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line a shop."""
        shops = Merchant.objects.filter(**({"slug": options["slug"]} if options["slug"] else {})).order_by("slug")
        if not shops:
            raise CommandError(f"there is no shop {options['slug']}")
        broken = 0
        for shop in shops.iterator(chunk_size=500):
            with in_merchant(shop):
                found = audit.check()
            self.stdout.write(_said(shop, found))
            broken += found.broken_at is not None
        if broken:
            raise SystemExit(1)


def _said(shop: Merchant, found: AuditCheck) -> str:
    if found.broken_at is not None:
        return f"BROKEN {shop.slug}: from entry {found.broken_at} on the log is not what it was"
    since = f" since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else ""
    return f"ok     {shop.slug}: {found.entries} entries, unbroken{since}, last {bytes(found.head).hex() or 'none'}"
