"""How often a parcel is asked about: its stage decides, and silence and the end stop it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.tracking.conftest import at
from tracking import pace
from tracking.models import Shipment

NOW = at(0)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def parcel(status: str, **given: Any) -> Shipment:
    return Shipment(**{"status": status, "number": "N1", "created_at": NOW - DAY, "polled_at": NOW} | given)


@pytest.mark.parametrize(
    ("row", "least", "most"),
    [
        (parcel("pending", polled_at=None), MINUTE, 30 * MINUTE),
        (parcel("pending"), 22 * HOUR, 26 * HOUR),
        (parcel("info_received"), 22 * HOUR, 26 * HOUR),
        (parcel("in_transit", first_scan_at=NOW), 110 * MINUTE, 130 * MINUTE),
        (parcel("exception", first_scan_at=NOW), 110 * MINUTE, 130 * MINUTE),
        (parcel("available_for_pickup", first_scan_at=NOW), 110 * MINUTE, 130 * MINUTE),
        (parcel("returning", first_scan_at=NOW), 110 * MINUTE, 130 * MINUTE),
        (parcel("out_for_delivery", first_scan_at=NOW, out_at=NOW), 15 * MINUTE, 30 * MINUTE),
        (parcel("out_for_delivery", first_scan_at=NOW, out_at=NOW - DAY), 110 * MINUTE, 130 * MINUTE),
    ],
)
def test_the_stage_sets_the_pace(row: Shipment, least: timedelta, most: timedelta) -> None:
    found = {pace.next_at(row, NOW) for _ in range(20)}

    assert all(one is not None and NOW + least <= one <= NOW + most for one in found)
    assert len(found) > 1, "parcels of one batch would be asked about together"


@pytest.mark.parametrize(
    "row",
    [
        parcel("delivered", first_scan_at=NOW),
        parcel("returned"),
        parcel("lost_or_destroyed"),
        parcel("cancelled"),
        parcel("expired"),
        parcel("in_transit", cancelled_at=NOW),
        parcel("pending", number=""),
        parcel("pending", created_at=NOW - 31 * DAY),
        parcel("in_transit", created_at=NOW - 90 * DAY, first_scan_at=NOW - 80 * DAY, last_scan_at=NOW - 46 * DAY),
    ],
)
def test_the_end_and_a_long_silence_stop_it(row: Shipment) -> None:
    assert pace.next_at(row, NOW) is None


def test_news_keeps_an_old_parcel_going() -> None:
    heard: datetime = NOW - 40 * DAY

    assert pace.next_at(parcel("in_transit", created_at=NOW - 90 * DAY, first_scan_at=heard, last_scan_at=heard), NOW)
