"""/tracking/<version>/trackings"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from api.aftership import envelope, show
from api.aftership.envelope import AfterShip, answered, found
from api.aftership.search import wanted_rows
from api.aftership.shapes import Completed, Create, Update
from api.aftership.wanted import SLUGS, wanted
from api.compat import rows, values
from api.compat.door import Theirs, may_tell_orders, sees_people
from api.v1 import mode
from api.v1.decode import invalid
from api.v1.resource import key_of
from integrations.carriers.numbers.detect import likeliest
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.gates import Key
from postpurchase.ui import paging
from tracking import follow, zones
from tracking.follow import AlreadyFollowed
from tracking.models import Shipment
from tracking.wanted import Refused

ENDS = {
    "DELIVERED": ("delivered", "", "Marked as delivered by the shop"),
    "LOST": ("lost_or_destroyed", "lost", "Marked as lost by the shop"),
    "RETURNED_TO_SENDER": ("returned", "", "Marked as returned by the shop"),
}


class Trackings(AfterShip):
    """All parcels, newest first; or one more."""

    def get(self, request: Request, version: str) -> HttpResponse:
        """GET: a page by cursor."""
        key, query = key_of(request), request.GET.dict()
        mine = wanted_rows(key, query)
        size = query.get("limit") or "100"
        if not size.isdecimal() or not 1 <= int(size) <= 200:
            raise values.wrong("/limit", "must be a whole number from 1 to 200")
        try:
            page = paging.page(rows.whole(mine, rows.SCANS_IN_LIST), after=query.get("cursor") or "", size=int(size), keys=rows.NEWEST)
        except paging.BadCursor:
            raise values.wrong("/cursor", "is none of ours: take next_cursor from the page before") from None
        shown, here = _fields(query), rows.shop()
        return answered({
            "pagination": {
                "total": rows.at_most_counted(mine), "next_cursor": page.next_cursor or None, "has_next_page": bool(page.next_cursor)
            },
            "trackings": [show.tracking(one, here, people=sees_people(key), fields=shown) for one in page.items],
        })  # fmt: skip

    def post(self, request: Request, version: str) -> HttpResponse:
        """POST: follow a parcel; its order becomes known, if one is told."""
        return self.once(request, Create, _create)


class OneTracking(AfterShip):
    """One parcel."""

    def get(self, request: Request, version: str, public_id: str) -> HttpResponse:
        """With its latest 500 scans."""
        return _shown(found(request, public_id), key_of(request), fields=_fields(request.GET.dict()))

    def put(self, request: Request, version: str, public_id: str) -> HttpResponse:
        """What is told is changed."""
        return self.once(request, Update, lambda key, told: _change(found(request, public_id), key, told))

    def delete(self, request: Request, version: str, public_id: str) -> HttpResponse:
        """Follow it no more."""
        shipment = found(request, public_id)
        follow.remove(shipment)
        return answered({"legacy_id": public_id} | _names(shipment))


class Retrack(AfterShip):
    """Expect news of a parcel again."""

    def post(self, request: Request, version: str, public_id: str) -> HttpResponse:
        """Of one that is over, at most three times."""
        return self.once(request, None, lambda key, _: _retrack(found(request, public_id), key))


class Complete(AfterShip):
    """The shop says how it ended."""

    def post(self, request: Request, version: str, public_id: str) -> HttpResponse:
        """DELIVERED, LOST or RETURNED_TO_SENDER."""
        return self.once(request, Completed, lambda key, told: _complete(found(request, public_id), key, told))


def _shown(shipment: Shipment, key: Key, *, fields: frozenset[str] = frozenset(), code: int = 200) -> HttpResponse:
    return answered(show.tracking(rows.reloaded(shipment), rows.shop(), people=sees_people(key), fields=fields), code)


def _fields(query: dict[str, str]) -> frozenset[str]:
    return frozenset(name.strip() for name in (query.get("fields") or "").split(",") if name.strip())


def _create(key: Key, told: Create) -> HttpResponse:
    if not told.slug:
        told.slug = SLUGS.theirs(likeliest(told.tracking_number))
        if not told.slug:
            raise Theirs(400, envelope.BAD_COURIER, "We don't recognize the carrier from this tracking number: send its slug.")
    asked = wanted(told, zones.named(rows.shop().time_zone))
    if asked.tells_an_order:
        may_tell_orders(key)
    return _shown(_carried(key, lambda: follow.follow(asked, connection_id=mode.connection_of(key), test=not key.live)), key, code=201)


def _change(shipment: Shipment, key: Key, told: Update) -> HttpResponse:
    asked = wanted(told, zones.named(rows.shop().time_zone))
    if asked.tells_an_order:
        may_tell_orders(key)
    return _shown(_carried(key, lambda: follow.change(shipment, asked, connection_id=mode.connection_of(key), test=not key.live)), key)


def _complete(shipment: Shipment, key: Key, told: Completed) -> HttpResponse:
    if told.reason not in ENDS:
        raise values.wrong("/reason", f"must be one of {', '.join(ENDS)}")
    at = values.moment(told.event_datetime, "/event_datetime", zones.named(rows.shop().time_zone))
    return _shown(_carried(key, lambda: follow.complete(shipment, *ENDS[told.reason], at=at)), key)


def _retrack(shipment: Shipment, key: Key) -> HttpResponse:
    try:
        return _shown(follow.retrack(shipment), key)
    except IllegalMove as why:
        if str(why) == "often":
            message = f"Retrack is not allowed. A tracking can be retracked {follow.MOST_RETRACKS} times."
            raise Theirs(400, envelope.RETRACK_OFTEN, message) from None
        raise Theirs(400, envelope.RETRACK, "Retrack is not allowed. You can only retrack an inactive tracking.") from None


def _carried(key: Key, act: Callable[[], Shipment]) -> Shipment:
    try:
        return act()
    except AlreadyFollowed as known:
        raise Theirs(400, envelope.EXISTS, "Tracking already exists.", data=_named(key, known.shipment)) from None
    except Refused as why:
        raise invalid(why.errors) from None


def _named(key: Key, shipment: Shipment) -> dict[str, Any]:
    """What names it, if the key may know."""
    if not rows.followed(key).filter(pk=shipment.pk).exists():
        return {}
    return _names(shipment)


def _names(shipment: Shipment) -> dict[str, Any]:
    return {"id": to_public("shp", shipment.pk), "tracking_number": shipment.number, "slug": SLUGS.theirs(shipment.carrier)}
