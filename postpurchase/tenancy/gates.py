"""The only look-ups made before a merchant is known. Each is one SQL function that returns ids and little else, in its tables' app."""

import uuid
from datetime import datetime
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError, connection

from postpurchase.tenancy.keys import digest


class Key(NamedTuple):
    """What an API key opens."""

    merchant_id: uuid.UUID
    id: uuid.UUID
    scopes: list[str]
    live: bool
    stale: bool  # last_used_at is over five minutes old


class Source(NamedTuple):
    """Who may post to the inbound door of a connection: what system it is, and the sealed secrets that it signs with."""

    merchant_id: uuid.UUID
    id: uuid.UUID
    kind: str
    secret: bytes | memoryview | None
    old_secret: bytes | memoryview | None
    old_secret_until: datetime | None


class Member(NamedTuple):
    """Where a membership leads."""

    merchant_id: uuid.UUID
    id: uuid.UUID
    role: str
    needs_factor: bool = False  # an owner without a second factor, where the merchant wants one of its owners


def _ask(function: str, *args: Any) -> tuple[Any, ...] | None:
    """The row that the function gives. Made for a request's first question, so it is the health check of a kept connection as well."""
    if connection.in_atomic_block:
        return _asked(function, args)
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _asked(function, args)
    except (InterfaceError, OperationalError):  # the server was restarted since the last request
        connection.close()
        return _asked(function, args)


def _asked(function: str, args: tuple[Any, ...]) -> tuple[Any, ...] | None:
    marks = ", ".join(["%s"] * len(args))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({marks})", args)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def by_api_key(key: str) -> Key | None:
    """The live key of that text, or None for unknown and revoked ones alike."""
    row = _ask("gate_api_key", digest(key))
    return Key(*row) if row else None


def by_membership(user_id: int, slug: str) -> Member | None:
    """The person's place at that merchant, or None: a stranger and a missing merchant look alike."""
    row = _ask("gate_membership", user_id, slug)
    return Member(*row) if row else None


def merchants_of(user_id: int) -> list[tuple[uuid.UUID, str, str]]:
    """(id, slug, name) of every merchant the person works for, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gate_merchants_of(%s)", [user_id])
        rows: list[tuple[uuid.UUID, str, str]] = cursor.fetchall()
        return rows


def by_invitation(invitation_id: uuid.UUID) -> uuid.UUID | None:
    """The merchant that an invitation is to, or None: for the links in its mails."""
    return _owner("gate_invitation", invitation_id)


def by_logo(logo_id: uuid.UUID) -> uuid.UUID | None:
    """The merchant of a logo, or None: pages and mails show it to anybody."""
    return _owner("gate_logo", logo_id)


def by_host(host: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """(merchant id, brand id) whose portal answers at this host name, or None."""
    row = _ask("gate_portal_host", host.lower())
    return (row[0], row[1]) if row else None


def _owner(function: str, row: uuid.UUID) -> uuid.UUID | None:
    found = _ask(function, row)
    return found[0] if found else None


def by_connection(connection_id: uuid.UUID) -> Source | None:
    """The connection of that id as its inbound door needs it, or None."""
    row = _ask("gate_inbound", connection_id)
    return Source(*row) if row else None


def by_sms(account_id: uuid.UUID) -> tuple[uuid.UUID, bytes | memoryview] | None:
    """(merchant id, sealed token) of an account for text messages, or None: for what its provider posts."""
    row = _ask("gate_sms", account_id)
    return (row[0], row[1]) if row else None


def by_link(link_id: uuid.UUID) -> uuid.UUID | None:
    """The merchant of a message's links, or None: for clicks and opens."""
    return _owner("gate_link", link_id)


def by_message(message_id: uuid.UUID) -> uuid.UUID | None:
    """The merchant of a message, or None: for unsubscribe links and providers' reports."""
    return _owner("gate_message", message_id)


def tracking_page(order_id: uuid.UUID) -> tuple[uuid.UUID, str] | None:
    """(merchant id, version) of an order's tracking page, or None. Any write to the order, a parcel or the brand changes the version."""
    row = _ask("gate_tracking_page", order_id)
    return (row[0], row[1]) if row else None


def tracking_facts(order_id: uuid.UUID, most_scans: int) -> tuple[uuid.UUID, str, str] | None:
    """(merchant id, version, facts as JSON) of an order's tracking page, or None: read behind the gate, in the merchant's scope."""
    row = _ask("tracking_page", order_id, most_scans)
    return (row[0], row[1], row[2]) if row and row[2] else None
