"""Ann's shop with parcels in trouble, on the Monday of tests/dashboard/shop.py."""

from collections.abc import Iterator

import pytest

from desk.models import Case
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant, User
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.shop import NOW, fill


@pytest.fixture
def now() -> Iterator[clock.Hands]:
    with clock.frozen(NOW) as hands:
        yield hands


@pytest.fixture
def shop(ann: Merchant) -> Merchant:
    fill(ann)
    return ann


@pytest.fixture
def in_shop(shop: Merchant, now: clock.Hands) -> Iterator[Merchant]:
    with in_merchant(shop):
        yield shop


@pytest.fixture
def stalled(in_shop: Merchant) -> Case:
    """Of order #852, to Denmark."""
    return Case.objects.select_related("shipment__order").get(shipment__order__number="#852")


@pytest.fixture
def somebody(db: None) -> User:
    return User.objects.create_user("somebody@ann.example", "a long password 1234")
