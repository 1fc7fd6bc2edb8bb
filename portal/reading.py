"""Everything an anonymous tracking page shows, in one call of a database function (notifications/migrations/0022).

No name, address, email or price leaves the database here, but for `guarded`: what carriers sometimes write into a scan although it is
nobody's business. It is looked for, never shown.
"""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import connection
from msgspec import Struct

from brands.page.content import Section
from postpurchase.tenancy import gates, scope

MOST_SCANS = 100  # of one parcel, the newest

FACTS = "SELECT tracking_page_facts(%s, %s, %s)"


class OrderRow(Struct, gc=False):
    """The order, without the person."""

    id: UUID
    number: str
    placed_at: datetime
    locale: str
    ship_country: str
    promised_from: date | None
    promised_to: date | None
    cancelled_at: datetime | None
    delivered_at: datetime | None
    erased_at: datetime | None
    refunded: bool
    has_email: bool
    guarded: list[str]


class BrandRow(Struct, gc=False):
    """How the shop looks and where it is reached."""

    name: str
    logo_url: str
    accent: str
    surface: str
    locale: str
    time_zone: str
    website: str
    support_email: str
    support_phone: str
    support_url: str
    return_policy_url: str
    handling_days: int
    transit_days_min: int
    transit_days_max: int


class LineRow(Struct, gc=False):
    """A product, without its price. `refunded`: units that will not come."""

    id: UUID
    title: str
    variant: str
    quantity: int
    requires_shipping: bool
    refunded: int


class ItemRow(Struct, gc=False):
    """Units of a line in a parcel."""

    line: UUID
    quantity: int


class ScanRow(Struct, array_like=True, gc=False):
    """What a carrier saw, in the order of the function's columns. `local_time` is the clock on the wall there, written as if in UTC."""

    occurred_at: datetime
    local_time: datetime | None
    text: str
    status: str
    substatus: str
    city: str
    country: str
    carrier: str
    received_at: datetime


class ParcelRow(Struct, gc=False):
    """A parcel; its scans newest first."""

    id: UUID
    carrier: str
    number: str
    tracking_url: str
    status: str
    substatus: str
    action_required: str
    health: list[str]
    created_at: datetime
    shipped_at: datetime | None
    first_scan_at: datetime | None
    last_scan_at: datetime | None
    out_at: datetime | None
    delivered_at: datetime | None
    promised_on: date | None
    first_estimate_on: date | None
    estimate_on: date | None
    estimate_earliest_on: date | None
    estimate_source: str
    items: list[ItemRow]
    scans: list[ScanRow]


class DesignRow(Struct, gc=False):
    """What the shop made of the page for this order. `score`: parcels on time, and those of which a day was told, if the page shows it."""

    language: str
    asks: list[str]
    sections: list[Section]
    score: tuple[int, int] | None = None


class WishRow(Struct, gc=False):
    """What the shopper asked for, without their words."""

    kind: str
    state: str
    asked_at: datetime


class Facts(Struct, gc=False):
    """All of it. `message`: the first message about the order, whose link turns marketing off. `design` None: the shop has made none."""

    slug: str
    order: OrderRow
    brand: BrandRow
    lines: list[LineRow]
    parcels: list[ParcelRow]
    message: UUID | None
    design: DesignRow | None = None
    wishes: list[WishRow] = []


_decode = msgspec.json.Decoder(Facts).decode


class Found(NamedTuple):
    """An order's page as it stands now. `version`: any write to the order, a parcel or the brand changes it (gates.tracking_page)."""

    merchant_id: UUID
    version: str
    facts: Facts


def read(order_id: UUID) -> Facts | None:
    """The facts of an order of the merchant in scope, or None."""
    merchant = scope.demand("a tracking page").merchant_id
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [merchant, order_id, MOST_SCANS])
        (told,) = cursor.fetchone() or (None,)
    return _decode(told) if told else None


def find(order_id: UUID) -> Found | None:
    """The same with the version, whoever's order it is, or None. One round trip: its merchant's scope opens and closes in the database."""
    found = gates.tracking_facts(order_id, MOST_SCANS)
    return Found(found[0], found[1], _decode(found[2])) if found else None
