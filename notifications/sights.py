"""What steps may look at, read for a whole batch of enrolments in a number of queries that does not grow with it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count

from notifications import best_time, timing
from notifications.definition import Condition, Definition, Split, Until, Wait
from notifications.definition.conditions import needs
from notifications.models import Act, Engagement, Enrolment, Message, State
from notifications.walk import Sight
from orders.models import Customer, Line, Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand
from tracking import zones
from tracking.health import LATE
from tracking.models import Shipment


def asked_in(plan: Definition) -> Iterable[Condition]:
    """Every condition of a flow."""
    for trigger in plan.triggers:
        if trigger.when:
            yield trigger.when
    for step in plan.steps:
        if isinstance(step, Split):
            yield from (branch.when for branch in step.branches)
        elif isinstance(step, Until) and step.when:
            yield step.when


def abouts(plan: Definition) -> set[str]:
    """What has to be read to answer a flow's conditions."""
    return {about for asked in asked_in(plan) for about in needs(asked)}


def counts_use(plan: Definition) -> bool:
    """Whether a step waits for products' days of use."""
    return any(isinstance(step, Wait) and step.use_days for step in plan.steps)


def looks_at_parcels(plan: Definition) -> bool:
    """Whether a step counts from a parcel's own times, or asks about one. It must not hang on the flows beside it in a batch."""
    own = ("estimate", "shipped", "delivered") if plan.key == "shipment" else ("estimate", "shipped")
    return "shipment" in abouts(plan) or any(isinstance(step, Wait) and step.anchor in own for step in plan.steps)


class Sights:
    """The sights of enrolments in these plans; orders and shipments are given, the rest is read when the first plan asks for it."""

    def __init__(self, orders: dict[UUID, Order], plans: Iterable[Definition]) -> None:
        plans = list({id(plan): plan for plan in plans}.values())
        self.orders, self.now = orders, clock.business_now()
        self.brand = Brand.objects.order_by("id")[0]
        self.abouts = {about for plan in plans for about in abouts(plan)}
        self.use_days = _use_days(orders) if any(counts_use(plan) for plan in plans) else {}
        wanting = any(isinstance(step, Wait) and step.best_time for plan in plans for step in plan.steps)
        self.hours = best_time.hours({order.email for order in orders.values() if order.email}) if wanting else None
        self.parcels = _parcels(orders) if any(looks_at_parcels(plan) for plan in plans) else {}
        self.facts = self._facts() if self.abouts else {}

    def of(self, row: Enrolment) -> Sight:
        """What an enrolment's steps see. `row.order` and `row.shipment` are loaded."""
        order = self.orders[row.order_id]
        zone = zones.of_place(order.ship_country, order.ship_postcode, region(order), self.brand.time_zone)
        return Sight(
            now=self.now,
            zone=zone,
            anchors=anchors(row, order, self._parcel(row), self.parcels.get(order.pk, []), zone),
            person=order.email or str(order.customer_id or order.pk),
            facts=lambda: self.facts_of(row),
            use_days=self.use_days.get(order.pk),
            best_hour=lambda: self.hours.best_for(order.email) if self.hours else None,
        )

    def facts_of(self, row: Enrolment) -> dict[str, Any]:
        """The fields that conditions name, of one enrolment."""
        told = dict(self.facts.get(row.order_id, {}))
        parcel = self._parcel(row)
        if parcel and "shipment" in self.abouts:
            told |= _of_parcel(parcel)
        return told

    def _parcel(self, row: Enrolment) -> Shipment | None:
        """The parcel that the enrolment is about; of an order with one parcel, that."""
        mine = self.parcels.get(row.order_id, [])
        if row.shipment_id:
            return next((one for one in mine if one.pk == row.shipment_id), None)
        return mine[0] if len(mine) == 1 else None

    def _facts(self) -> dict[UUID, dict[str, Any]]:
        found = {pk: of_order(order) for pk, order in self.orders.items()}
        if "lines" in self.abouts:
            _add_lines(found)
        if "customer" in self.abouts:
            _add_customers(found, self.orders)
        if "history" in self.abouts:
            _add_history(found)
        for pk, told in found.items():
            told["shipment.parcels"] = len(self.parcels.get(pk, []))
        return found


def region(order: Order) -> str:
    """The region that the parcel goes to, as the shop wrote it."""
    return str((order.shipping_address or {}).get("region", ""))


def anchors(row: Enrolment, order: Order, parcel: Shipment | None, parcels: list[Shipment], zone: Any) -> dict[str, datetime | None]:
    """The moments that waits count from; None for what has not come. An estimate is the start of its day where the parcel goes."""
    shipped = [one.shipped_at or one.created_at for one in parcels]
    expected = (parcel.estimate_on if parcel else None) or max((one.estimate_on for one in parcels if one.estimate_on), default=None)
    return {
        "trigger": row.trigger_at,
        "placed": order.placed_at,
        "delivered": (parcel.delivered_at if row.shipment_id and parcel else None) or order.delivered_at,
        "shipped": (parcel.shipped_at or parcel.created_at) if parcel else min(shipped, default=None),
        "estimate": timing.real(datetime.combine(expected, time.min, zone)) if expected else None,
    }


def _use_days(orders: Iterable[UUID]) -> dict[UUID, int]:
    """The longest days of use among each order's lines; absent where no line has any."""
    found: dict[UUID, int] = {}
    lines = Line.objects.filter(order__in=list(orders), removed_at=None, use_days__isnull=False)
    for order_id, days in lines.values_list("order_id", "use_days"):
        found[order_id] = max(days or 0, found.get(order_id, 0))
    return found


def _parcels(orders: Iterable[UUID]) -> dict[UUID, list[Shipment]]:
    found: dict[UUID, list[Shipment]] = defaultdict(list)
    for parcel in Shipment.objects.filter(order__in=list(orders), cancelled_at=None).order_by("created_at", "id"):
        if parcel.order_id:
            found[parcel.order_id].append(parcel)
    return found


def of_order(order: Order) -> dict[str, Any]:
    """The fields of an order itself."""
    own = order.total if order.currency == order.shop_currency else (order.shop_totals or {}).get("total")
    return {
        "order.total": own,
        "order.country": order.ship_country,
        "order.postcode": order.ship_postcode,
        "order.currency": order.currency,
        "order.channel": order.channel,
        "order.locale": order.locale,
        "order.tags": order.tags,
        "order.discount_codes": order.discount_codes,
        "order.payment": order.financial_status,
        "order.fulfilment": order.fulfilment_status,
        "order.refunded": order.refunded_total > 0,
        "order.delivered": order.delivered_at is not None,
    }


def _of_parcel(parcel: Shipment) -> dict[str, Any]:
    return {
        "shipment.carrier": parcel.carrier,
        "shipment.service": parcel.service,
        "shipment.status": parcel.status,
        "shipment.substatus": parcel.substatus,
        "shipment.health": parcel.health,
        "shipment.late": bool(LATE & set(parcel.health)),
        "shipment.attempts": parcel.attempts,
    }


def _add_lines(found: dict[UUID, dict[str, Any]]) -> None:
    lines: dict[UUID, list[Line]] = defaultdict(list)
    for line in Line.objects.filter(order__in=list(found), removed_at=None):
        lines[line.order_id].append(line)
    for pk, told in found.items():
        told |= of_lines(lines[pk])


def of_lines(mine: list[Line]) -> dict[str, Any]:
    """The fields of an order's lines."""
    return {
        "order.items": sum(line.quantity for line in mine),
        "lines.skus": [line.sku for line in mine],
        "lines.products": [line.product_id for line in mine],
        "lines.titles": [line.title for line in mine],
        "lines.use_days": max((line.use_days for line in mine if line.use_days), default=None),
        "lines.weight": sum(line.weight_grams * line.quantity for line in mine),
    }


def _add_customers(found: dict[UUID, dict[str, Any]], orders: dict[UUID, Order]) -> None:
    people = {order.customer_id for order in orders.values() if order.customer_id}
    counts = Order.objects.filter(customer__in=people).values_list("customer_id").annotate(n=Count("id"))
    placed = dict(counts.order_by("customer_id"))
    tags = dict(Customer.objects.filter(pk__in=people).values_list("pk", "tags"))
    for pk, order in orders.items():
        number = placed.get(order.customer_id, 1) if order.customer_id else 1
        found[pk] |= of_customer(number, tags.get(order.customer_id, []) if order.customer_id else [])


def of_customer(number: int, tags: list[str]) -> dict[str, Any]:
    """The fields of a person who has placed so many orders."""
    return {"customer.orders": number, "customer.returning": number > 1, "customer.tags": tags}


def _add_history(found: dict[UUID, dict[str, Any]]) -> None:
    for told in found.values():
        told["messages.sent"], told["messages.clicked"] = [], []
    for order_id, template in Message.objects.filter(order__in=list(found), state=State.SENT).values_list("order_id", "template"):
        found[order_id]["messages.sent"].append(template)
    clicks = Engagement.objects.filter(message__order__in=list(found), kind=Act.CLICK, machine=False)
    for order_id, template in clicks.values_list("message__order_id", "message__template").distinct():
        found[order_id]["messages.clicked"].append(template)
