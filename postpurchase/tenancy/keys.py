"""API keys: made here, shown once, found by their digest."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from postpurchase.lib import clock
from postpurchase.lib.ids import random_token
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import ApiKey, Merchant, User

SCOPES = (
    "orders:read", "orders:write", "customers:read", "shipments:read", "shipments:write", "messages:read", "events:read",
    "webhooks:read", "webhooks:write", "flows:read", "flows:write",
)  # fmt: skip

MOST = 40  # keys of a merchant that open something
OVERLAPS = (timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30))  # for which an old key goes on


class NameTaken(ValueError):
    """A key that opens something has this name."""


def digest(key: str) -> bytes:
    """SHA-256: enough for a key of 192 random bits, which nobody can guess from a digest."""
    return hashlib.sha256(key.encode()).digest()


def make(label: str, *, scopes: Iterable[str] = SCOPES, live: bool = False, by: User | None = None) -> tuple[ApiKey, str]:
    """A new key in the merchant's scope, and its text, which is never stored. Raises ValueError for an unknown scope."""
    wanted = list(scopes)
    if unknown := set(wanted) - set(SCOPES):
        raise ValueError(f"unknown scopes: {', '.join(sorted(unknown))}")
    text = f"pk_{'live' if live else 'test'}_{random_token(192)}"
    row = ApiKey.objects.create(label=label, prefix=text[:12], digest=digest(text), scopes=wanted, live=live, made_by=by)
    return row, text


def opening() -> QuerySet[ApiKey]:
    """Those that open something now."""
    return ApiKey.objects.filter(Q(ends_at=None) | Q(ends_at__gt=clock.machine_now()), revoked_at=None)


def add(label: str, *, scopes: Iterable[str], live: bool, by: User) -> tuple[ApiKey, str]:
    """A new key under a name that is free: pressing twice makes one. Raises NameTaken, and IllegalMove past MOST."""
    _one_at_a_time()
    if opening().filter(label=label, ends_at=None).exists():
        raise NameTaken
    if opening().count() >= MOST:
        raise IllegalMove(_("There are %s keys already. Revoke one that nobody uses first.") % MOST)
    return make(label, scopes=scopes, live=live, by=by)


def rotate(row: ApiKey, *, overlap: timedelta, by: User) -> tuple[ApiKey, str]:
    """A key in its place with the same name and rights; the old one opens for `overlap` (one of OVERLAPS) too.

    Raises IllegalMove where it has ended or is being replaced already.
    """
    _one_at_a_time()
    now = clock.machine_now()
    ended = {"ends_at": now + overlap} if overlap else {"ends_at": now, "revoked_at": now}
    if not opening().filter(pk=row.pk, ends_at=None).update(**ended):
        raise IllegalMove(_("This key has ended, or another one has taken its place already."))
    row.ends_at = now + overlap
    return make(row.label, scopes=row.scopes, live=row.live, by=by)


def revoke(row: ApiKey) -> datetime:
    """It opens nothing from now on. Raises IllegalMove where it has ended."""
    now = clock.machine_now()
    if not opening().filter(pk=row.pk).update(revoked_at=now):
        raise IllegalMove(_("This key has ended already."))
    row.revoked_at = now
    return now


def _one_at_a_time() -> None:
    """Who else makes or replaces a key of this merchant waits. NO KEY: orders that come in meanwhile do not."""
    Merchant.objects.select_for_update(no_key=True).get(pk=scope.demand("an API key's making").merchant_id)  # type: ignore[misc]
