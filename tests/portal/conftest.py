from collections.abc import Iterator

import pytest

from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from tests.portal.acts import NOW


@pytest.fixture
def now() -> Iterator[clock.Hands]:
    """Thursday 5 March 2026, 11:00 in Berlin."""
    with clock.frozen(NOW) as hands:
        yield hands


@pytest.fixture
def shop(now: clock.Hands, in_ann: Merchant) -> Merchant:
    """Ann's shop at that time, its scope open."""
    return in_ann
