"""manage.py bulktest: import and export very many orders, and say how fast and in how much memory."""

import resource
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from console import bulk, prepare


class Command(BaseCommand):
    """Starts PostgreSQL of its own, empty and durable, so that the import meets tables without statistics."""

    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--orders, --form."""
        parser.add_argument("--orders", type=int, default=100_000, help="how many orders (default 100,000)")
        parser.add_argument("--form", choices=("csv", "xlsx"), default="csv", help="the form of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each stage: seconds, rate, peak memory; exit 1 if the bar is missed."""
        prepare.migrate()
        seconds = bulk.run(options["orders"], options["form"], self.stdout.write)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        wanted = 300 * options["orders"] / 100_000
        self.stdout.write(f"import {seconds:.1f} s in all (bar {wanted:.0f} s), peak memory of the process {peak} MB")
        if seconds > wanted:
            raise SystemExit(1)
