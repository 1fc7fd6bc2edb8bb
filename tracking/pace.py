"""How often a carrier is asked about a parcel, by its stage. Pure but for the jitter, which keeps parcels of one batch apart."""

import random
from datetime import datetime, timedelta

from tracking.models import ENDED, Shipment, Status

SOON = (timedelta(minutes=1), timedelta(minutes=30))  # a parcel that nobody has been asked about
BEFORE = (timedelta(hours=22), timedelta(hours=26))  # the first scan: daily
MOVING = (timedelta(minutes=110), timedelta(minutes=130))
OUT = (timedelta(minutes=15), timedelta(minutes=30))  # for delivery
SILENT = {False: timedelta(days=30), True: timedelta(days=45)}  # without news, before and after its first scan: nobody is asked any more
OUT_LONGEST = timedelta(hours=18)  # a van is back by then: what came of it is told in its own time


def next_at(parcel: Shipment, now: datetime) -> datetime | None:
    """When to ask next, business time; None when its journey is over, it has no number, or nothing has been heard for long."""
    if parcel.status in (*ENDED, Status.EXPIRED) or parcel.cancelled_at or not parcel.number:
        return None
    heard = max(parcel.last_scan_at or parcel.created_at, parcel.created_at)
    if now - heard > SILENT[parcel.first_scan_at is not None]:
        return None
    least, most = _between(parcel, now)
    return now + random.uniform(0, 1) * (most - least) + least  # noqa: S311 - spreads load, protects nothing


def _between(parcel: Shipment, now: datetime) -> tuple[timedelta, timedelta]:
    if parcel.status == Status.OUT_FOR_DELIVERY and now - (parcel.out_at or now) < OUT_LONGEST:
        return OUT
    if parcel.stage == "made":
        return BEFORE if parcel.polled_at else SOON
    return MOVING
