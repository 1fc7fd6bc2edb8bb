"""Adapters by the kind of connection they serve. An adapter knows one system's signature and words; it reads, and writes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from integrations.types import Item

ASKED = "asked-number"  # the header of a delivery that we asked for: the number that was asked for


class Unreadable(ValueError):
    """The body is not what this topic promises. The message says what is missing; the delivery is kept and listed."""


class Adapter(Protocol):
    """What every adapter offers. `headers` are lower-case."""

    kind: str
    name: str
    topics: tuple[str, ...]  # what it reads
    at_once: frozenset[str]  # topics that are read also while the connection is paused: the law does not wait
    makes_secret: bool  # whether the other side makes the signing secret; else we do, and it is entered there

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the secrets signed these raw bytes."""

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """What names this delivery; a retry carries the same."""

    def topic(self, headers: Mapping[str, str], body: bytes) -> str:
        """What the delivery is about, in the sender's words."""

    def read(self, topic: str, payload: Any, headers: Mapping[str, str]) -> list[Item] | None:
        """The facts in a decoded body; None for a topic that we do not read. Raises Unreadable."""


@runtime_checkable
class Decodes(Protocol):
    """An adapter whose bodies are not always JSON."""

    def decode(self, body: bytes) -> Any:
        """The body as dictionaries, lists and scalars. Raises Unreadable."""


@runtime_checkable
class Mapped(Protocol):
    """An adapter that reads what the merchant told it to, connection by connection."""

    def mapped(self, mapping: str) -> Adapter:
        """The adapter with a connection's mapping, which is JSON."""


_adapters: dict[str, Adapter] = {}


def register(adapter: Adapter) -> Adapter:
    """Make an adapter known. Adapters are imported by integrations.apps."""
    _adapters[adapter.kind] = adapter
    return adapter


def adapter(kind: str) -> Adapter:
    """The adapter of that kind. Raises KeyError."""
    return _adapters[kind]


def adapter_with(kind: str, mapping: str | None) -> Adapter:
    """The adapter of a connection of that kind, with its own mapping where the kind has one. Raises KeyError."""
    found = _adapters[kind]
    return found.mapped(mapping) if mapping and isinstance(found, Mapped) else found


def kinds() -> list[str]:
    """Every kind of connection that can receive."""
    return sorted(_adapters)
