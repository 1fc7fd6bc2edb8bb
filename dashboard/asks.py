"""What a connection's page says of asking the carrier, and of a mapping of the merchant's own."""

from typing import Any

from django.http import HttpRequest

from dashboard import links
from integrations.carriers.asking import OWN, WAYS
from integrations.models import Connection
from tracking.polling import keep


def of(request: HttpRequest, row: Connection, *, editable: bool) -> dict[str, Any] | None:
    """How asking fares; None for a kind that cannot be asked. Without a poller only who may set one up is told."""
    if row.kind not in WAYS:
        return None
    poller, url = keep.of(row), links.to(request, "connection-asking", connection_id=row.pk) if editable else ""
    if poller is None:
        return {"on": False, "set": False, "url": url} if editable else None
    return {
        "on": poller.asking and not row.paused_at,
        "set": True,
        "url": url,
        "last_at": poller.last_at,
        "next_at": None if row.paused_at else keep.next_at(poller),
        "good_at": poller.last_good_at,
        "resume_at": poller.resume_at,
        "error": poller.last_error,
    }


def own(request: HttpRequest, row: Connection, *, editable: bool) -> dict[str, Any] | None:
    """Where its mapping and its files are; None for a kind that is read as we know it."""
    if row.kind != OWN:
        return None
    names = ("mapping", "file") if editable else ()
    urls = {name: links.to(request, f"connection-{name}", connection_id=row.pk) for name in names}
    return {"mapped": bool(row.mapping), "urls": urls}
