"""Runs killable senders over a pile of messages until enough have died and every message has come to an end; then counts."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence

from django.conf import settings

from console.crash.counts import MARK, Counts, still_open
from console.crash.crew import Crew
from console.crash.disasters import Disaster
from integrations.opening import open_merchant
from notifications.models import Guarantee, Message, Stream
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.lib import clock
from postpurchase.lib.ids import random_token
from postpurchase.tenancy.scope import in_merchant

PORTION = 60  # messages of a pile


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
        names = pile(policy, max(PORTION, kills * 3))
        senders = Crew(counts, box.url, share, dice)
        try:
            while ahead or counts.kills.total() < kills or still_open():
                if not still_open():
                    names += pile(policy, PORTION)
                if ahead and counts.kills.total() >= step * (counts.disasters.total() + 1):
                    counts.disasters[ahead.pop(0)()] += 1
                senders.tend(done=not ahead and counts.kills.total() >= kills)
                time.sleep(0.05)
        finally:
            senders.dismiss()
        counts.count(names, Counter(mail.message_id for mail in box.messages))
    say(counts.line)
    return counts


def pile(policy: str, count: int, merchants: int = 5) -> list[str]:
    """Messages due now, spread over fresh merchants; returns their Message-IDs."""
    guarantee = "amo" if policy == "naive" else policy
    made = []
    for shop in range(merchants):
        merchant = open_merchant(f"Crash {shop}", f"crash-{policy}-{random_token(40).lower().replace('_', '-')}")
        with in_merchant(merchant):
            rows = [_message(guarantee, shop * count + n) for n in range(count // merchants)]
            made += [row.message_id(settings.EMAIL_FROM_DOMAIN) for row in Message.objects.bulk_create(rows)]
    return made


def _message(guarantee: str, number: int) -> Message:
    return Message(
        template="access_code", stream=Stream.TRANSACTIONAL, guarantee=guarantee, to_address=f"shopper{number}@example.com",
        context={"code": "123 456", "minutes": 10}, dedupe_key=f"{MARK}{random_token()}", due_at=clock.business_now(),
    )  # fmt: skip
