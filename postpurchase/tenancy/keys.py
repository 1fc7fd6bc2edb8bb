"""API keys: made here, shown once, found by their digest."""

import hashlib
from collections.abc import Iterable

from postpurchase.lib.ids import random_token
from postpurchase.tenancy.models import ApiKey

SCOPES = (
    "orders:read", "orders:write", "customers:read", "shipments:read", "shipments:write", "messages:read", "events:read",
    "webhooks:read", "webhooks:write",
)  # fmt: skip


def digest(key: str) -> bytes:
    """SHA-256: enough for a key of 192 random bits, which nobody can guess from a digest."""
    return hashlib.sha256(key.encode()).digest()


def make(label: str, *, scopes: Iterable[str] = SCOPES, live: bool = False) -> tuple[ApiKey, str]:
    """A new key in the merchant's scope, and its text, which is never stored. Raises ValueError for an unknown scope."""
    wanted = list(scopes)
    if unknown := set(wanted) - set(SCOPES):
        raise ValueError(f"unknown scopes: {', '.join(sorted(unknown))}")
    text = f"pk_{'live' if live else 'test'}_{random_token(192)}"
    row = ApiKey.objects.create(label=label, prefix=text[:12], digest=digest(text), scopes=wanted, live=live)
    return row, text
