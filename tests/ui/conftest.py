import os
from collections.abc import Iterator
from typing import Any

import pytest

from postpurchase.lib import clock
from tests.ui.samples.parts import NOW


@pytest.fixture
def at_sample_time() -> Iterator[None]:
    """The moment of the samples: Mon 23 Nov 2026, 14:20 in Gothenburg."""
    with clock.frozen(NOW):
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """`manage.py test` finds a browser or installs one, and names it in POSTPURCHASE_CHROMIUM."""
    path = os.environ.get("POSTPURCHASE_CHROMIUM")
    return browser_type_launch_args | ({"executable_path": path, "args": ["--disable-gpu"]} if path else {})
