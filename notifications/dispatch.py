"""Send what is due: claim, decide, render, hand over. The guarantee of each step stands in docs/sending.md."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F

from integrations.senders.base import Envelope, Result, Sender
from integrations.senders.choose import sender as sender_for
from notifications import claim, flows
from notifications.cases import Case, load
from notifications.guards import decide
from notifications.ledger import Ledger
from notifications.models import Attempt, Enrolment, FlowVersion, Message, MessageBody, State, Stream
from notifications.placeholders import unsubscribe_url
from notifications.render import Rendered, packed, render
from postpurchase.events import bus
from postpurchase.events.catalogue import MessageInDoubt
from postpurchase.lib import clock, faults
from postpurchase.tenancy.scope import in_merchant

RENEW_AFTER = 20.0  # seconds of machine time; a third of the lease
VERDICT_STATE = {"skip": State.SKIPPED, "expire": State.EXPIRED, "fail": State.FAILED}


@dataclass(frozen=True)
class Prepared:
    """A message that passed its guards, drawn and ready to hand over."""

    message: Message
    envelope: Envelope
    checks: list[dict[str, Any]]


def drain(sender: Sender | None = None, *, most_batches: int = 10_000, batch: int = claim.BATCH) -> int:
    """Send until nothing is due. Returns how many messages were taken. A sender of its own per call: one connection, kept."""
    mine, taken = sender or sender_for(settings.EMAIL_URL), 0
    try:
        for _ in range(most_batches):
            token, found = claim.claim(batch)
            faults.reach("P2")
            for merchant_id, ids in sorted(found.items(), key=lambda share: len(share[1])):  # one message need not wait for fifty
                taken += len(ids)
                send_batch(merchant_id, ids, token, mine)
            if not found:
                break
    finally:
        if sender is None:
            mine.close()
    return taken


def send_batch(merchant_id: uuid.UUID, ids: list[uuid.UUID], token: uuid.UUID, sender: Sender) -> None:
    """Decide on and hand over one merchant's claimed messages."""
    prepared = prepare(merchant_id, ids, token)
    ledger, since = Ledger(merchant_id, token), clock.monotonic()
    for index, one in enumerate(prepared):
        if clock.monotonic() - since > RENEW_AFTER:
            _renew(merchant_id, [later.message.pk for later in prepared[index:]], token)
            since = clock.monotonic()
        reply = sender.deliver(one.envelope, lambda one=one: ledger.intent(one.message))  # type: ignore[misc]
        if reply.result in (Result.LATER, Result.REFUSED) and one.message.pk not in ledger.intended:
            ledger.intent(one.message)  # a refusal before intent is a try as well, and its row needs one
        ledger.outcome(one.message, reply, one.checks)
    ledger.flush()
    faults.reach("P7")


def prepare(merchant_id: uuid.UUID, ids: list[uuid.UUID], token: uuid.UUID) -> list[Prepared]:
    """Guards, then rendering, in one transaction that holds no network. What is not to be sent ends here, with its reason."""
    with in_merchant(merchant_id):
        mine = Message.objects.filter(pk__in=ids, lease_token=token, state=State.CLAIMED)
        messages = list(mine.select_related("enrolment").order_by("due_at", "id"))
        _name_flows([message.enrolment for message in messages if message.enrolment])
        prepared = [done for case in load(messages) if (done := _prepare(case))]
        MessageBody.objects.bulk_create(
            [_body(one) for one in prepared],
            update_conflicts=True,
            unique_fields=["merchant", "message"],
            update_fields=["html", "text"],
        )
    return prepared


def _name_flows(enrolments: list[Enrolment]) -> None:
    """Give enrolments their version and flow; a batch shares a few."""
    versions = FlowVersion.objects.select_related("flow").in_bulk({enrolment.version_id for enrolment in enrolments})
    for enrolment in enrolments:
        enrolment.version = versions[enrolment.version_id]
        enrolment.flow = enrolment.version.flow


def _prepare(case: Case) -> Prepared | None:
    verdict, reason, checks = decide(case)
    if verdict == "send":
        try:
            drawn = render(case)
        except Exception as error:  # a template that cannot be drawn must not hold up the batch
            verdict, reason = "fail", f"template: {error}"[:80]
        else:
            case.message.subject = drawn.subject
            return Prepared(case.message, envelope(case, drawn), checks)
    Message.objects.filter(pk=case.message.pk, state=State.CLAIMED).update(
        state=VERDICT_STATE[verdict], reason=reason, lease_token=None, lease_until=None
    )
    flows.decide(case.message, verdict, reason, checks)
    flows.move_on([case.message.pk])
    return None


def envelope(case: Case, drawn: Rendered) -> Envelope:
    """Who it is from and to, and the headers its stream asks for (RFC 8058 for marketing)."""
    brand, message = case.brand, case.message
    prefix = "news" if message.stream == Stream.MARKETING else "orders"
    domain = settings.EMAIL_FROM_DOMAIN
    headers = {"X-Entity-Ref-ID": str(message.pk), "Auto-Submitted": "auto-generated"}
    if message.stream == Stream.MARKETING:
        headers |= {"List-Unsubscribe": f"<{unsubscribe_url(case)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return Envelope(
        sender=brand.sender_email or f"{prefix}@{domain}",
        sender_name=brand.sender_name or brand.name,
        to=message.to_address,
        subject=drawn.subject,
        text=drawn.text,
        html=drawn.html,
        message_id=message.message_id(domain),
        headers=headers,
        key=str(message.pk),
        reply_to=brand.support_email,
    )


def _body(one: Prepared) -> MessageBody:
    return MessageBody(message=one.message, html=packed(one.envelope.html), text=packed(one.envelope.text))


def _renew(merchant_id: uuid.UUID, ids: list[uuid.UUID], token: uuid.UUID) -> None:
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
