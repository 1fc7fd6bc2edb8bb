from collections.abc import Iterator

import pytest

from brands.page import keeping
from brands.page.content import read
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import NOW, place, scan, ship


@pytest.fixture
def now() -> Iterator[clock.Hands]:
    """Thursday 5 March 2026, 11:00 in Berlin."""
    with clock.frozen(NOW) as hands:
        yield hands


@pytest.fixture
def shop(now: clock.Hands, in_ann: Merchant) -> Merchant:
    """Ann's shop at that time, its scope open."""
    return in_ann


@pytest.fixture
def order(ann: Merchant, now: clock.Hands) -> Order:
    """An order of Ann's with one parcel, scanned once."""
    with in_merchant(ann):
        order = place()
        ship(order)
        scan()
    return order


@pytest.fixture
def asking(ann: Merchant, order: Order) -> Order:
    """An order of a shop that allows everything."""
    with in_merchant(ann):
        row = keeping.locked()
        content = read(row.draft)
        content.asks = ["instructions", "day", "safe_place", "neighbour", "pickup", "missing", "address"]
        keeping.keep(row, content)
        keeping.publish(row)
    return order
