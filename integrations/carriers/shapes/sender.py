"""What most adapters of carriers are: a name, a shape, and a proof."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from integrations.carriers import proof
from integrations.carriers.shapes.decode import decode
from integrations.carriers.shapes.read import items
from integrations.carriers.shapes.shape import Shape, load
from integrations.registry import Unreadable
from integrations.types import Item

TRACKING = "tracking"
REMEMBERED = timedelta(days=29)  # the inbox knows a delivery again for 30 days: what is older than this is a replay


class Sender:
    """An adapter whose bodies are described by shape.json in its folder. One of a single carrier says its code as `carrier`."""

    kind = ""
    name = ""
    carrier = ""
    topics: tuple[str, ...] = (TRACKING,)
    at_once: frozenset[str] = frozenset()
    makes_secret = False

    @cached_property
    def shape(self) -> Shape:
        """Where things are in its bodies."""
        return load(Path(__file__).parents[1] / type(self).__module__.split(".")[-2])

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the call brings one of the secrets, in the address or a header: most carriers sign nothing."""
        return proof.shared(secrets, headers)

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """A hash of the body: a retry carries the same."""
        return hashlib.sha256(body).hexdigest()

    def topic(self, headers: Mapping[str, str], body: bytes) -> str:
        """Carriers have one."""
        return TRACKING

    def decode(self, body: bytes) -> Any:
        """JSON or XML. Raises Unreadable."""
        return decode(body)

    def read(self, topic: str, payload: Any, headers: Mapping[str, str] | None = None) -> list[Item] | None:
        """The scans of its parcels, the days they are expected, further legs. Raises Unreadable for a body that names no parcel."""
        if topic not in self.topics:
            return None
        if not isinstance(payload, dict | list):
            raise Unreadable("the body is neither an object nor a list")
        return items(self.shape, payload, source=self.kind, carrier=self.carrier)
