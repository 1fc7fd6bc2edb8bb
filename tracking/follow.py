"""Follow parcels for those who speak another service's language: begin, change, end, take up again, stop."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from integrations.carriers import directory
from integrations.types import FieldError, Outcome, ScanData
from orders.models import Order
from postpurchase.events import bus
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove
from tracking import find, zones
from tracking.followed import Following
from tracking.models import ENDED, Leg, Scan, Shipment, Status
from tracking.scans import record_scans
from tracking.settle import settle
from tracking.shipments import record_shipments
from tracking.wanted import Refused, Wanted, order_of, tell_order

BY_MERCHANT = "merchant"  # the source of scans that say what the merchant says
MOST_RETRACKS = 3
LATELY = timedelta(days=3650)  # an end that the merchant tells cannot lie further back


class AlreadyFollowed(Exception):
    """The parcel is known: by an earlier call, or with its order from a shop."""

    def __init__(self, shipment: Shipment) -> None:
        super().__init__(str(shipment))
        self.shipment = shipment


def follow(wanted: Wanted, *, connection_id: UUID, test: bool) -> Shipment:
    """Begin to follow a parcel, and make its order known if one is told. One that was only scanned so far, or removed, is taken up.

    Raises AlreadyFollowed, and Refused with the fields that do not fit.
    """
    find.one_at_a_time()
    known = _known(wanted)
    following = known and Following.objects.filter(shipment=known).first()
    if known and (following.removed_at is None if following else known.order_id is not None):
        raise AlreadyFollowed(known)
    order = order_of(wanted, connection_id=connection_id, test=test)
    if known and following:
        _take_back(known, following)
    shipment = _record(wanted, order, connection_id)
    values = {"details": wanted.details, "removed_at": None, "completed_at": None, "made": following.made if following else known is None}
    Following.objects.update_or_create(shipment=shipment, defaults=values)
    return _settled(shipment)


def change(shipment: Shipment, wanted: Wanted, *, connection_id: UUID, test: bool) -> Shipment:
    """Bring a followed parcel in line with what is told now; what is not told stays. Raises Refused, and AlreadyFollowed where the
    number is another parcel's with the carrier that is told.
    """
    find.one_at_a_time()
    if wanted.parcel.carrier:
        _rename(shipment, directory.normalise(wanted.parcel.carrier))
    wanted.parcel.carrier, wanted.parcel.number = shipment.carrier, shipment.number
    order = shipment.order
    if order is None:
        order = order_of(wanted, connection_id=connection_id, test=test)
    elif wanted.order_id not in ("", order.external_id):
        raise Refused([FieldError("/order_id", f"The parcel belongs to the order {order.external_id}: delete it and create it anew.")])
    else:
        order = tell_order(order, wanted)
    changed = _record(wanted, order, connection_id)
    following = _following(changed)
    following.details |= wanted.details
    following.save(update_fields=["details"])
    return _settled(changed)


def complete(shipment: Shipment, status: str, substatus: str, text: str, *, at: datetime | None) -> Shipment:
    """The merchant says how the parcel's journey ended, and when (now if None). Said once more, nothing changes. Raises Refused."""
    now = clock.business_now()
    when = at or now
    if not now - LATELY < when <= now + timedelta(days=1):
        raise Refused([FieldError("/event_datetime", "The time lies too far away: leave it out for now.")])
    following = _following(shipment)
    if following.completed_at and shipment.status == status:
        return shipment
    scan = ScanData(
        carrier=shipment.carrier,
        number=shipment.number,
        occurred_at=when,
        status=status,
        substatus=substatus,
        text=text,
        source=BY_MERCHANT,
    )
    recorded = record_scans([scan], connection_id=shipment.connection_id)[0]
    if recorded.outcome == Outcome.REFUSED:
        raise Refused(recorded.errors)
    following.completed_at = now
    following.save(update_fields=["completed_at"])
    shipment.refresh_from_db()
    return shipment


def is_active(shipment: Shipment, following: Following | None) -> bool:
    """Whether news is expected: not over, or taken up again since."""
    if following and following.completed_at:
        return False
    over = shipment.status in ENDED or shipment.status == Status.EXPIRED
    again = following.retracked_at if following else None
    return not over or bool(again and shipment.status_at and again > shipment.status_at)


def retrack(shipment: Shipment) -> Shipment:
    """Expect news of a parcel again; what the merchant said of its end is taken back. Raises IllegalMove while it is active, or after
    MOST_RETRACKS.
    """
    following = _following(shipment)
    if is_active(shipment, following):
        raise IllegalMove("active")
    if following.retracks >= MOST_RETRACKS:
        raise IllegalMove("often")
    Scan.objects.filter(shipment=shipment, source=BY_MERCHANT).delete()
    following.completed_at, following.retracked_at, following.retracks = None, clock.business_now(), following.retracks + 1
    following.save(update_fields=["completed_at", "retracked_at", "retracks"])
    return _settled(shipment)


def remove(shipment: Shipment) -> None:
    """Follow the parcel no more. One that came in this way counts as taken back, so that nobody is written about it; one that a shop or
    carrier told of stays as it is, and is only no longer listed to whom it was removed for.
    """
    following = _following(shipment)
    following.removed_at, following.details = clock.business_now(), {}
    following.save(update_fields=["removed_at", "details"])
    if following.made and shipment.cancelled_at is None:
        Shipment.objects.filter(pk=shipment.pk).update(cancelled_at=clock.business_now())
        _settled(shipment)


def _take_back(shipment: Shipment, following: Following) -> None:
    """What ended it here: that it was removed, and what the merchant said of its end."""
    Scan.objects.filter(shipment=shipment, source=BY_MERCHANT).delete()
    if following.made:
        Shipment.objects.filter(pk=shipment.pk).update(cancelled_at=None)


def _known(wanted: Wanted) -> Shipment | None:
    number = directory.normalise_number(wanted.parcel.number)
    lives = find.lives_of({number})[number]
    ids = find.parcels_at(lives, directory.normalise(wanted.parcel.carrier), clock.business_now())
    return Shipment.objects.filter(pk__in=ids).order_by("created_at").first() if ids else None


def _following(shipment: Shipment) -> Following:
    """Of a parcel that was asked for by one of these calls, which a shop's own parcel need not have been."""
    found, _ = Following.objects.select_for_update().get_or_create(shipment=shipment, defaults={"made": False})
    return found


def _record(wanted: Wanted, order: Order | None, connection_id: UUID) -> Shipment:
    data = msgspec.structs.replace(wanted.parcel, order_external_id=order.external_id if order else "")
    recorded = record_shipments([data], connection_id=order.connection_id if order else connection_id)[0]
    if recorded.outcome == Outcome.REFUSED:
        raise Refused(recorded.errors)
    return Shipment.objects.filter(pk__in=[recorded.id]).get()


def _rename(shipment: Shipment, carrier: str) -> None:
    """Another carrier for the parcel's own number."""
    if carrier == shipment.carrier:
        return
    taken = Leg.objects.filter(carrier=carrier, number=shipment.number).select_related("shipment").first()
    if taken:
        raise AlreadyFollowed(taken.shipment)
    Leg.objects.filter(shipment=shipment, carrier=shipment.carrier, number=shipment.number).update(carrier=carrier)
    shipment.carrier, shipment.carrier_seen = carrier, False
    shipment.save(update_fields=["carrier", "carrier_seen"])


def _settled(shipment: Shipment) -> Shipment:
    bus.publish_all(settle([shipment.pk], home_zone=zones.of_brand()))
    shipment.refresh_from_db()
    return shipment
