"""/tracking/<version>/estimated-delivery-date"""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from api.aftership.envelope import AfterShip, answered
from api.aftership.shapes import Pickup, Place, Prediction, Predictions
from api.aftership.show import stamp
from api.aftership.wanted import SLUGS
from api.compat import rows, values
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public, uuid7
from postpurchase.tenancy.gates import Key
from tracking import zones
from tracking.predict import Handling, Way, picked_up, predict


class Predict(AfterShip):
    """When a parcel would arrive."""

    scopes = {"POST": "shipments:read"}

    def post(self, request: Request, version: str) -> HttpResponse:
        """One parcel."""
        return self.once(request, Prediction, lambda key, told: answered(_predicted(told)))


class PredictBatch(AfterShip):
    """The same for up to five."""

    scopes = {"POST": "shipments:read"}

    def post(self, request: Request, version: str) -> HttpResponse:
        """All of them, or a refusal for all."""
        return self.once(request, Predictions, _many)


def _many(key: Key, told: Predictions) -> HttpResponse:
    return answered({"estimated_delivery_dates": [_predicted(one) for one in told.estimated_delivery_dates]})


def _predicted(told: Prediction) -> dict[str, Any]:
    zone = zones.named(rows.shop().time_zone)
    handed = _picked_up(told, zone)
    goes, comes = told.destination_address, told.origin_address or Place()
    found = predict(Way(
        carrier=SLUGS.ours(told.slug),
        service=told.service_type_name or "",
        origin=values.country(comes.country_region, "/origin_address/country_region"),
        country=values.country(goes.country_region, "/destination_address/country_region"),
        postcode=goes.postal_code or "",
        picked_up=handed,
    ))  # fmt: skip
    shown: dict[str, Any] = msgspec.to_builtins(told)
    if told.estimated_pickup:
        shown["estimated_pickup"]["pickup_time"] = stamp(handed)
    return shown | {
        "id": to_public("edd", uuid7()), "confidence_code": found.confidence, "estimated_delivery_date": found.expected.isoformat(),
        "estimated_delivery_date_min": found.earliest.isoformat(), "estimated_delivery_date_max": found.latest.isoformat(),
    }  # fmt: skip


def _picked_up(told: Prediction, zone: ZoneInfo) -> datetime:
    """As it is told, or from when it is ordered and how the shop works; else now."""
    at = values.moment(told.pickup_time, "/pickup_time", zone)
    how = told.estimated_pickup
    if at or not how:
        return at or clock.business_now()
    ordered = values.moment(how.order_time, "/estimated_pickup/order_time", zone) or clock.business_now()
    return picked_up(ordered, _handling(how))


def _handling(how: Pickup) -> Handling:
    cutoff = None
    if how.order_cutoff_time:
        try:
            cutoff = time.fromisoformat(how.order_cutoff_time)
        except ValueError:
            raise values.wrong("/estimated_pickup/order_cutoff_time", "must be a time of day, for example 16:00:00") from None
    work = how.order_processing_time
    hours = work is not None and work.unit.lower().startswith("hour")
    days, left = (0, work.value) if work and hours else (int(work.value) if work else 0, 0)
    return Handling(cutoff, frozenset(how.business_days or ()), days, left)
