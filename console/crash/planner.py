"""Messages are planned by processes that die as well: before their COMMIT (P0), or after it (P1). Then they are asked for again."""

import os
import random
import time

from console.crash.armed import arm
from console.crash.counts import key_of
from notifications.models import Message, Stream
from postpurchase.lib import clock, faults
from postpurchase.tenancy.scope import in_merchant

PORTION = 12  # messages of a transaction


def plan(merchant_id: str, count: int, guarantee: str, dice: random.Random, share: float) -> None:
    """See that a merchant's messages 0 to `count` are planned, each once, however many processes it takes."""
    for first in range(0, count, PORTION):
        numbers = range(first, min(first + PORTION, count))
        while _die_or_plan(merchant_id, numbers, guarantee, random.Random(dice.random()), share):
            time.sleep(0.05)


def _die_or_plan(merchant_id: str, numbers: range, guarantee: str, dice: random.Random, share: float) -> int:
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        arm(dice, share)
        with in_merchant(merchant_id):
            Message.objects.bulk_create([_message(merchant_id, number, guarantee) for number in numbers], ignore_conflicts=True)
            faults.reach("P0")
        faults.reach("P1")
        os._exit(0)
    finally:
        os._exit(1)  # the server was killed under us


def _message(merchant_id: str, number: int, guarantee: str) -> Message:
    return Message(
        template="access_code", stream=Stream.TRANSACTIONAL, guarantee=guarantee, to_address=f"shopper{number}@example.com",
        context={"code": "123 456", "minutes": 10}, dedupe_key=key_of(merchant_id, number), due_at=clock.business_now(),
    )  # fmt: skip
