"""Ann's shop with a past, seen by four of her people."""

from collections.abc import Iterator

import pytest
from django.test import Client

from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.shop import NOW, fill
from tests.kept import kept
from tests.people import open_shop, signed_in


@pytest.fixture
def now() -> Iterator[clock.Hands]:
    with clock.frozen(NOW) as hands:
        yield hands


@pytest.fixture
def ann(request: pytest.FixtureRequest, db: None) -> Merchant:
    """Ann's merchant: with a past where the test asks for `shop` or `busy`, else just opened."""
    if "busy" in request.fixturenames:
        return kept("busy", lambda: past(more=45))
    return kept("shop", past) if "shop" in request.fixturenames else open_shop("ann")


def past(more: int = 0) -> Merchant:
    merchant = open_shop("ann")
    fill(merchant, more=more)
    return merchant


@pytest.fixture
def shop(ann: Merchant) -> Merchant:
    """Ann's merchant after two and a half weeks of trade, on Monday 23 November 2026, 14:20 in Berlin."""
    return ann


@pytest.fixture
def busy(ann: Merchant) -> Merchant:
    """The same with 45 more parcels that came, before all others: lists of two pages."""
    return ann


@pytest.fixture
def viewer(ann: Merchant) -> Client:
    return signed_in(ann, Role.VIEWER)


@pytest.fixture
def agent(ann: Merchant) -> Client:
    return signed_in(ann, Role.AGENT)


@pytest.fixture
def stranger(bob: Merchant) -> Client:
    """Bob's owner, who has no business at Ann's."""
    return signed_in(bob, Role.OWNER)


@pytest.fixture
def in_shop(shop: Merchant) -> Iterator[Merchant]:
    with in_merchant(shop):
        yield shop
