"""manage.py crashtest: kill senders at every point, and count duplicates, losses and doubts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from console import prepare
from console.crash import harness

POLICIES = ("amo", "alo", "key", "naive")


class Command(BaseCommand):
    """Per policy: at most once, at least once, keyed, and a naive control that must show duplicates."""

    help = "Kill message senders with SIGKILL at every point of their work (and freeze them past their lease), then count what arrived."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--kills per policy, --seed, --json."""
        parser.add_argument("--kills", type=int, default=60, help="how many kills for each policy (default 60)")
        parser.add_argument("--seed", type=int, default=1, help="what the random choices start from")
        parser.add_argument("--json", type=Path, help="write the counts to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all policies; exit 1 if a promise was broken."""
        prepare.migrate()
        say = self.stdout.write
        results = [harness.run(policy, options["kills"], seed=options["seed"], say=say) for policy in POLICIES]
        if options["json"]:
            options["json"].write_text(json.dumps([counts.as_dict() for counts in results], indent=1))
        broken = [counts.policy for counts in results if not counts.holds]
        if broken:
            say(f"verdict: broken for {', '.join(broken)}")
            raise SystemExit(1)
        kills = sum(sum(counts.kills.values()) for counts in results)
        say(f"verdict: holds over {kills} kills; the naive control shows {results[-1].duplicates} duplicates")
