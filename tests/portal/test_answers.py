"""The answer, per status."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from postpurchase.tenancy.models import Merchant
from tests.portal.acts import NOW, expect, page_of, place, scan, ship, told

FRIDAY, WEDNESDAY = date(2026, 3, 6), date(2026, 3, 4)
LAST = NOW - timedelta(hours=3)  # 08:00 in Berlin
STATES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "x": ({"status": "in_transit"}, {}),
}


@pytest.mark.parametrize("args", [
    {"status": "info_received"}, {"status": "in_transit"}, {"status": "out_for_delivery"}, {"status": "attempt_failed"},
    {"status": "attempt_failed", "substatus": "absent"}, {"status": "attempt_failed", "substatus": "address"},
    {"status": "available_for_pickup"}, {"status": "exception"}, {"status": "exception", "substatus": "customs_hold"},
    {"status": "exception", "substatus": "payment_due"}, {"status": "exception", "substatus": "damaged"}, {"status": "returning"}, {"status": "returned"}, {"status": "delivered"}, {"status": "delivered", "substatus": "neighbour"},
    {"status": "lost_or_destroyed"}, {"status": "expired"},
])
def test_x(args, shop):
    order = place()
    ship(order)
    expect("p-1", FRIDAY)
    scan(at=LAST, **args)
    print(args, told(page_of(order)))
    page=page_of(order)
    print("   ", page.parcels[0].badge, page.parcels[0].latest, [ (s.label,s.state,s.date and s.date.isoformat(),s.text) for s in (page.track.steps if page.track else [])])

def test_none(shop):
    order = place()
    print(told(page_of(order)), page_of(order).unshipped)
