"""The engine: facts enrol orders and parcels in flows, move them on, and take them out again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from notifications import definition, timing
from notifications.definition import Definition, Send, Wait
from notifications.models import Decision, Enrolment, Flow, Message, State
from orders.models import Order
from postpurchase.events.catalogue import Fact
from postpurchase.jobs import nudge
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand
from postpurchase.tenancy.scope import merchant_id
from tracking.models import Shipment

USE_DAYS = 14
OPEN = (State.DUE, State.CLAIMED)


def route(fact: Fact) -> None:
    """Let a fact end what it ends and start what it starts."""
    if fact.order_id is None:
        return
    cancel_for(fact)
    flows = Flow.objects.filter(enabled=True, live__definition__triggers__contains=[{"event": fact.kind}]).select_related("live")
    for flow in flows.order_by("position"):
        plan = definition.read(flow.live.definition)
        if any(trigger.event == fact.kind and matches(trigger.where, fact) for trigger in plan.triggers):
            enrol(flow, plan, fact)


def matches(where: dict[str, list[str | bool]], fact: Fact) -> bool:
    """Whether each named field of the fact has one of the listed values."""
    return all(getattr(fact, field, None) in values for field, values in where.items())


def enrol(flow: Flow, plan: Definition, fact: Fact) -> Enrolment | None:
    """Put the fact's order or parcel into the flow, once; None if it is or was in it already."""
    shipment_id: UUID | None = getattr(fact, "shipment_id", None)
    subject = fact.order_id if plan.key == "order" else shipment_id
    if subject is None or fact.order_id is None:
        return None
    order = Order.objects.get(pk=fact.order_id)
    shipment = Shipment.objects.get(pk=shipment_id) if shipment_id else None
    enrolment, fresh = Enrolment.objects.get_or_create(
        flow=flow,
        subject=subject,
        defaults={"version": flow.live, "order": order, "shipment": shipment, "trigger_at": began_at(fact, order, shipment)},
    )
    if not fresh:
        return None
    enrolment.order, enrolment.shipment = order, shipment
    advance(enrolment, plan)
    return enrolment


def began_at(fact: Fact, order: Order, shipment: Shipment | None) -> datetime:
    """When the thing itself happened, which may be long before we were told."""
    told = getattr(fact, "at", None)
    if isinstance(told, datetime):
        return told
    if fact.kind == "order.placed":
        return order.placed_at
    if fact.kind == "shipment.created" and shipment:
        return shipment.shipped_at or shipment.created_at
    return clock.business_now()


def advance(enrolment: Enrolment, plan: Definition) -> Message | None:
    """Write the next message of an enrolment, due when the waits before it end; or finish it."""
    due, brand = clock.business_now(), Brand.objects.order_by("id")[0]
    for step in plan.after(enrolment.node):
        if isinstance(step, Wait):
            due = max(due, _wait_ends(step, enrolment, brand))
            continue
        return _write(step, enrolment, plan, due, brand)
    Enrolment.objects.filter(pk=enrolment.pk).update(state=Enrolment.FINISHED)
    return None


def _wait_ends(step: Wait, enrolment: Enrolment, brand: Brand) -> datetime:
    days = _use_days(enrolment.order, step.days) if step.use_days else step.days
    return timing.after(_anchor(step.anchor, enrolment), timing.zone(brand.time_zone), days=days, minutes=step.minutes, at=step.at)


def _anchor(name: str, enrolment: Enrolment) -> datetime:
    order = enrolment.order
    found = {"placed": order.placed_at, "delivered": order.delivered_at, "trigger": enrolment.trigger_at}[name]
    return found or enrolment.trigger_at


def _use_days(order: Order, otherwise: int) -> int:
    told = [days for days in order.lines.filter(removed_at=None).values_list("use_days", flat=True) if days is not None]
    return max(told, default=otherwise or USE_DAYS)


def _write(step: Send, enrolment: Enrolment, plan: Definition, due: datetime, brand: Brand) -> Message:
    order = enrolment.order
    late = step.useless_after_hours
    start = max(due, _anchor(step.anchor, enrolment)) if _waited(plan, step) else _anchor(step.anchor, enrolment)
    message, _ = Message.objects.get_or_create(
        dedupe_key=f"flow:{enrolment.flow_id}:{step.id}:{enrolment.subject}",
        defaults={
            "enrolment": enrolment, "flow_id": enrolment.flow_id, "node": step.id, "order": order, "shipment_id": enrolment.shipment_id,
            "customer_id": order.customer_id, "template": step.template, "stream": plan.stream, "guarantee": step.guarantee,
            "to_address": order.email, "locale": order.locale or brand.locale, "test": order.test, "due_at": due,
            "expires_at": timing.after(start, timing.zone("UTC"), minutes=late * 60) if late else None,
        },
    )  # fmt: skip
    Enrolment.objects.filter(pk=enrolment.pk).update(node=step.id)
    if due <= clock.business_now():
        nudge.after_commit("notifications.tasks.send_soon", merchant_id())
    return message


def _waited(plan: Definition, step: Send) -> bool:
    return any(isinstance(before, Wait) for before in plan.steps[: plan.steps.index(step)])


def cancel_for(fact: Fact) -> None:
    """Take the fact's order out of every flow that this kind of fact ends."""
    if fact.order_id is None:
        return
    ended = Enrolment.objects.filter(order_id=fact.order_id, state=Enrolment.ACTIVE, version__definition__cancel_on__contains=[fact.kind])
    for enrolment in ended:
        leave(enrolment, fact.kind)


def leave(enrolment: Enrolment, because: str) -> None:
    """End an enrolment early: what is planned and not yet being handed over is cancelled, with the reason."""
    Enrolment.objects.filter(pk=enrolment.pk).update(state=Enrolment.LEFT, left_because=because)
    waiting = Message.objects.filter(enrolment=enrolment, state__in=OPEN)
    for message in waiting.select_for_update():
        Message.objects.filter(pk=message.pk).update(state=State.CANCELLED, reason=because, lease_token=None, lease_until=None)
        decide(message, "cancel", because, [])


def decide(message: Message, verdict: str, reason: str, checks: list[dict[str, Any]]) -> None:
    """Record why a visit to a step ended. The first word stands."""
    if message.enrolment_id:
        Decision.objects.get_or_create(
            enrolment_id=message.enrolment_id,
            node=message.node,
            defaults={"message": message, "verdict": verdict, "reason": reason, "checks": checks},
        )


def move_on(message: Message) -> None:
    """A message's step is over: go on to the next step, or finish."""
    enrolment = message.enrolment
    if enrolment and enrolment.state == Enrolment.ACTIVE and enrolment.node == message.node:
        advance(enrolment, definition.read(enrolment.version.definition))
