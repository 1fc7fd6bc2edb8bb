"""Parcels with all that another service's answer shows of them, in a number of statements that does not grow with theirs."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from api.v1 import mode
from postpurchase.lib import ids
from postpurchase.lib.crypto import link_token
from postpurchase.tenancy.gates import Key
from postpurchase.tenancy.models import Brand
from tracking import zones
from tracking.followed import Following
from tracking.models import EstimateSnapshot, Leg, Scan, Shipment

SCANS_OF_ONE, SCANS_IN_LIST = 500, 100
NEWEST = ("-created_at", "-id")
MOST_COUNTED = 10_000


class Shop(NamedTuple):
    """What every answer needs of the merchant."""

    portal_url: str
    time_zone: str

    def order_page(self, order_id: UUID | None) -> str | None:
        """The tracking page of the order; None without one."""
        return f"{self.portal_url}/t/{link_token(order_id)}" if order_id and self.portal_url else None


def shop() -> Shop:
    """Of the merchant in scope. One query."""
    brand = Brand.objects.order_by("id").first()
    return Shop(brand.portal_url, brand.time_zone) if brand else Shop("", "UTC")


def followed(key: Key) -> QuerySet[Shipment]:
    """The parcels that the key may see and that nobody removed here."""
    return mode.shipments(key).exclude(followings__removed_at__isnull=False)


def found(key: Key, public_id: str) -> Shipment | None:
    """The parcel of that id; None for malformed, foreign, removed and missing ones alike."""
    row_id = ids.from_public("shp", public_id)
    return followed(key).select_related("order").filter(pk=row_id).first() if row_id else None


def whole(rows: QuerySet[Shipment], scans: int) -> QuerySet[Shipment]:
    """With order, legs, the latest `scans` scans of each (newest first), estimates and what was told here. Five statements."""
    return rows.select_related("order__customer").prefetch_related(
        Prefetch("scans", Scan.objects.order_by("-occurred_at", "-id")[:scans], to_attr="latest_scans"),
        Prefetch("legs", Leg.objects.order_by("position", "id")),
        Prefetch("estimates", EstimateSnapshot.objects.order_by("told_at", "id")),
        Prefetch("followings", Following.objects.all()),
    )


def reloaded(shipment: Shipment) -> Shipment:
    """One parcel, with everything."""
    return whole(Shipment.objects.filter(pk=shipment.pk), SCANS_OF_ONE).get()


def following_of(shipment: Shipment) -> Following | None:
    """What was told here of a parcel that came with whole()."""
    return next(iter(shipment.followings.all()), None)


def scans_of(shipment: Shipment) -> list[Scan]:
    """The latest scans of a parcel that came with whole(), newest first."""
    found: list[Scan] = shipment.latest_scans  # type: ignore[attr-defined]
    return found


def changed_at(shipment: Shipment) -> datetime:
    """When anything that is shown of it changed last."""
    return shipment.changed_at or max(shipment.created_at, shipment.status_at or shipment.created_at)


def zone_of(shipment: Shipment, here: Shop) -> str:
    """The IANA zone that days of its arrival are told in."""
    return zones.of_country(shipment.order.ship_country if shipment.order else "", here.time_zone).key


def between(field: str, low: datetime | None, high: datetime | None) -> Q:
    """Both ends belong to it. A parcel that has no such time lies before every other one, unless only those from `low` on are wanted."""
    until = Q(**{f"{field}__lte": high}) | Q(**{f"{field}__isnull": True}) if high else Q()
    return (Q(**{f"{field}__gte": low}) if low else Q()) & until


def at_most_counted(rows: QuerySet[Shipment]) -> int:
    """How many there are, up to MOST_COUNTED: counting millions would cost more than the page."""
    return rows.order_by()[:MOST_COUNTED].count()
