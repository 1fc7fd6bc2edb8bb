"""Runs killable senders over a pile of messages until enough have died and every message has come to an end; then counts."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence

from console.crash.counts import Counts
from console.crash.crew import Crew
from console.crash.disasters import Disaster
from integrations.opening import open_merchant
from notifications.models import Guarantee
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.jobs import eager
from postpurchase.lib.ids import random_token

PORTION, MERCHANTS = 60, 5  # messages of a pile, and whose they are


def run(
    policy: str, kills: int, *, seed: int, share: float = 0.02, crew: str = "senders", disasters: Sequence[Disaster] = (),
    say: Callable[[str], None] = print,
) -> Counts:  # fmt: skip
    """One policy: kill until `kills` are done, with the disasters spread over them, and every message has ended.

    Raises TimeoutError when nothing moves any more.
    """
    counts, dice, ahead = Counts(policy, crew), random.Random(seed), list(disasters)
    step = kills / (len(ahead) + 1)
    with Mailbox(keyed=policy == Guarantee.KEYED, keep=1_000_000) as box:
        senders = Crew(counts, box.url, share, dice)
        try:
            _pile(senders, max(PORTION, kills * 3))
            left = 1
            while ahead or counts.kills.total() < kills or left:
                if not left:
                    _pile(senders, PORTION)
                if ahead and counts.kills.total() >= step * (counts.disasters.total() + 1):
                    counts.disasters[ahead.pop(0)()] += 1
                left = senders.tend(done=not ahead and counts.kills.total() >= kills)
                time.sleep(0.05)
        finally:
            senders.dismiss()
        counts.count(senders.wanted, Counter(mail.message_id for mail in box.messages))
    say(counts.line)
    return counts


def _pile(senders: Crew, count: int) -> None:
    """Messages due now, spread over fresh merchants."""
    policy = senders.counts.policy
    for shop in range(MERCHANTS):
        with eager.collected():  # the broker may be down
            merchant = open_merchant(f"Crash {shop}", f"crash-{policy}-{random_token(40).lower().replace('_', '-')}")
        senders.ask(str(merchant.pk), count // MERCHANTS, Guarantee.AT_MOST_ONCE if policy == "naive" else policy)
