"""Everything that is known of some orders' pasts, in a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from notifications import cases, rules, sights, text_accounts
from notifications.consent import address_hash
from notifications.definition import Definition, Send, Until, Wait
from notifications.flows import MOVERS
from notifications.models import Act, Consent, Engagement, Enrolment, Message, State, Stream, Suppression
from notifications.pen import address_of
from notifications.replay.shop import Shop
from notifications.replay.world import Bought, Happening, Slot, World
from orders.models import Customer, Line, Order, OrderChange
from postpurchase.events.catalogue import FACTS
from postpurchase.tenancy.models import Brand
from postpurchase.tenancy.statement import execute
from tracking.models import Shipment

ORDER = (
    "pk", "number", "customer_id", "email", "placed_at", "recorded_at", "ship_country", "ship_postcode", "currency", "shop_currency",
    "total", "shop_totals", "channel", "locale", "tags", "discount_codes", "test", "cancelled_at", "erased_at",
    "shipping_address", "phone", "promised_to", "financial_status", "fulfilment_status",
)  # fmt: skip
PARCEL = ("pk", "order_id", "carrier", "service", "number", "created_at", "shipped_at")
LINE = ("order_id", "sku", "product_id", "title", "quantity", "weight_grams", "use_days", "removed_at", "requires_shipping")
OF_GUARD = {"shipped_already": "lines", "ordered_since": "customer"}  # what a check looks at beyond the order and its parcels
ALWAYS = frozenset(
    {
        "order.placed", "order.changed", "order.cancelled", "order.refunded", "order.refunded_whole", "order.delivered",
        "shipment.created", "shipment.moved",
        "shipment.estimate_changed", "shipment.health_opened", "shipment.health_resolved",
    }
)  # fmt: skip
EVENTS = """
SELECT o.place::int, e.kind, e.occurred_at, e.payload::text
FROM unnest(%(orders)s) WITH ORDINALITY AS o (id, place)
JOIN events_domainevent e ON e.merchant_id = %(merchant)s AND e.thread = o.id AND e.kind = ANY(%(kinds)s)
ORDER BY e.occurred_at, e.id"""


@dataclass
class Past:
    """Worlds by order, before anything happened, and what happened to each, oldest first."""

    worlds: dict[UUID, World] = field(default_factory=dict)
    happenings: dict[UUID, list[Happening]] = field(default_factory=dict)


def shop() -> Shop:
    """What is the same for every order of the merchant in scope."""
    return Shop(Brand.objects.order_by("id")[0], cases.team(), rules.current(), text_accounts.current())


def past(order_ids: Collection[UUID], plans: Collection[Definition], flow_id: UUID | None = None, aside: Collection[UUID] = ()) -> Past:
    """The orders' pasts as far as these plans ask for them. Orders whose person was erased have none. `aside`: orders that are only looked
    at, because theirs is a person of the others'; when they were in the flow `flow_id` is known of them.
    """
    orders = [_row(ORDER, told) for told in Order.objects.filter(pk__in=[*order_ids, *aside], erased_at=None).values_list(*ORDER)]
    away = frozenset(aside)
    found = Past({one.pk: World(one, aside=one.pk in away) for one in orders}, {one.pk: [] for one in orders})
    if not orders:
        return found
    _happenings(found, ALWAYS | {kind for plan in plans for kind in _kinds(plan)})
    _parcels(found.worlds)
    _changes(found)
    _whom(found.worlds, plans)
    if away and flow_id:
        for order_id, at in Enrolment.objects.filter(flow=flow_id, order__in=away).values_list("order_id", "entered_at"):
            found.worlds[order_id].entered.append(at)
    guards = {name for plan in plans for step in plan.steps if isinstance(step, Send) for name in step.unless}
    abouts = {about for plan in plans for about in sights.abouts(plan)} | {OF_GUARD[name] for name in guards & OF_GUARD.keys()}
    _asked(found.worlds, abouts, any(sights.counts_use(plan) for plan in plans))
    return found


def fresh(world: World) -> World:
    """A world that may be lived through once more: its rows are copied and taken back to their beginning."""
    copied = world.copied(_copy)
    copied.rewind()
    return copied


def _copy(row: Any) -> Any:
    made = SimpleNamespace()
    made.__dict__.update(row.__dict__)
    return made


def _row(names: tuple[str, ...], told: tuple[Any, ...]) -> Any:
    return SimpleNamespace(**dict(zip(names, told, strict=True)))


def _kinds(plan: Definition) -> set[str]:
    """The facts that a plan looks at, but for messages': those it makes itself."""
    waited = {one.event for step in plan.steps if isinstance(step, Until) for one in step.events}
    moved = MOVERS if any(isinstance(step, Wait) for step in plan.steps) else frozenset()
    kinds = {trigger.event for trigger in plan.triggers} | waited | set(plan.cancel_on) | moved
    return {kind for kind in kinds if not kind.startswith(("message.", "flow."))}


def _happenings(found: Past, kinds: Collection[str]) -> None:
    told = list(found.happenings.values())  # by place: a row costs less with a number than with an id
    decoders = {kind: msgspec.json.Decoder(FACTS[kind]) for kind in kinds}
    for place, kind, at, payload in execute(EVENTS, orders=list(found.happenings), kinds=sorted(kinds)):
        told[place - 1].append(Happening(at, decoders[kind].decode(payload)))


def _parcels(worlds: dict[UUID, World]) -> None:
    for told in Shipment.objects.filter(order__in=list(worlds)).order_by("created_at", "pk").values_list(*PARCEL):
        parcel = _row(PARCEL, told)
        worlds[parcel.order_id].to_come[parcel.pk] = parcel


def _changes(found: Past) -> None:
    """Newer copies of those orders that had any."""
    changed = [pk for pk, told in found.happenings.items() if any(one.fact.kind in ("order.changed", "order.cancelled") for one in told)]
    if changed:
        rows = OrderChange.objects.filter(order__in=changed).order_by("order", "id").values_list("order_id", "recorded_at", "changed")
        for order_id, at, told in rows:
            found.worlds[order_id].changes.append((at, told))


def _whom(worlds: dict[UUID, World], plans: Collection[Definition]) -> None:
    """Who may be written to, on the channels that are used; what was sent to them besides, where it is marketing."""
    marketing = any(plan.stream == Stream.MARKETING.value for plan in plans)
    for channel in sorted({step.channel for plan in plans for step in plan.steps if isinstance(step, Send)}):
        by_address: dict[str, list[World]] = defaultdict(list)
        for world in worlds.values():
            if not world.aside and (address := address_of(world.order, channel)):
                by_address[address].append(world)
        _refused(by_address, channel)
        if marketing:
            _said(by_address, channel)
            _slots(by_address)


def _refused(by_address: dict[str, list[World]], channel: str) -> None:
    by_hash = {address_hash(address): address for address in by_address}
    refused = Suppression.objects.filter(channel=channel, address_hash__in=list(by_hash)).values_list("address_hash", "at", "scope")
    for hashed, at, scope in refused:
        for world in by_address[by_hash[bytes(hashed)]]:
            world.refused.setdefault(channel, []).append((at, scope))


def _said(by_address: dict[str, list[World]], channel: str) -> None:
    said = Consent.objects.filter(address__in=list(by_address), channel=channel, purpose=Stream.MARKETING, pending=False)
    for address, at, given in said.order_by("at", "id").values_list("address", "at", "given"):
        for world in by_address[address]:
            world.said.setdefault(channel, []).append((at, given))


def _slots(by_address: dict[str, list[World]]) -> None:
    taken: dict[str, list[Slot]] = defaultdict(list)
    rows = Message.objects.filter(to_address__in=list(by_address), slot_at__isnull=False)
    for address, *slot in rows.values_list("to_address", "flow_id", "order_id", "slot_at"):
        taken[address].append(Slot(*slot))  # type: ignore[arg-type] # a slot has its time
    for address, slots in taken.items():
        for world in by_address[address]:
            world.slots = {**world.slots, address: slots}


def _asked(worlds: dict[UUID, World], abouts: set[str], use_days: bool) -> None:
    """What conditions ask about beyond the order and its parcels, where any does."""
    if use_days or "lines" in abouts:
        for told in Line.objects.filter(order__in=list(worlds)).values_list(*LINE):
            worlds[told[0]].lines.append(_row(LINE, told))
    if "customer" in abouts:
        _people(worlds)
    if "history" in abouts:
        sent = Message.objects.filter(Q(order__in=list(worlds)) & ~Q(sent_at=None), state=State.SENT)
        for order_id, at, template in sent.order_by("sent_at").values_list("order_id", "sent_at", "template"):
            worlds[order_id].written.append((at, template))  # type: ignore[arg-type] # the filter leaves none without a time
        clicks = Engagement.objects.filter(message__order__in=list(worlds), kind=Act.CLICK, machine=False)
        for order_id, at, template in clicks.values_list("message__order_id", "at", "message__template"):
            worlds[order_id].clicked.append((at, template))


def _people(worlds: dict[UUID, World]) -> None:
    people = {world.order.customer_id for world in worlds.values() if world.order.customer_id}
    bought: dict[UUID | None, list[Bought]] = defaultdict(list)
    rows = Order.objects.filter(customer__in=people).values_list("customer_id", "recorded_at", "placed_at", "cancelled_at")
    for person, known, placed, cancelled in rows:
        bought[person].append(Bought(known, placed, cancelled))
    tags = dict(Customer.objects.filter(pk__in=people).values_list("pk", "tags"))
    for world in worlds.values():
        world.bought, world.tags = bought[world.order.customer_id], tags.get(world.order.customer_id, [])
