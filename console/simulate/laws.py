"""What must be so when a world has run: every visit decided once, nothing sent twice, projections that follow from their facts."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings

from console.simulate.post import Post
from notifications.definition import Send
from notifications.models import Attempt, Decision, Enrolment, Message, State
from notifications.plans import plan_of
from orders.models import Order
from postpurchase.events.models import DomainEvent
from postpurchase.lib import clock
from tracking.models import Shipment

ENDED = {State.SENT: "send", State.SKIPPED: "skip", State.EXPIRED: "expire", State.CANCELLED: "cancel", State.FAILED: "fail"}


def broken(post: Post) -> Iterator[str]:
    """The laws that the merchant in scope has broken."""
    yield from _messages(post)
    yield from _visits()
    if DomainEvent.objects.filter(relayed_at=None).exists():
        yield "facts were left unrelayed"
    if Enrolment.objects.filter(state=Enrolment.ACTIVE, wake_at__lte=clock.business_now()).exists():
        yield "steps that were due did not go on"


def _messages(post: Post) -> Iterator[str]:
    tried = Counter(Attempt.objects.values_list("message_id", flat=True))
    for row in Message.objects.all():
        copies = post.copies[row.message_id(settings.EMAIL_FROM_DOMAIN)]
        if copies > 1:
            yield f"{row.template} was sent {copies} times"
        if copies and row.state not in (State.SENT, State.UNKNOWN):
            yield f"{row.template} was sent and is {row.state}"
        if not copies and row.state == State.SENT:
            yield f"{row.template} is called sent and was not"
        if row.state == State.UNKNOWN and not tried[row.pk]:
            yield f"{row.template} is in doubt without a try"
        if row.state in (State.CLAIMED, State.HANDING):
            yield f"{row.template} was left {row.state}"


def _visits() -> Iterator[str]:
    """Each step that an enrolment passed has one decision; the one where it stands has none yet."""
    decided: dict[tuple[UUID | None, str], str] = {(row.enrolment_id, row.node): row.verdict for row in Decision.objects.all()}
    for message in Message.objects.exclude(enrolment=None):
        verdict = decided.get((message.enrolment_id, message.node))
        wanted = ENDED.get(State(message.state))
        if verdict != wanted and message.reason != "the person was erased":
            yield f"{message.template} is {message.state} ({message.reason}) and its visit is {verdict}"
    for row in Enrolment.objects.filter(state=Enrolment.ACTIVE):
        step = plan_of(row.version_id).step(row.node)
        if not isinstance(step, Send) and (row.pk, row.node) in decided:
            yield f"somebody stands at {row.node}, which is decided"


def story() -> Iterator[str]:
    """What happened to the merchant in scope, in words without ids: the same seed tells the same."""
    orders = dict(Order.objects.values_list("pk", "number"))
    for row in Message.objects.all():
        put_off = ",".join(f"{one['why']}@{one['until']}" for one in row.put_off)
        yield f"{orders.get(row.order_id)} {row.node} {row.template} {row.due_at} {row.sent_at} {row.state} {row.reason} {put_off}"  # type: ignore[arg-type]
    for one in Decision.objects.select_related("enrolment"):
        yield f"{orders.get(one.enrolment.order_id)} {one.node} {one.verdict} {one.reason} {one.decided_at}"
    for parcel in Shipment.objects.all():
        yield f"{parcel.number} {parcel.status} {parcel.substatus} {parcel.delivered_at} {sorted(parcel.health)}"
