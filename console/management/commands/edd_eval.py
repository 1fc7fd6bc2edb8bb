"""manage.py edd_eval: how well our delivery dates would have held on an order history."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from console.deliveries.judge import MANY, OVERALL, QUARTERLY, RATIO, Figures, Verdict, judge
from console.deliveries.read import Columns, Unreadable, read


class Command(BaseCommand):
    """Forecasts each month of a CSV file with what had been delivered before it, and compares with what happened."""

    help = "Try our delivery estimates on a CSV file of past orders, month by month, each with only what was delivered before it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file and the names of its columns."""
        parser.add_argument("file", type=Path, help="CSV with a header; days as ISO dates, with or without a time")
        parser.add_argument("--start", required=True, help="column: the day the parcel (or order) started")
        parser.add_argument("--delivered", required=True, help="column: the day it came; empty while it has not")
        parser.add_argument("--promised", default="", help="column: the day that was promised, to compare with; never learned from")
        parser.add_argument("--lane", default="", help="columns, by commas, origin first: COL,COL; without, all parcels are one lane")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, walk forward, report; exit 1 where a bar is not reached."""
        lane = tuple(name.strip() for name in options["lane"].split(",") if name.strip())
        try:
            history = read(options["file"], Columns(options["start"], options["delivered"], options["promised"], lane))
        except Unreadable as error:
            raise CommandError(str(error)) from error
        for reason, count in history.skipped.items():
            self.stdout.write(f"skipped {count} rows: {reason}")
        verdict = judge(history)
        if verdict is None:
            raise CommandError("no month has 100 deliveries before it: the file is too short to try anything on")
        self._report(verdict)
        if verdict.falls_short:
            self.stdout.write(f"verdict: falls short: {'; '.join(verdict.falls_short)}")
            raise SystemExit(1)
        self.stdout.write("verdict: holds")

    def _report(self, found: Verdict) -> None:
        self.stdout.write(f"n {found.ours.n}")
        self._line("ours", found.ours)
        if found.simple:
            self._line(f"best simple lane median ({found.simple.name})", found.simple)
        if found.promised:
            self._line("promised day", found.promised)
        if found.ratio is not None:
            self.stdout.write(f"ratio of median absolute errors {found.ratio:.3f} (bar {RATIO})")
        elif found.simple:
            self.stdout.write("ratio of median absolute errors: the simple median's is 0, so there is nothing to be better than")
        if found.simple and found.simple.mean_error:
            self.stdout.write(f"ratio of mean absolute errors {found.ours.mean_error / found.simple.mean_error:.3f}")
        self.stdout.write(f"on or before P50 {found.early:.1%}, P95 {found.deadline:.1%}")
        self.stdout.write(f"on or before P80 {found.ours.kept:.1%} (bar {OVERALL[0]:.0%} to {OVERALL[1]:.0%})")
        for name, (n, kept) in found.quarters.items():
            judged = f"bar {QUARTERLY[0]:.0%} to {QUARTERLY[1]:.0%}" if n >= MANY else f"under {MANY}: not judged"
            self.stdout.write(f"  {name}  n {n}  on or before P80 {kept:.1%} ({judged})")

    def _line(self, name: str, one: Figures) -> None:
        self.stdout.write(
            f"{name}: n {one.n}, absolute error median {one.median_error:.3f} mean {one.mean_error:.3f} days,"
            f" pinball P50 {one.loss_middle:.3f} P80 {one.loss:.3f}, on or before {one.kept:.1%}"
        )
