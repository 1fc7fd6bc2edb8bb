"""A case: a message with everything that guards and templates ask about, loaded for a whole batch in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Max, Model

from notifications import rules
from notifications.consent import address_hash, consents, suppressed
from notifications.definition import Definition, Send
from notifications.designs.published import Published, live
from notifications.models import Channel, Enrolment, Flow, Message, MessagingRules, Preference, SmsAccount, Stream
from notifications.plans import plan_of
from orders.models import Customer, Line, Order
from postpurchase.tenancy.models import Brand, Membership
from postpurchase.tenancy.rows import rows_of
from tracking import overview
from tracking.models import Scan, Shipment, ShipmentLine, Status

# Columns that no message names and no guard asks for.
UNSAID = ("extra", "shop_totals", "billing_address", "marketing_consent", "tags", "connection_id")
UNASKED = ("subject", "order_id", "shipment_id", "left_because")
TOLD_BY_SCAN = ("ready_to_collect", "collect_reminder", "collect_last", "delivered")  # templates that say what the newest scan tells
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
    newest_order: datetime | None = None  # when the customer last ordered; read where the step asks "ordered_since"
    pickup: str = ""  # the place where the parcel waits to be collected, as the carrier told it
    pickup_until: date | None = None  # and the last day on which it does, where the carrier told that
    proof: str = ""  # what the carrier has to show that it delivered: photo, signature
    rules: MessagingRules = field(default_factory=MessagingRules)
    wishes: Preference | None = None
    texting: SmsAccount | None = None  # how a text message leaves
    texted: bool = True  # whether the number has had a text of the shop before

    @property
    def soft_opt_in(self) -> bool:
        """Whether the person may be written to as a customer, until they object."""
        return bool(self.order) and rules.soft_opt_in(self.rules, self.order.ship_country)  # type: ignore[union-attr]

    design: Published | None = None  # the live version of the design that its template names

    @property
    def shipment(self) -> Shipment | None:
        """The parcel that the message is about; the order's only one if it is about the order."""
        wanted = self.message.shipment_id
        return next((one for one in self.shipments if one.pk == wanted), None)

    @cached_property
    def step(self) -> Send | None:
        """The step that wrote the message; None for a message outside any flow."""
        return _step(self.plan, self.message)


def load(messages: Iterable[Message]) -> list[Case]:
    """The cases of messages of the merchant in scope. The number of queries does not depend on how many there are."""
    messages = list(messages)
    _name_flows(messages)
    around = _around({message.order_id for message in messages if message.order_id})
    channels = {message.channel for message in messages}
    said = {channel: _said([message for message in messages if message.channel == channel], channel) for channel in channels}
    drawings = live({message.template for message in messages})
    newest, seen = _newest_orders(messages), _last_seen(messages)
    people = team() if any(message.test for message in messages) else frozenset()
    wishes, held = _wishes(messages), rules.current()
    found = [
        _case(
            message,
            around,
            suppressed=frozenset(said[message.channel].out.get(message.to_address, ())),
            consent=said[message.channel].asked.get(message.to_address),
            team=people,
            newest_order=newest.get(message.customer_id),
            **_of_scan(seen.get(message.shipment_id)),
            rules=held,
            wishes=wishes.get(message.to_address),
            design=drawings.get(message.template),
        )
        for message in messages
    ]
    if Channel.SMS in channels:
        _know_texting([case for case in found if case.message.channel == Channel.SMS])
    return found


class _Said(NamedTuple):
    """What the addresses of a channel do not want, and what they agreed to."""

    out: dict[str, set[str]]
    asked: dict[str, bool]


def _said(messages: list[Message], channel: str) -> _Said:
    marketing = (message.to_address for message in messages if message.stream == Stream.MARKETING)
    return _Said(suppressed({message.to_address for message in messages}, channel=channel), consents(marketing, channel=channel))


def _know_texting(cases: list[Case]) -> None:
    """Give texts the account they leave by, and whether they are the first to their number."""
    account = SmsAccount.objects.first()
    numbers = [case.message.to_address for case in cases]
    before = Message.objects.filter(channel=Channel.SMS, to_address__in=numbers, sent_at__isnull=False)
    known = set(before.values_list("to_address", flat=True))
    for case in cases:
        case.texting, case.texted = account, case.message.to_address in known


def _wishes(messages: list[Message]) -> dict[str, Preference]:
    """What the people behind these addresses wish. Their language is the message's from here on."""
    by_hash = {address_hash(address): address for address in {message.to_address for message in messages}}
    found = {by_hash[bytes(row.address_hash)]: row for row in rows_of(Preference, "address_hash = ANY(%s)", list(by_hash))}
    for message in messages:
        if (row := found.get(message.to_address)) and row.locale and not message.test:
            message.locale = row.locale
    return found


def _name_flows(messages: list[Message]) -> None:
    """Give messages their enrolment, and enrolments their flow; a batch shares a few."""
    wanted = {message.enrolment_id for message in messages if message.enrolment_id}
    if not wanted:
        return
    enrolments = {row.pk: row for row in rows_of(Enrolment, "id = ANY(%s)", list(wanted), without=UNASKED)}
    flows = {row.pk: row for row in rows_of(Flow, "id = ANY(%s)", list({row.flow_id for row in enrolments.values()}))}
    for row in enrolments.values():
        _know(row, "flow", flows[row.flow_id])
    for message in messages:
        if message.enrolment_id:
            _know(message, "enrolment", enrolments[message.enrolment_id])


def _know(row: Model, field: str, value: Model | None) -> None:
    """Set a foreign key's row without asking whether it may be."""
    row._state.fields_cache[field] = value


@dataclass
class _Around:
    """What the messages of a batch are about, by id."""

    brand: Brand
    orders: dict[UUID, Order]
    lines: dict[UUID, list[Line]]  # of an order
    shipments: dict[UUID, list[Shipment]]  # of an order
    packed: dict[UUID, list[Packed]]  # of a shipment


def _around(wanted: set[UUID]) -> _Around:
    """Rows joined here: prefetching makes a query set for each of them, which costs more than the row."""
    lines, shipments, packed = (
        defaultdict[UUID, list[Line]](list),
        defaultdict[UUID, list[Shipment]](list),
        defaultdict[UUID, list[Packed]](list),
    )
    brand = rows_of(Brand, "TRUE ORDER BY id LIMIT 1")[0]
    if not wanted:
        return _Around(brand, {}, lines, shipments, packed)
    about = list(wanted)
    every = {line.pk: line for line in rows_of(Line, "order_id = ANY(%s) ORDER BY position", about)}
    for line in every.values():
        if line.removed_at is None:
            lines[line.order_id].append(line)
    parcels = rows_of(Shipment, "order_id = ANY(%s) ORDER BY created_at, id", about, without=("connection_id",))
    for shipment in parcels:
        shipments[shipment.order_id].append(shipment)  # type: ignore[index] # they were found by it
    items = rows_of(ShipmentLine, "shipment_id = ANY(%s) ORDER BY id", [one.pk for one in parcels]) if parcels else []
    for item in items:
        packed[item.shipment_id].append((every[item.line_id], item.quantity))
    orders = rows_of(Order, "id = ANY(%s)", about, without=UNSAID)
    people = {order.customer_id for order in orders if order.customer_id}
    customers = {row.pk: row for row in rows_of(Customer, "id = ANY(%s)", list(people))} if people else {}
    for order in orders:
        _know(order, "customer", customers.get(order.customer_id) if order.customer_id else None)
    return _Around(brand, {order.pk: order for order in orders}, lines, shipments, packed)


def _step(plan: Definition | None, message: Message) -> Send | None:
    found = plan.step(message.node) if plan else None
    return found if isinstance(found, Send) else None


def _plan(message: Message) -> Definition | None:
    return plan_of(message.enrolment.version_id) if message.enrolment else None


def _newest_orders(messages: list[Message]) -> dict[UUID | None, datetime]:
    """When people last ordered, of the messages whose step asks; no query where none does."""
    steps = [(message.customer_id, _step(_plan(message), message)) for message in messages]
    asked = {person for person, step in steps if person and step and "ordered_since" in step.unless}
    if not asked:
        return {}
    rows = Order.objects.filter(customer__in=asked, cancelled_at=None).values_list("customer_id").annotate(last=Max("placed_at"))
    return dict(rows.order_by())


def _last_seen(messages: list[Message]) -> dict[Any, Scan]:
    """The newest scans of parcels, for messages that say what it tells; no query where none does."""
    asked = [message.shipment_id for message in messages if message.shipment_id and message.template in TOLD_BY_SCAN]
    return overview.last_seen(asked) if asked else {}


def _of_scan(scan: Scan | None) -> dict[str, Any]:
    """Where the parcel waits and until when, or what shows that it was delivered."""
    if scan is None:
        return {}
    if scan.status == Status.AVAILABLE_FOR_PICKUP:
        return {"pickup": scan.city, "pickup_until": _day(scan.extra.get("collect_until"))}
    told = "photo" if scan.extra.get("photos") else "signature" if scan.extra.get("signatures") else ""
    return {"proof": told if scan.status == Status.DELIVERED else ""}


def _day(told: object) -> date | None:
    """A day as senders of scans tell it, 2026-11-30; nothing where it is none."""
    try:
        return date.fromisoformat(told[:10]) if isinstance(told, str) else None
    except ValueError:
        return None


def _case(message: Message, around: _Around, **known: Any) -> Case:
    order = around.orders.get(message.order_id) if message.order_id else None
    parcels = around.shipments[order.pk] if order else []
    return Case(
        message=message,
        brand=around.brand,
        order=order,
        lines=around.lines[order.pk] if order else [],
        shipments=parcels,
        packed={parcel.pk: around.packed[parcel.pk] for parcel in parcels},
        plan=_plan(message),
        **known,
    )


def team() -> frozenset[str]:
    """The addresses of the people who work for the merchant in scope."""
    return frozenset(Membership.objects.values_list("user__email", flat=True))
