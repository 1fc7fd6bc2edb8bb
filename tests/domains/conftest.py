"""A name server that checks ask, and hands that put records into it."""

from collections.abc import Iterator
from typing import Any

import pytest

from domains import records
from domains.models import Domain
from tests.domains.name_server import NameServer


@pytest.fixture
def server(settings: Any) -> Iterator[NameServer]:
    yield from running(settings)


def running(settings: Any) -> Iterator[NameServer]:
    """A name server that this process asks, and no other; then it is stopped."""
    made = NameServer()
    made.start()
    settings.DNS_SERVERS = [made.address]
    settings.PORTAL_TARGET, settings.SPF_INCLUDE, settings.RETURN_PATH_TARGET = "portal.ours.test", "_spf.ours.test", "bounces.ours.test"
    yield made
    made.stop()


def quoted(text: str) -> str:
    """A TXT value in master file form: strings of at most 255 characters."""
    return " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))


def publish(server: NameServer, row: Domain, *keys: str) -> None:
    """Make the records of a name as its page tells (all, or these)."""
    for record in records.wanted(row):
        if not keys or record.key in keys:
            value = f"{record.value}." if record.kind == "CNAME" else quoted(record.value)
            server.zone[record.name, record.kind] = [value]
