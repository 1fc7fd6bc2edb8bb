"""What is known of a parcel, as evidence: every scan with what the carrier sent, every day that was told, every notice, every problem."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from desk.evidence.raw import Payloads
from desk.evidence.seal import Facts, chained
from desk.models import Case, Step
from notifications.models import Attempt, Message, State
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Brand
from tracking.models import EstimateSnapshot, HealthInterval, Leg, Scan, Shipment, ShipmentLine, Status

FORM = "postpurchase-evidence/1"
MOST = 500  # of each kind; a parcel with more is a mistake
SAID = (
    "carrier", "code", "text", "status", "substatus", "party", "city", "region", "postcode", "country", "signed_by", "source", "zone_known",
)  # fmt: skip
PARCEL = ("carrier", "number", "service", "origin_country", "status", "substatus", "attempts", "signed_by")
PARCEL_TIMES = (
    "shipped_at",
    "promised_on",
    "created_at",
    "first_scan_at",
    "delivered_at",
    "cancelled_at",
    "first_estimate_on",
    "estimate_on",
)
WRITTEN = (State.SENT, State.UNKNOWN, State.FAILED)


def gather(parcel: Shipment) -> Facts:
    """Everything, its events chained and in the order in which they happened. A dozen statements, however much there is."""
    scans = list(Scan.objects.filter(shipment=parcel).order_by("occurred_at", "pk")[:MOST])
    payloads = Payloads(parcel, scans)
    events = [*_scans(scans, payloads), *_estimates(parcel), *_notices(parcel), *_problems(parcel), *_steps(parcel)]
    return {
        "form": FORM,
        "made_at": written(clock.business_now()),
        "shop": Brand.objects.order_by("id").values_list("name", flat=True)[0],
        "parcel": _parcel(parcel),
        "order": _order(parcel),
        "proof_of_delivery": _proof(parcel, scans),
        "events": chained(sorted(events, key=lambda event: (event["at"], event["kind"], event["id"]))),
        "payloads": payloads.told,
    }


def written(value: Any) -> Any:
    """Moments in UTC to the microsecond, days as days; all of one length, so that texts sort as times do."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _parcel(parcel: Shipment) -> Facts:
    legs = Leg.objects.filter(shipment=parcel).order_by("position").values("carrier", "number")
    told = {name: written(getattr(parcel, name)) for name in (*PARCEL, *PARCEL_TIMES)}
    return {"id": to_public("shp", parcel.pk), **told, "legs": list(legs)}


def _order(parcel: Shipment) -> Facts | None:
    order = parcel.order
    if order is None:
        return None
    items = ShipmentLine.objects.filter(shipment=parcel).order_by("line__position").values_list("line__title", "quantity")
    return {
        "number": order.number,
        "placed_at": written(order.placed_at),
        "total_minor": order.total,
        "currency": order.currency,
        "promised_to": written(order.promised_to),
        "ship_to": order.shipping_address or {},
        "items": [{"title": title, "quantity": quantity} for title, quantity in items],
    }


def _proof(parcel: Shipment, scans: list[Scan]) -> Facts | None:
    """The last scan that says it was delivered; None while none does."""
    found = [one for one in scans if one.status == Status.DELIVERED]
    if parcel.status != Status.DELIVERED or not found:
        return None
    last = found[-1]
    return {"at": written(last.occurred_at), "signed_by": parcel.signed_by, "place": last.place, "text": last.text, "extra": last.extra}


def _scans(scans: list[Scan], payloads: Payloads) -> Iterator[Facts]:
    for one in scans:
        told = {name: getattr(one, name) for name in SAID} | {"local_time": written(one.local_time), "extra": one.extra}
        times = {"received_at": written(one.received_at), "payloads": payloads.of(one)}
        yield _event("scan", one.pk, one.occurred_at, {**told, **times, "fingerprint": bytes(one.fingerprint).hex()})


def _estimates(parcel: Shipment) -> Iterator[Facts]:
    for one in EstimateSnapshot.objects.filter(shipment=parcel).order_by("told_at", "pk")[:MOST]:
        days = {name: written(getattr(one, name)) for name in ("earliest_on", "expected_on", "p50", "p95")}
        yield _event("estimate", one.pk, one.told_at, {"source": one.source, **days})


def _notices(parcel: Shipment) -> Iterator[Facts]:
    """What was written to the shopper of this parcel, and of its order as a whole, with what the mail server said."""
    if not parcel.order_id:
        return
    about = Message.objects.filter(order=parcel.order_id, state__in=WRITTEN).order_by("created_at", "pk")
    messages = [one for one in about[:MOST] if one.shipment_id in (None, parcel.pk)]
    replies: dict[Any, list[Facts]] = {}
    for attempt in Attempt.objects.filter(message__in=messages).order_by("number"):
        told = {"at": written(attempt.started_at), "outcome": attempt.outcome, "reply": attempt.reply}
        replies.setdefault(attempt.message_id, []).append(told)
    for one in messages:
        said = {"template": one.template, "channel": one.channel, "to": one.to_address, "subject": one.subject, "state": one.state}
        yield _event("notice", one.pk, one.sent_at or one.handed_at or one.due_at, {**said, "tries": replies.get(one.pk, [])})


def _problems(parcel: Shipment) -> Iterator[Facts]:
    for one in HealthInterval.objects.filter(shipment=parcel).order_by("opened_at", "pk")[:MOST]:
        yield _event("problem", one.pk, one.opened_at, {"flag": one.flag, "over_at": written(one.resolved_at)})


def _steps(parcel: Shipment) -> Iterator[Facts]:
    """What the team did; who of it is nobody's business outside."""
    for one in Step.objects.filter(case__in=Case.objects.filter(shipment=parcel), act="asked").order_by("at", "pk")[:MOST]:
        yield _event("asked_carrier", one.pk, one.at, {"letter": one.text})


def _event(kind: str, row: Any, at: datetime, told: Facts) -> Facts:
    return {"kind": kind, "id": str(row), "at": written(at), "told": told}
