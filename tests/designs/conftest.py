"""Ann's order with a parcel, and designs of hers."""

from collections.abc import Callable
from typing import Any

import pytest

from notifications.designs.content import Content, read
from notifications.models import Stream
from tests.notifications.conftest import message, now, order, parcel

__all__ = ["message", "now", "order", "parcel"]
HEADER, FOOTER = {"type": "header", "id": "header"}, {"type": "footer", "id": "footer"}
Make = Callable[..., Content]


def made(*blocks: dict[str, Any], **more: Any) -> Content:
    """A design that the check has nothing against, with these blocks more."""
    numbered = [{"id": f"b{n}", **block} for n, block in enumerate(blocks)]
    text = {"type": "text", "id": "lead", "size": "big", "title": "Your order {{ order.number }}", "text": "It is <b>here</b>."}
    given = {"subject": "Order {{ order.number }}", "preheader": "It is here.", "blocks": [HEADER, text, *numbered, FOOTER]}
    return read({**given, **more})


@pytest.fixture
def marketing() -> str:
    return Stream.MARKETING
