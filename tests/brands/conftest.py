from collections.abc import Iterator
from typing import Any

import pytest

from tests.brands.shop import Site


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    made = Site()
    settings.OUTBOUND_HOSTS = [made.url.split("/")[2]]
    yield made
    made.stop()
