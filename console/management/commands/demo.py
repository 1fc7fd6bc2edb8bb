"""Start everything on this machine and print addresses and log-ins. Ctrl-C ends it."""

from typing import Any

from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandParser

from postpurchase.embedded import demo, launch


class Command(BaseCommand):
    """The whole product with an embedded PostgreSQL, Valkey and mail catcher; data stays in .run/demo."""

    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="web port (default 8000; the next free one when taken)")
        parser.add_argument("--fresh", action="store_true", help="throw the demo's data away and start with a new store")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            demo.run(launch.current(), port=options["port"], fresh=options["fresh"], seed="seed" in get_commands())
        except KeyboardInterrupt:
            return  # the orderly end
