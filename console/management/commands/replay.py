"""manage.py replay: send recorded deliveries over HTTP at the running product."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from console.replay import replay


class Command(BaseCommand):
    """Re-signs each delivery in a folder, sends it, sends it again, sends it forged; counts what was kept, read and made."""

    help = "Sign recorded Shopify, EasyPost and UPS deliveries anew and send them at the running demo; print what it made of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, --url and --json."""
        own = Path(settings.BASE_DIR) / "tests" / "fixtures"
        parser.add_argument("folder", nargs="?", type=Path, default=own, help="where the deliveries are (default: the project's fixtures)")
        parser.add_argument("--url", default=settings.BASE_URL, help="address of the running product (default: the demo's)")
        parser.add_argument("--json", type=Path, help="write the result to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, wait for the workers, report."""
        if "DATABASE_URL" not in os.environ:
            raise CommandError("nothing is running: start `python3 manage.py demo` first, or set DATABASE_URL and give --url")
        if not options["folder"].is_dir():
            raise CommandError(f"{options['folder']} is not a folder")
        try:
            outcome = replay(options["folder"], options["url"])
        except httpx.HTTPError as error:
            raise CommandError(f"{options['url']} does not answer ({error}): is the demo running?") from error
        self.stdout.write(f"sent {outcome.sent}  kept {outcome.kept}  " + "  ".join(f"{k} {v}" for k, v in sorted(outcome.states.items())))
        for reason in outcome.refused:
            self.stdout.write(f"  {reason}")
        for folder, count in sorted(outcome.unread.items()):
            self.stdout.write(f"  {folder}: {count} files, no adapter yet")
        self.stdout.write("made: " + ", ".join(f"{count} {what}" for what, count in outcome.made.items()))
        for name, held in outcome.musts.items():
            self.stdout.write(f"{'ok  ' if held else 'FAIL'} {name}")
        if options["json"]:
            options["json"].write_text(json.dumps(vars(outcome) | {"musts": outcome.musts}, indent=1))
        holds = all(outcome.musts.values())
        self.stdout.write(f"verdict: {'holds' if holds else 'broken'}: sent {outcome.sent} = recorded {outcome.kept}")
        if not holds:
            raise SystemExit(1)
