"""Writes down where enrolments came to rest: messages, decisions, tags, what is told. A few statements for any number."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from notifications import language, wake
from notifications.definition import Definition, Send, Tag, Tell
from notifications.models import Channel, Decision, Enrolment, Message
from notifications.plans import name_of
from notifications.sights import Sights
from notifications.sms import phones
from notifications.walk import Parked, Rest, Visit, walk_past
from orders.models import Customer, Order
from postpurchase.events import bus
from postpurchase.events.catalogue import Fact, FlowTold, FlowToldTeam
from postpurchase.lib.ids import uuid7


@dataclass(frozen=True)
class Ended:
    """A message that will not be sent: the verdict on its step (skip, expire, fail, cancel), the reason, and what was asked."""

    message: Message
    verdict: str
    reason: str
    checks: list[dict[str, Any]]


class Pen:
    """One batch of enrolments that go on."""

    def __init__(self, orders: dict[UUID, Order], plans: Iterable[Definition]) -> None:
        self.orders, self.sights = orders, Sights(orders, plans)
        self.speech = language.of_many(orders.values(), self.sights.brand)
        self.messages: list[Message] = []
        self.visits: list[tuple[Enrolment, Visit]] = []
        self.tags: list[tuple[Order, Tag]] = []
        self.facts: list[Fact] = []

    def go(self, row: Enrolment, plan: Definition, node: str, parked: Parked | None = None, done: frozenset[str] = frozenset()) -> None:
        """Let an enrolment go on from a step ('' is the end) to where it rests next. `done`: steps whose visit is over already, which an
        edited flow may lead to again; messages are not sent twice.
        """
        sight = self.sights.of(row)
        rest = walk_past(plan, node, sight, done, flow=name_of(row.flow_id), parked=parked)
        self._note(row, rest)
        row.node, row.wake_at = rest.node, rest.wake
        if rest.over:
            row.state = Enrolment.FINISHED
        if rest.send:
            self.messages.append(self._message(row, rest.send, rest, plan))

    def _note(self, row: Enrolment, rest: Rest) -> None:
        order = self.orders[row.order_id]
        self.visits += [(row, visit) for visit in rest.visits]
        for act in rest.acts:
            if isinstance(act, Tag):
                self.tags.append((order, act))
            else:
                ids = {"order_id": row.order_id, "enrolment_id": row.pk, "flow_id": row.flow_id, "shipment_id": row.shipment_id}
                self.facts.append(told(act, **ids))

    def _message(self, row: Enrolment, step: Send, rest: Rest, plan: Definition) -> Message:
        order = self.orders[row.order_id]
        return Message(
            pk=uuid7(), enrolment=row, flow_id=row.flow_id, node=step.id, order=order, shipment_id=row.shipment_id,
            customer_id=order.customer_id, locale=self.speech[order.pk], test=order.test, due_at=rest.due, expires_at=rest.expires,
            dedupe_key=f"flow:{row.flow_id}:{step.id}:{row.subject}", **self.of_step(order, step, plan),
        )  # fmt: skip

    def of_step(self, order: Order, step: Send, plan: Definition) -> dict[str, Any]:
        """What a message has from its step: an edited flow may give those that wait another."""
        return {
            "template": step.template, "stream": plan.stream, "guarantee": step.guarantee, "channel": step.channel,
            "to_address": address_of(order, step.channel), "priority": step.priority,
        }  # fmt: skip

    def save(self, keep: Callable[[], object]) -> None:
        """Write everything. `keep` writes the enrolments, which the rest points to; if a message is due, it is sent soon."""
        keep()
        Message.objects.bulk_create(self.messages)
        if self.visits:
            note([Decision(enrolment=row, node=one.node, verdict=one.verdict, reason=one.reason[:80]) for row, one in self.visits])
        _tag(self.tags)
        bus.publish_all(self.facts)
        if any(message.due_at <= self.sights.now for message in self.messages):
            wake.sender()


def address_of(order: Any, channel: str) -> str:
    """Where the order's messages by that channel go; '' where there is nowhere."""
    return phones.e164(order.phone, order.ship_country) if channel == Channel.SMS else order.email or ""


def told(act: Tell, **ids: UUID | None) -> FlowTold:
    """The fact that a step has something to say. `ids`: order_id, enrolment_id, flow_id, shipment_id."""
    kind = FlowToldTeam if act.to == "team" else FlowTold
    return kind(step=act.id, text=act.text, **ids)  # type: ignore[arg-type]


def tagged(tags: Iterable[str], act: Tag) -> list[str]:
    """A customer's tags after a step has put some on and taken some off."""
    return sorted((set(tags) | set(act.add)) - set(act.remove))


def _tag(tags: list[tuple[Order, Tag]]) -> None:
    wanted = {order.customer_id for order, _ in tags if order.customer_id}
    people = {row.pk: row for row in Customer.objects.filter(pk__in=wanted).order_by("pk").select_for_update()} if wanted else {}
    for order, act in tags:
        if person := people.get(order.customer_id):  # type: ignore[arg-type]
            person.tags = tagged(person.tags, act)
    Customer.objects.bulk_update(people.values(), ["tags"])


def note(rows: Iterable[Decision]) -> None:
    """Record how visits to steps ended. The first word stands."""
    Decision.objects.bulk_create(rows, ignore_conflicts=True)


def note_ended(ended: Iterable[Ended]) -> None:
    """Record why messages were not sent."""
    note(
        Decision(
            enrolment_id=one.message.enrolment_id, node=one.message.node, message=one.message, verdict=one.verdict, reason=one.reason,
            checks=one.checks,
        )
        for one in ended
        if one.message.enrolment_id
    )  # fmt: skip
