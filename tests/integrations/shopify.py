"""Our own Shopify bodies: the shapes of Admin API 2024-10, with our values."""

import copy
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "fixtures" / "shopify"
STORY = [
    ("orders/create", "order"),
    ("fulfillments/create", "fulfilment"),
    ("fulfillment_events/create", "fulfilment_event"),
    ("refunds/create", "refund"),
    ("orders/cancelled", "order_cancelled"),
]


def payload(name: str) -> dict[str, Any]:
    """A fresh copy of a fixture."""
    found: dict[str, Any] = copy.deepcopy(json.loads((FOLDER / f"{name}.json").read_text()))
    return found
