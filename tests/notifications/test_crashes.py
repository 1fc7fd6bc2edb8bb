"""Senders die at every point of their work; what was promised about each message holds all the same."""

import pytest

from console.crash import harness


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("policy", ["amo", "alo", "key", "naive"])
def test_a_killed_sender_breaks_no_promise(policy: str) -> None:
    counts = harness.run(policy, kills=16, seed=7, share=0.03)

    assert counts.holds, counts.line
