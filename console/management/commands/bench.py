"""Measure the product beside its yardsticks, in one run on this machine, and judge every ratio that must hold."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from bench.ground import Ground
from bench.run import WORKLOADS, run
from postpurchase.embedded import launch


class Command(BaseCommand):
    """Starts PostgreSQL and Valkey of its own; docs/performance.md tells how to read what it prints."""

    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Workloads, --json, --seconds, --rounds, --rows, --quick."""
        parser.add_argument("workload", nargs="*", choices=[[], *WORKLOADS], metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)} (all)")
        parser.add_argument("--json", type=Path, help="write the figures to this file")
        parser.add_argument("--seconds", type=float, default=4.0, help="how long each side is measured in a round (default 4)")
        parser.add_argument("--rounds", type=int, default=3, help="rounds that count, after one that warms up (default 3)")
        parser.add_argument("--rows", type=int, default=1_000_000, help="W4: claims beside up to so many messages (default 1000000)")
        parser.add_argument("--quick", action="store_true", help="one short round with little data: does it run, not how fast")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; exit 1 if a must is missed."""
        quick = options["quick"]
        ground = Ground(
            running=launch.current(),
            seconds=1.0 if quick else options["seconds"],
            rounds=1 if quick else options["rounds"],
            quick=quick,
            rows=options["rows"],
            say=self.stdout.write,
        )
        if not run(ground, options["workload"] or list(WORKLOADS), options["json"]):
            raise SystemExit(1)
