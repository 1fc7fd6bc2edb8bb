"""A case: a message with everything that guards and templates ask about, loaded for a whole batch in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from notifications.consent import consents, suppressed
from notifications.definition import Definition, Send, read
from notifications.models import FlowVersion, Message, Stream
from orders.models import Line, Order
from postpurchase.tenancy.models import Brand, Membership
from tracking.models import Shipment, ShipmentLine

UNSAID = ("extra", "shop_totals", "billing_address", "marketing_consent", "tags")  # columns of orders that no message names
Packed = tuple[Line, int]  # units of a line in a parcel


@dataclass
class Case:
    """One message about to be decided on."""

    message: Message
    brand: Brand
    order: Order | None = None
    lines: list[Line] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)  # of the order, in the order they were made
    packed: dict[UUID, list[Packed]] = field(default_factory=dict)  # what is in each of them
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
    around = _around({message.order_id for message in messages if message.order_id})
    out = suppressed({message.to_address for message in messages})
    asked = consents(message.to_address for message in messages if message.stream == Stream.MARKETING)
    people = team() if any(message.test for message in messages) else frozenset()
    return [
        replace(
            _case(message, around),
            suppressed=frozenset(out.get(message.to_address, ())),
            consent=asked.get(message.to_address),
            team=people,
        )
        for message in messages
    ]


@dataclass
class _Around:
    """What the messages of a batch are about, by id."""

    brand: Brand
    orders: dict[UUID, Order]
    lines: dict[UUID, list[Line]]  # of an order
    shipments: dict[UUID, list[Shipment]]  # of an order
    packed: dict[UUID, list[Packed]]  # of a shipment
    plans: dict[UUID, Definition] = field(default_factory=dict)  # of a flow's version

    def plan(self, version: FlowVersion) -> Definition:
        """What a version says; read once for the batch."""
        if version.pk not in self.plans:
            self.plans[version.pk] = read(version.definition)
        return self.plans[version.pk]


def _around(wanted: set[UUID]) -> _Around:
    """Rows joined here: prefetching makes a query set for each of them, which costs more than the row."""
    lines, shipments, packed = (
        defaultdict[UUID, list[Line]](list),
        defaultdict[UUID, list[Shipment]](list),
        defaultdict[UUID, list[Packed]](list),
    )
    every = {line.pk: line for line in Line.objects.filter(order_id__in=wanted).order_by("position")}
    for line in every.values():
        if line.removed_at is None:
            lines[line.order_id].append(line)
    for shipment in Shipment.objects.filter(order_id__in=wanted).order_by("created_at", "id"):
        shipments[shipment.order_id].append(shipment)  # type: ignore[index] # they were found by it
    items = ShipmentLine.objects.filter(shipment__order_id__in=wanted).order_by("id") if shipments else ShipmentLine.objects.none()
    for shipment_id, line_id, quantity in items.values_list("shipment_id", "line_id", "quantity"):
        packed[shipment_id].append((every[line_id], quantity))
    orders = Order.objects.filter(pk__in=wanted).select_related("customer").defer(*UNSAID)
    return _Around(Brand.objects.order_by("id")[0], {order.pk: order for order in orders}, lines, shipments, packed)


def _case(message: Message, around: _Around) -> Case:
    order = around.orders.get(message.order_id) if message.order_id else None
    parcels = around.shipments[order.pk] if order else []
    return Case(
        message=message,
        brand=around.brand,
        order=order,
        lines=around.lines[order.pk] if order else [],
        shipments=parcels,
        packed={parcel.pk: around.packed[parcel.pk] for parcel in parcels},
        plan=around.plan(message.enrolment.version) if message.enrolment else None,
    )


def team() -> frozenset[str]:
    """The addresses of the people who work for the merchant in scope."""
    return frozenset(Membership.objects.values_list("user__email", flat=True))
