"""What an order is to expect: messages that are planned, and those that what waits would lead to next."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from notifications.definition import Send
from notifications.explain.ahead import Hinge, ahead
from notifications.models import Enrolment, Message
from notifications.plans import plan_of
from notifications.questions import WAITING
from notifications.sights import Sights
from notifications.walk import Parked
from orders.models import Order

MOST = 100  # enrolments of an order that are looked at; a parcel is in a few flows


@dataclass(frozen=True)
class Expected:
    """A message to come. `message` where it is planned already; else `earliest`, None where it hangs on what `under` names."""

    flow: str  # its key
    flow_name: str
    version: int | None
    step: str
    template: str
    channel: str
    stream: str
    shipment_id: UUID | None
    message: Message | None
    earliest: datetime | None
    under: tuple[Hinge, ...] = ()


def expected(order: Order) -> list[Expected]:
    """Everything to come for an order, by time; what hangs on something comes last. A fixed number of queries."""
    planned = list(Message.objects.filter(order=order, state__in=WAITING).select_related("flow", "enrolment__version").order_by("due_at"))
    found = [_planned(message) for message in planned]
    rows = Enrolment.objects.filter(order=order, state=Enrolment.ACTIVE).select_related("flow", "version", "order").order_by("entered_at")
    active = [row for row in rows[:MOST] if row.node and row.flow.enabled]
    if active:
        plans = {row.pk: plan_of(row.version_id) for row in active}
        sights, at = Sights({order.pk: order}, plans.values()), {one.enrolment_id: one for one in planned}
        for row in active:
            found += _of(row, sights, at.get(row.pk))
    known, last = [one for one in found if one.earliest], [one for one in found if not one.earliest]
    return [*sorted(known, key=lambda one: cast(datetime, one.earliest)), *last]


def _planned(message: Message) -> Expected:
    row = message.enrolment
    return Expected(
        flow=message.flow.key if message.flow else "", flow_name=message.flow.name if message.flow else "",
        version=row.version.number if row else None, step=message.node, template=message.template, channel=message.channel,
        stream=message.stream, shipment_id=message.shipment_id, message=message, earliest=message.due_at,
    )  # fmt: skip


def _of(row: Enrolment, sights: Sights, planned: Message | None) -> list[Expected]:
    plan, sight = plan_of(row.version_id), sights.of(row)
    if planned:  # what follows it counts from when it goes
        sight = replace(sight, now=max(sight.now, planned.due_at))
    parked = None if planned else Parked(row.wake_at)
    coming = ahead(plan, row.node, sight, flow=row.flow.key, parked=parked)
    if isinstance(plan.step(row.node), Send):
        coming = coming[1:]  # it is planned, or going out
    return [
        Expected(
            flow=row.flow.key, flow_name=row.flow.name, version=row.version.number, step=one.step.id, template=one.step.template,
            channel=one.step.channel, stream=plan.stream, shipment_id=row.shipment_id, message=None, earliest=one.earliest, under=one.under,
        )
        for one in coming
    ]  # fmt: skip
