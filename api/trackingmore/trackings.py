"""/v4/trackings"""

from collections.abc import Callable
from typing import Any

import msgspec
from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request

from api.compat import rows
from api.compat.door import MOST_BYTES, Theirs, may_tell_orders, sees_people
from api.trackingmore import shapes, show
from api.trackingmore.envelope import EXISTS, RETRACK, TOO_MANY, TrackingMore, answered, found, told
from api.trackingmore.search import wanted_page
from api.trackingmore.wanted import wanted
from api.v1 import decode, idempotency, mode
from api.v1.resource import body_of, key_of
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.gates import Key
from postpurchase.tenancy.problems import Problem
from tracking import follow, zones
from tracking.follow import AlreadyFollowed
from tracking.models import Shipment
from tracking.wanted import Refused

MOST = 40  # parcels of a batch


class Create(TrackingMore):
    """One more parcel."""

    def post(self, request: Request) -> HttpResponse:
        """Follow it; its order becomes known, if one is told."""
        return self.once(request, shapes.Create, lambda key, body: _shown(_create(key, body), key))


class Batch(TrackingMore):
    """Up to 40 parcels."""

    def post(self, request: Request) -> HttpResponse:
        """Each is followed or refused by itself."""
        key, raw = key_of(request), body_of(request, MOST_BYTES)
        return idempotency.once(request, key.id, raw, lambda: _many(key, raw))


class Get(TrackingMore):
    """Parcels, newest first."""

    def get(self, request: Request) -> HttpResponse:
        """A page by its number."""
        key = key_of(request)
        page, here = wanted_page(key, request.GET.dict()), rows.shop()
        return answered([show.tracking(one, here, people=sees_people(key)) for one in page])


class Update(TrackingMore):
    """One parcel."""

    def put(self, request: Request, public_id: str) -> HttpResponse:
        """What is told is changed."""
        return self.once(request, shapes.Update, lambda key, body: _shown(_change(found(request, public_id), key, body), key))


class Delete(TrackingMore):
    """One parcel."""

    def delete(self, request: Request, public_id: str) -> HttpResponse:
        """Follow it no more."""
        shipment = found(request, public_id)
        follow.remove(shipment)
        return answered(show.named(shipment))


class Retrack(TrackingMore):
    """Expect news of a parcel again."""

    def post(self, request: Request, public_id: str) -> HttpResponse:
        """Of one that is over, at most three times."""
        return self.once(request, None, lambda key, _: _retrack(found(request, public_id)))


def _shown(shipment: Shipment, key: Key) -> HttpResponse:
    return answered(show.tracking(rows.reloaded(shipment), rows.shop(), people=sees_people(key)))


def _create(key: Key, body: shapes.Create) -> Shipment:
    asked = wanted(body, zones.named(rows.shop().time_zone))
    if asked.tells_an_order:
        may_tell_orders(key)
    return _carried(lambda: follow.follow(asked, connection_id=mode.connection_of(key), test=not key.live))


def _change(shipment: Shipment, key: Key, body: shapes.Update) -> Shipment:
    asked = wanted(body, zones.named(rows.shop().time_zone))
    if asked.tells_an_order:
        may_tell_orders(key)
    return _carried(lambda: follow.change(shipment, asked, connection_id=mode.connection_of(key), test=not key.live))


def _retrack(shipment: Shipment) -> HttpResponse:
    try:
        return answered(show.named(follow.retrack(shipment)))
    except IllegalMove:
        message = f"Retrack is not allowed. You can only retrack an expired tracking, {follow.MOST_RETRACKS} times."
        raise Theirs(400, RETRACK, message) from None


def _many(key: Key, raw: bytes) -> HttpResponse:
    decode.no_nul(raw)
    try:
        items = msgspec.json.decode(raw, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise decode.malformed(error) from None
    if not 1 <= len(items) <= MOST:
        raise Theirs(400, TOO_MANY, f"A call takes 1 to {MOST} shipments.")
    results = [_one_of_many(key, bytes(item)) for item in items]
    good = [one for one in results if "errorCode" not in one]
    return answered({"success": good, "error": [one for one in results if "errorCode" in one]})


def _one_of_many(key: Key, raw: bytes) -> dict[str, Any]:
    try:
        with transaction.atomic():
            body = decode.parse(raw, shapes.Create)
            return show.named(_create(key, body)) | {"order_number": body.order_number}
    except Problem as why:
        code, message = told(why, why.status, why.body())
        given = msgspec.json.decode(raw)
        item = given if isinstance(given, dict) else {}
        names = {name: item.get(name) for name in ("tracking_number", "courier_code")}
        return names | {"errorCode": code, "errorMessage": message}


def _carried(act: Callable[[], Shipment]) -> Shipment:
    try:
        return act()
    except AlreadyFollowed:
        raise Theirs(400, EXISTS, "Tracking No. already exists.") from None
    except Refused as why:
        raise decode.invalid(why.errors) from None
