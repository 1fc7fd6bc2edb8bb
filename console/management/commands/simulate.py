"""manage.py simulate: whole worlds from seeds, on a virtual clock, and the laws that must hold in each."""

import logging
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from console import prepare
from console.simulate.many import live
from postpurchase.lib import clock


class Command(BaseCommand):
    """Runs each seed, and the first of them twice, in two processes: the same seed must tell the same story, byte for byte."""

    help = "Simulate three shops for sixty days from each seed: late, lost and repeated scans, faulty mail servers, edits of flows, people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--seeds, --first, --customers, --processes."""
        parser.add_argument("--seeds", type=int, default=10, help="how many seeds (default 10)")
        parser.add_argument("--first", type=int, default=1, help="the first seed; a failure prints the one to give here")
        parser.add_argument("--customers", type=int, default=20, help="customers of each shop (default 20)")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many run at once (default: one for each core)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where a law was broken."""
        prepare.migrate()
        logging.disable(logging.ERROR)  # a line a message would hide the verdict
        began, first = clock.monotonic(), options["first"]
        outcomes, again = live(range(first, first + options["seeds"]), options["customers"], options["processes"])
        for one in outcomes:
            for fault in one.broken[:5]:
                self.stdout.write(f"seed {one.seed}: {fault}")
        same = again.log == outcomes[0].log
        bad = [one.seed for one in outcomes if one.broken]
        sent, jumps = sum(one.sent for one in outcomes), sum(one.jumps for one in outcomes)
        self.stdout.write(f"{len(outcomes)} seeds, {jumps} jumps, {sent} messages sent in {clock.monotonic() - began:.1f} s")
        self.stdout.write(f"seed {first} twice: {outcomes[0].log[:16]} and {again.log[:16]}, {'the same' if same else 'DIFFERENT'}")
        if bad or not same:
            self.stdout.write(f"verdict: broken{' for seeds ' + ', '.join(map(str, bad)) if bad else ''}")
            raise SystemExit(1)
        self.stdout.write("verdict: holds: no law was broken")
