"""manage.py crashtest: kill senders at every point, and count duplicates, losses and doubts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from console import prepare
from console.crash import disasters, harness

POLICIES = ("amo", "alo", "key", "naive")
KILLS_EACH, SHARE = 12, 0.03  # below schedulers: kills for each round of disasters, and the chance of dying at a point


class Command(BaseCommand):
    """Per policy: at most once, at least once, keyed, and a naive control that must show duplicates. Each by bare senders that die, and by
    Celery workers below two schedulers that die as well, while the broker is wiped and PostgreSQL killed.
    """

    help = "Kill message senders with SIGKILL at every point of their work (and freeze them past their lease), then count what arrived."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--kills per policy, --disasters, --seed, --json."""
        parser.add_argument("--kills", type=int, default=60, help="how many kills for each policy (default 60)")
        parser.add_argument(
            "--disasters", type=int, default=1, help="how often each server is killed, for each policy (default 1; 0: never)"
        )
        parser.add_argument("--seed", type=int, default=1, help="what the random choices start from")
        parser.add_argument("--json", type=Path, help="write the counts to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all policies; exit 1 if a promise was broken."""
        prepare.migrate()
        say = self.stdout.write
        kills, seed, times = options["kills"], options["seed"], options["disasters"]
        results = [harness.run(policy, kills, seed=seed, say=say) for policy in POLICIES]
        if times:
            befalls: dict[str, Any] = {"crew": "schedulers", "share": SHARE, "disasters": disasters.several(times)}
            results += [harness.run(policy, KILLS_EACH * times, seed=seed, say=say, **befalls) for policy in POLICIES]
        if options["json"]:
            options["json"].write_text(json.dumps([counts.as_dict() for counts in results], indent=1))
        broken = [f"{counts.policy} ({counts.crew})" for counts in results if not counts.holds]
        if broken:
            say(f"verdict: broken for {', '.join(broken)}")
            raise SystemExit(1)
        died, fell = (
            sum(counted.total() for counted in each) for each in zip(*((one.kills, one.disasters) for one in results), strict=True)
        )
        naive = [one.duplicates for one in results if one.policy == "naive"]
        say(f"verdict: holds over {died} kills and {fell} disasters; the naive control shows {sum(naive)} duplicates")
