"""A simulated world tells the same story twice, and shows it when the product breaks a law."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from console.simulate.run import run
from notifications import claim, prepare

pytestmark = pytest.mark.django_db
SLEEPY = 2  # a seed whose workers sleep for a day or so: much is due at once, and the world is over soon


def send_to_everybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(prepare, "decide", lambda case: ("send", "", []))


def send_too_early(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(claim, "CLAIM", claim.CLAIM.replace("AND m.due_at <= %(now)s", ""))


def test_the_same_seed_tells_the_same_story_and_another_one_another() -> None:
    first, again, other = run(SLEEPY, customers=1), run(SLEEPY, customers=1), run(SLEEPY + 5, customers=1)

    assert first.log == again.log != other.log
    assert (first.broken, other.broken) == ([], [])
    assert first.sent == again.sent > 5


@pytest.mark.parametrize(("plant", "seen"), [(send_to_everybody, "marketing without consent"), (send_too_early, "left before it was due")])
def test_a_planted_bug_is_seen(plant: Callable[[pytest.MonkeyPatch], None], seen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)

    assert any(seen in law for law in run(SLEEPY, customers=2).broken)


ROUNDS = """
import os, signal
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "postpurchase.settings"
django.setup()
from console.simulate import many
from postpurchase.embedded import process
many.SEEDS_EACH = 1
def who(seed):
    return os.getpid()
print(len(set(many.in_rounds(who, range(6), 2, process.die_with_parent(signal.SIGKILL)))))
"""


def test_processes_are_renewed_and_a_long_run_ends() -> None:
    done = subprocess.run([sys.executable, "-c", ROUNDS], capture_output=True, text=True, timeout=60)

    assert 3 <= int(done.stdout) <= 6, done.stderr
