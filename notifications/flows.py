"""The engine: facts enrol orders and parcels in flows, move them on, and take them out again. In batches: a fact alone is one of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from notifications import definition, language, timing, wake
from notifications.definition import Definition, Send, Wait
from notifications.models import Decision, Enrolment, Flow, FlowVersion, Message, State
from orders.models import Line, Order
from postpurchase.events.catalogue import Fact
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.models import Brand
from tracking import zones
from tracking.models import Shipment

USE_DAYS = 14
OPEN = (State.DUE, State.CLAIMED, State.HELD)


@dataclass(frozen=True)
class Entry:
    """A fact that may put its subject into a flow."""

    flow_id: UUID
    version_id: UUID
    plan: Definition
    subject: UUID
    fact: Fact


@dataclass(frozen=True)
class Ended:
    """A message that will not be sent: the verdict on its step (skip, expire, fail, cancel), the reason, and what was asked."""

    message: Message
    verdict: str
    reason: str
    checks: list[dict[str, Any]]


def route(facts: Iterable[Fact]) -> None:
    """Let facts start what they start, then end what they end. Facts that belong to no order do neither."""
    mine = [fact for fact in facts if fact.order_id is not None]
    if mine:
        enrol(list(_entries(mine)))
        cancel_for(mine)


@lru_cache(maxsize=4096)
def plan_of(version_id: UUID) -> Definition:
    """The definition of a version. Versions never change, so a process reads each once."""
    return definition.read(FlowVersion.objects.values_list("definition", flat=True).get(pk=version_id))


def _entries(facts: list[Fact]) -> Iterable[Entry]:
    flows = list(Flow.objects.filter(enabled=True, live__isnull=False).order_by("position").values_list("pk", "live_id"))
    for fact in facts:
        for flow_id, version_id in flows:
            plan = plan_of(version_id)
            subject = fact.order_id if plan.key == "order" else getattr(fact, "shipment_id", None)
            starts = any(trigger.event == fact.kind and matches(trigger.where, fact) for trigger in plan.triggers)
            if starts and subject:
                yield Entry(flow_id, version_id, plan, subject, fact)


def matches(where: dict[str, list[str | bool]], fact: Fact) -> bool:
    """Whether each named field of the fact has one of the listed values."""
    return all(getattr(fact, field, None) in values for field, values in where.items())


def enrol(entries: list[Entry]) -> list[Enrolment]:
    """Put orders and parcels into flows, once each, and write the first message of each enrolment."""
    fresh = _unknown(entries)
    if not fresh:
        return []
    orders = Order.objects.in_bulk({entry.fact.order_id for entry in fresh})
    shipments = Shipment.objects.in_bulk({pk for entry in fresh if (pk := getattr(entry.fact, "shipment_id", None))})
    writer = _Writer(orders)
    made = [writer.enrolment(entry, orders, shipments) for entry in fresh]
    Enrolment.objects.bulk_create(made)
    writer.save()
    return made


def _unknown(entries: list[Entry]) -> list[Entry]:
    """Entries whose subject has never been in the flow, the first of each."""
    known = set(Enrolment.objects.filter(subject__in={entry.subject for entry in entries}).values_list("flow_id", "subject"))
    fresh: dict[tuple[UUID, UUID], Entry] = {}
    for entry in entries:
        if (entry.flow_id, entry.subject) not in known:
            fresh.setdefault((entry.flow_id, entry.subject), entry)
    return list(fresh.values())


def _use_days(orders: dict[UUID, Order]) -> dict[UUID, int]:
    """The longest days of use among each order's lines; absent where no line has any."""
    found: dict[UUID, int] = {}
    lines = Line.objects.filter(order__in=orders, removed_at=None, use_days__isnull=False)
    for order_id, days in lines.values_list("order_id", "use_days"):
        found[order_id] = max(days or 0, found.get(order_id, 0))
    return found


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


class _Writer:
    """Writes enrolments' next messages, all in one statement at the end."""

    def __init__(self, orders: dict[UUID, Order]) -> None:
        self.brand, self.use_days, self.now = Brand.objects.order_by("id")[0], _use_days(orders), clock.business_now()
        self.speech = language.of_many(orders.values(), self.brand)
        self.messages: list[Message] = []

    def enrolment(self, entry: Entry, orders: dict[UUID, Order], shipments: dict[UUID, Shipment]) -> Enrolment:
        """A new enrolment, waiting at its first send."""
        fact, order = entry.fact, orders[entry.fact.order_id]  # type: ignore[index]
        shipment = shipments.get(getattr(fact, "shipment_id", None))  # type: ignore[arg-type]
        began = began_at(fact, order, shipment)
        row = Enrolment(
            flow_id=entry.flow_id, version_id=entry.version_id, subject=entry.subject, order=order, shipment=shipment, trigger_at=began
        )
        self.next_step(row, entry.plan)
        return row

    def next_step(self, row: Enrolment, plan: Definition) -> None:
        """Plan the message that comes next; with none left the enrolment is finished."""
        due = self.now
        for step in plan.after(row.node):
            if isinstance(step, Send):
                self.messages.append(self._message(row, step, plan, due))
                row.node = step.id
                return
            due = max(due, self._wait_ends(step, row))
        row.state = Enrolment.FINISHED

    def _wait_ends(self, step: Wait, row: Enrolment) -> datetime:
        days = self.use_days.get(row.order_id, step.days or USE_DAYS) if step.use_days else step.days
        return timing.after(anchor(step.anchor, row), zones.named(self.brand.time_zone), days=days, minutes=step.minutes, at=step.at)

    def _message(self, row: Enrolment, step: Send, plan: Definition, due: datetime) -> Message:
        order, late = row.order, step.useless_after_hours
        waited = any(isinstance(before, Wait) for before in plan.steps[: plan.steps.index(step)])
        start = max(due, anchor(step.anchor, row)) if waited else anchor(step.anchor, row)
        return Message(
            pk=uuid7(), enrolment=row, flow_id=row.flow_id, node=step.id, order=order, shipment_id=row.shipment_id,
            customer_id=order.customer_id, template=step.template, stream=plan.stream, guarantee=step.guarantee, to_address=order.email,
            locale=self.speech[order.pk], test=order.test, due_at=due, dedupe_key=f"flow:{row.flow_id}:{step.id}:{row.subject}",
            expires_at=start + timedelta(hours=late) if late else None,
        )  # fmt: skip

    def save(self) -> None:
        """Write the messages; if one is due, have it sent soon."""
        Message.objects.bulk_create(self.messages)
        if any(message.due_at <= self.now for message in self.messages):
            wake.sender()


def anchor(name: str, row: Enrolment) -> datetime:
    """The moment that waits count from; the trigger's where the named one has not come."""
    found = {"placed": row.order.placed_at, "delivered": row.order.delivered_at, "trigger": row.trigger_at}[name]
    return found or row.trigger_at


def cancel_for(facts: list[Fact]) -> None:
    """Take orders out of every flow that one of the facts ends."""
    active = Enrolment.objects.filter(order_id__in={fact.order_id for fact in facts}, state=Enrolment.ACTIVE)
    ends: dict[UUID, str] = {}
    for pk, order_id, version_id in active.values_list("pk", "order_id", "version_id"):
        stops = set(plan_of(version_id).cancel_on)
        because = next((fact.kind for fact in facts if fact.order_id == order_id and fact.kind in stops), "")
        if because:
            ends[pk] = because
    for enrolment in Enrolment.objects.filter(pk__in=ends):
        leave(enrolment, ends[enrolment.pk])


def leave(enrolment: Enrolment, because: str) -> None:
    """End an enrolment early: what is planned and not yet being handed over is cancelled, with the reason."""
    Enrolment.objects.filter(pk=enrolment.pk).update(state=Enrolment.LEFT, left_because=because)
    waiting = Message.objects.filter(enrolment=enrolment, state__in=OPEN)
    for message in waiting.select_for_update():
        Message.objects.filter(pk=message.pk).update(state=State.CANCELLED, reason=because, lease_token=None, lease_until=None)
        decide([Ended(message, "cancel", because, [])])


def decide(ended: Iterable[Ended]) -> None:
    """Record why visits to steps ended. The first word stands."""
    rows = [
        Decision(
            enrolment_id=one.message.enrolment_id,
            node=one.message.node,
            message=one.message,
            verdict=one.verdict,
            reason=one.reason,
            checks=one.checks,
        )
        for one in ended
        if one.message.enrolment_id
    ]
    Decision.objects.bulk_create(rows, ignore_conflicts=True)


def move_on(messages: Iterable[UUID]) -> None:
    """The steps of these messages are over: their enrolments go on to the next step, or finish."""
    ids = list(messages)
    waiting = Enrolment.objects.filter(messages__in=ids, state=Enrolment.ACTIVE).select_related("order").distinct()
    nodes = dict(Message.objects.filter(pk__in=ids).values_list("enrolment_id", "node"))
    here = [row for row in waiting if row.node == nodes[row.pk]]
    over = [row for row in here if not plan_of(row.version_id).after(row.node)]
    Enrolment.objects.filter(pk__in=[row.pk for row in over]).update(state=Enrolment.FINISHED)
    going = [row for row in here if row not in over]
    if going:
        writer = _Writer({row.order_id: row.order for row in going})
        for row in going:
            writer.next_step(row, plan_of(row.version_id))
        Enrolment.objects.bulk_update(going, ["node", "state"])
        writer.save()
