"""Send what is due: claim, prepare, hand over. The guarantee of each step stands in docs/sending.md."""

import logging
import uuid
from collections.abc import Iterator
from itertools import chain

from django.conf import settings
from django.db.models import F

from integrations.senders.base import Reply, Result, Sender
from integrations.senders.choose import sender as sender_for
from integrations.senders.sms.choose import sender as texter_for
from notifications import claim
from notifications.ledger import Ledger
from notifications.models import Attempt, Message, SmsAccount, SmsProvider, State
from notifications.prepare import Prepared, prepare
from postpurchase.events import bus
from postpurchase.events.catalogue import MessageInDoubt
from postpurchase.lib import clock, faults
from postpurchase.tenancy.scope import in_merchant

log = logging.getLogger(__name__)
Found = claim.Found

RENEW_AFTER = 20.0  # seconds of machine time; a third of the lease
FIRST = 50  # messages claimed before it is known how fast they go
SPAN = 0.5  # seconds of machine time that a claim's messages should take
PORTION = 100  # messages of a merchant made ready at once
BEFORE_INTENT = (Result.LATER, Result.REFUSED)


def drain(sender: Sender | None = None, *, most_batches: int = 10_000, batch: int = claim.BATCH) -> int:
    """Send until nothing is due. Returns how many messages were taken. A sender of its own per call, which keeps its connections."""
    mine, claims, taken, size = sender or sender_for(settings.EMAIL_URL), claim.Claims(), 0, min(batch, FIRST)
    try:
        for _ in range(most_batches):
            since = clock.monotonic()
            token, found = claims.take(size)
            faults.reach("P2")
            if not found:
                break
            send_batch(found, token, mine)
            count = sum(map(len, found.values()))
            taken += count
            size = _next_size(count, clock.monotonic() - since, most=batch, least=min(batch, FIRST))
    finally:
        if sender is None:
            mine.close()
    return taken


def _next_size(count: int, seconds: float, *, most: int, least: int) -> int:
    """As many as go out in SPAN: what has come due since waits no longer, however slow the mail server is."""
    return max(least, min(most, int(count / max(seconds, 0.001) * SPAN)))


def send_batch(found: Found, token: uuid.UUID, sender: Sender) -> None:
    """Decide on and hand over claimed messages, a window at a time."""
    ledger, since = Ledger(token), clock.monotonic()
    texts: list[Prepared] = []
    for window, through in chain(((one, sender) for one in _windows(found, token, sender, texts)), _of_texts(texts, sender)):
        if clock.monotonic() - since > RENEW_AFTER:
            _renew(found, token)
            since = clock.monotonic()
        _hand_over(window, ledger, through)
    ledger.flush()
    faults.reach("P7")


def _of_texts(texts: list[Prepared], post: Sender) -> Iterator[tuple[list[Prepared], Sender]]:
    """The same for text messages, each merchant's by their own account."""
    accounts: dict[uuid.UUID, SmsAccount] = {one.texting.pk: one.texting for one in texts if one.texting}
    for account in accounts.values():
        through = texter_for(account.provider, account.account_sid, account.token, post)
        mine = [one for one in texts if one.texting and one.texting.pk == account.pk]
        while mine:
            yield mine[: through.width], through
            mine = mine[through.width :]
        if account.provider != SmsProvider.SINK:  # whose connections are the mails'
            through.close()


def _windows(found: Found, token: uuid.UUID, sender: Sender, texts: list[Prepared]) -> Iterator[list[Prepared]]:
    """As many at once as the sender takes. The smallest share goes first, and what is ready leaves before many more are made ready:
    one message need not wait for hundreds. Text messages are put aside.
    """
    ready: list[Prepared] = []
    for merchant_id, ids in sorted(found.items(), key=lambda share: len(share[1])):
        for start in range(0, len(ids), PORTION):
            portion = ids[start : start + PORTION]
            if ready and len(ready) + len(portion) > sender.width:
                yield ready
                ready = []
            ready += _mails(prepare(merchant_id, portion, token), texts)
            while len(ready) >= (width := sender.width):
                yield ready[:width]
                ready = ready[width:]
    if ready:
        yield ready


def _mails(made: list[Prepared], texts: list[Prepared]) -> list[Prepared]:
    aside = [one for one in made if one.texting]
    texts += aside
    return [one for one in made if not one.texting] if aside else made


def _hand_over(window: list[Prepared], ledger: Ledger, sender: Sender) -> None:
    def ready(places: list[int]) -> set[int]:
        leaving = [window[place] for place in places]
        won = ledger.intend([one.message for one in leaving], {one.message.pk: one.ends for one in leaving})
        return {place for place in places if window[place].message.pk in won}

    replies = sender.deliver([one.envelope for one in window], ready)
    told = list(zip(window, replies, strict=True))
    early = [one.message for one, reply in told if reply.result in BEFORE_INTENT and one.message.pk not in ledger.intended]
    if early:
        ledger.intend(early)  # a refusal before intent is a try as well, and its row needs one
    for one, reply in told:
        ledger.outcome(one.message, reply, one.checks)
    _tell(told)


def _tell(told: list[tuple[Prepared, Reply]]) -> None:
    sent = [str(one.message.pk) for one, reply in told if reply.result == Result.SENT]
    if sent:
        log.info("sent", extra={"message_ids": sent})
    for one, reply in told:
        if reply.result not in (Result.SENT, Result.FENCED):
            facts = {
                "message_id": str(one.message.pk),
                "merchant": str(one.message.merchant_id),
                "result": reply.result,
                "reply": reply.text,
            }
            log.warning("not sent", extra=facts)


def _renew(found: Found, token: uuid.UUID) -> None:
    for merchant_id, ids in found.items():
        with in_merchant(merchant_id):
            held = Message.objects.filter(pk__in=ids, lease_token=token, state=State.CLAIMED)
            held.update(lease_until=F("lease_until") + claim.LEASE)


def rescue() -> int:
    """Put dead workers' messages back, and list those in doubt. Returns how many came into doubt."""
    doubts = {m: [pk for pk, state in rows if state == State.UNKNOWN] for m, rows in claim.rescue().items()}
    for merchant_id, ids in doubts.items():
        with in_merchant(merchant_id):
            _tell_doubt(ids)
    return sum(map(len, doubts.values()))


def _tell_doubt(ids: list[uuid.UUID]) -> None:
    reply = "the worker stopped before it had the server's answer"
    tries = Attempt.objects.filter(message__in=ids, finished_at=None)
    tries.update(outcome=Result.LOST, reply=reply, finished_at=clock.machine_now())
    found = Message.objects.filter(pk__in=ids)
    bus.publish_all(MessageInDoubt(message_id=row.pk, order_id=row.order_id) for row in found)
