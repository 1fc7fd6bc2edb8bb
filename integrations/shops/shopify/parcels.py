"""Fulfilments and their events in Shopify's words."""

from collections.abc import Iterator

from integrations.shops.shopify.people import country
from integrations.shops.shopify.values import Raw, id_of, need, text, when
from integrations.types import EstimateData, Item, PlaceData, ScanData, ShipmentData, ShippedLineData

GONE = ("cancelled", "error", "failure")


def shipments(raw: Raw) -> list[ShipmentData]:
    """A fulfilment as parcels: one a tracking number; the lines go with the first, as Shopify does not say which is where."""
    fulfilment = need(id_of(raw), "id of the fulfilment")
    numbers, links = _all(raw, "tracking_number"), _all(raw, "tracking_url")
    first = ShipmentData(
        external_id=fulfilment,
        order_external_id=need(id_of(raw, "order_id"), "order_id"),
        carrier=text(raw, "tracking_company"),
        number=numbers[0] if numbers else "",
        tracking_url=_link(links, 0),
        lines=list(_lines(raw)),
        shipped_at=when(raw, "created_at"),
        cancelled=raw.get("status") in GONE,
        origin_country=country(raw.get("origin_address") or {}),
    )
    return [first, *(_further(first, index, number, links) for index, number in enumerate(numbers[1:], start=1))]


def _further(first: ShipmentData, index: int, number: str, links: list[str]) -> ShipmentData:
    return ShipmentData(
        external_id=f"{first.external_id}-{index + 1}",
        order_external_id=first.order_external_id,
        carrier=first.carrier,
        number=number,
        tracking_url=_link(links, index),
        shipped_at=first.shipped_at,
        cancelled=first.cancelled,
        origin_country=first.origin_country,
    )


def _all(raw: Raw, key: str) -> list[str]:
    """The values of `key` and of its plural, once each, in order."""
    values = [raw.get(key), *(raw.get(f"{key}s") or [])]
    return list(dict.fromkeys(str(value).strip() for value in values if value))


def _link(links: list[str], index: int) -> str:
    link = links[index] if index < len(links) else ""
    return link if link.startswith(("https://", "http://")) and len(link) <= 1000 else ""


def _lines(raw: Raw) -> Iterator[ShippedLineData]:
    for line in raw.get("line_items") or []:
        quantity = int(line.get("quantity") or 0)
        if quantity > 0 and id_of(line):
            yield ShippedLineData(line_external_id=id_of(line), quantity=quantity)


def happened(raw: Raw) -> list[Item]:
    """A fulfilment event: a scan (carriers/tables/shopify.json says what its code means), and an estimate where one comes with it."""
    fulfilment = need(id_of(raw, "fulfillment_id"), "fulfillment_id")
    code = need(text(raw, "status", most=80), "status")
    scan = ScanData(
        shipment_external_id=fulfilment,
        occurred_at=when(raw, "happened_at", "created_at"),
        code=code,
        text=text(raw, "message", most=500),
        place=PlaceData(
            city=text(raw, "city"), region=text(raw, "province"), postcode=text(raw, "zip", most=20), country=text(raw, "country", most=60)
        ),
        source="shopify",
    )
    expected = when(raw, "estimated_delivery_at")
    if expected is None:
        return [scan]
    estimate = EstimateData(
        expected_on=expected.date(), shipment_external_id=fulfilment, source="shop", told_at=when(raw, "updated_at", "happened_at")
    )
    return [scan, estimate]
