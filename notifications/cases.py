"""A case: a message with everything that guards and templates ask about, loaded for a whole batch in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch

from notifications.consent import consents, suppressed
from notifications.definition import Definition, Send, read
from notifications.models import Message, Stream
from orders.models import Line, Order
from postpurchase.tenancy.models import Brand, Membership
from tracking.models import Shipment, ShipmentLine


@dataclass
class Case:
    """One message about to be decided on."""

    message: Message
    brand: Brand
    order: Order | None = None
    lines: list[Line] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)  # of the order, in the order they were made
    suppressed: frozenset[str] = frozenset()
    consent: bool | None = None
    team: frozenset[str] = frozenset()
    plan: Definition | None = None

    @property
    def shipment(self) -> Shipment | None:
        """The parcel that the message is about; the order's only one if it is about the order."""
        wanted = self.message.shipment_id
        return next((one for one in self.shipments if one.pk == wanted), None)

    @property
    def step(self) -> Send | None:
        """The step that wrote the message; None for a message outside any flow."""
        found = self.plan.step(self.message.node) if self.plan else None
        return found if isinstance(found, Send) else None


def load(messages: Iterable[Message]) -> list[Case]:
    """The cases of messages of the merchant in scope. The number of queries does not depend on how many there are."""
    messages = list(messages)
    brand = Brand.objects.order_by("id")[0]
    orders = _orders({message.order_id for message in messages if message.order_id})
    addresses = {message.to_address for message in messages}
    out = suppressed(addresses)
    asked = consents(message.to_address for message in messages if message.stream == Stream.MARKETING)
    people = team() if any(message.test for message in messages) else frozenset()
    return [_case(message, brand, orders, out, asked, people) for message in messages]


def _case(
    message: Message,
    brand: Brand,
    orders: dict[UUID, Order],
    out: dict[str, set[str]],
    asked: dict[str, bool],
    team: frozenset[str],
) -> Case:
    order = orders.get(message.order_id) if message.order_id else None
    enrolment = message.enrolment
    return Case(
        message=message,
        brand=brand,
        order=order,
        lines=list(order.lines.all()) if order else [],
        shipments=list(order.shipments.all()) if order else [],
        suppressed=frozenset(out.get(message.to_address, ())),
        consent=asked.get(message.to_address),
        team=team,
        plan=read(enrolment.version.definition) if enrolment else None,
    )


def _orders(wanted: set[UUID]) -> dict[UUID, Order]:
    items = Prefetch("shipments__items", ShipmentLine.objects.select_related("line"))
    lines = Prefetch("lines", Line.objects.filter(removed_at=None).order_by("position"))
    shipments = Prefetch("shipments", Shipment.objects.order_by("created_at", "id"))
    found = Order.objects.filter(pk__in=wanted).select_related("customer").prefetch_related(lines, shipments, items)
    return {order.pk: order for order in found}


def team() -> frozenset[str]:
    """The addresses of the people who work for the merchant in scope."""
    return frozenset(Membership.objects.values_list("user__email", flat=True))
