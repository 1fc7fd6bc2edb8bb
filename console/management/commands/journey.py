"""manage.py journey: one order's sixty days on a simulated clock, with real rendering and real SMTP."""

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from console import journey, prepare

EXPECTED = ("confirmation", "shipped", "out_for_delivery", "delivered", "follow_up", "review_request", "review_reminder")
MOST_SECONDS = 2.0


class Command(BaseCommand):
    """Plays one order, and checks that each message went out exactly once and is seen in the dashboard and on the tracking page."""

    help = "Play one order's 60 days on a simulated clock: confirmation to review request, rendered and sent over SMTP to a local sink."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--json and --folder."""
        parser.add_argument("--json", type=Path, help="write the result to this file")
        parser.add_argument("--folder", type=Path, help="keep the mails there as .eml files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, print the mails in order, judge."""
        prepare.migrate()
        told = journey.travel(folder=options["folder"])
        for at, template, subject in told.mails:
            self.stdout.write(f"{at:%a %d %b %H:%M}  {template:17} {subject}")
        counts = Counter(template for _, template, _ in told.mails)
        musts = {
            "each message exactly once": counts == Counter(EXPECTED) and told.delivered == len(EXPECTED),
            "seen in the dashboard": told.in_dashboard,
            "seen on the tracking page": told.on_page,
            f"under {MOST_SECONDS:.0f} s": told.seconds < MOST_SECONDS,
        }
        for name, held in musts.items():
            self.stdout.write(f"{'ok  ' if held else 'FAIL'} {name}")
        if options["json"]:
            options["json"].write_text(json.dumps({"musts": musts, "seconds": told.seconds, "mails": counts}, indent=1))
        holds = all(musts.values())
        self.stdout.write(f"verdict: {'holds' if holds else 'broken'}: {told.delivered} mails, 60 days in {told.seconds:.2f} s")
        if not holds:
            raise SystemExit(1)
