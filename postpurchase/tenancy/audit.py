"""The log of what people, their keys and we ourselves did at a merchant: written in the act's own transaction, chained by hashes."""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import AuditCheck, AuditEntry, AuditOrigin, User
from postpurchase.tenancy.request_log import GIVEN

SECRET = re.compile(r"secret|password|token|digest|seed", re.IGNORECASE)
LOCK = 0x0A0D17  # seeds the hash of the merchant's id, apart from the other advisory locks
LONGEST = 500  # characters of a value that is kept
SIZE = 5000  # entries that are checked at once
BEGIN = b""  # what stands before the first entry
CONTENT = ("merchant_id", "number", "at", "actor", "act", "subject", "words", "changes", "origin", "request_id")

Changes = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Caller:
    """Who acts, and from where."""

    actor: str
    user_id: int | None = None
    address: str = ""
    request_id: str = ""


SYSTEM = Caller("system")


def person(user_id: int) -> str:
    """A person as the log names them: by number, which says nothing once their account is deleted."""
    return f"person:{user_id}"


def as_person(address: str) -> dict[str, int] | str:
    """An email address as the log keeps it: whoever signs in with it by number, anything else as it stands."""
    found = User.objects.filter(email=address.lower()).values_list("pk", flat=True).first() if address else None
    return {"person": found} if found else address


def caller(request: Any, *, user: Any = None, request_id: str = "") -> Caller:
    """Who is behind a request: its API key, `user`, or who is signed in; we ourselves where there is nobody."""
    bare = getattr(request, "_request", request)  # DRF wraps Django's
    key, who = getattr(bare, "api_key", None), user or getattr(bare, "user", None)
    given = request_id or bare.META.get("HTTP_X_REQUEST_ID", "")
    named = given if GIVEN.fullmatch(given) else ""
    address = bare.META.get("REMOTE_ADDR", "")
    if key:
        return Caller(to_public("key", key.id), None, address, named)
    return Caller(person(who.pk), who.pk, address, named) if who and who.pk else Caller("system", None, address, named)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """{field: (before, after)} of the fields that differ."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}


def record(by: Caller, act: str, *, subject: str = "", words: str = "", changes: Changes | None = None) -> AuditEntry:
    """Add an entry to the log of the merchant in scope. It stands or falls with the transaction around it.

    Call it last in an act: entries of one merchant wait for each other until COMMIT. Raises ValueError for a field that sounds like a
    secret, whatever its value; NoMerchant outside a scope.
    """
    for name in changes or {}:
        if SECRET.search(name):
            raise ValueError(f"{name} may be a secret: the log says that it changed, by the name of the act, and never what it was")
    _wait_for_others()
    last = AuditEntry.objects.order_by("-number").only("number", "at", "hash").first()
    salt = secrets.token_bytes(16) if by.address else b""
    entry = AuditEntry(
        merchant_id=scope.merchant_id(),
        number=last.number + 1 if last else 1,
        at=max(clock.machine_now(), last.at) if last else clock.machine_now(),  # in order, so that a time finds its number
        actor=by.actor,
        act=act,
        subject=subject,
        words=_text(words)[:200],
        changes={name: [_plain(before), _plain(after)] for name, (before, after) in (changes or {}).items()},
        origin=commitment(salt, by.address),
        request_id=by.request_id,
    )
    entry.hash = fingerprint(vars(entry), bytes(last.hash) if last else BEGIN)
    entry.save(force_insert=True)
    if last is None:
        ask()  # from now on it is read through once a day
    if by.address:
        AuditOrigin.objects.create(entry=entry, user_id=by.user_id, salt=salt, address=by.address[:45])
    return entry


def _wait_for_others() -> None:
    here = scope.demand("audit.record()")
    if here.merchant_id is None:
        raise scope.NoMerchant("the log is one merchant's: record in its scope")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [str(here.merchant_id), LOCK])


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return _text(value)[:LONGEST]


def _text(value: Any) -> str:
    return str(value).replace("\0", "")  # PostgreSQL takes none


def commitment(salt: bytes, address: str) -> bytes:
    """What an entry keeps of an address: provable while the salt is kept beside it, nothing at all afterwards."""
    return hashlib.sha256(salt + address.encode()).digest() if address else b""


def fingerprint(row: Mapping[str, Any], before: bytes) -> bytes:
    """SHA-256 of the hash before and the entry's content: its CONTENT as one JSON list, keys sorted, no spaces (docs/audit.md)."""
    content = [_written(row[name]) for name in CONTENT]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(before + text.encode()).digest()


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value) if isinstance(value, UUID) else value


@dataclass
class Verdict:
    """What reading a log through has shown."""

    entries: int = 0
    since: datetime | None = None
    head: bytes = BEGIN
    broken_at: int | None = None


def verify(known: tuple[int, bytes] = (0, BEGIN)) -> Verdict:
    """Read the whole log of the merchant in scope. `known`: how many entries there were once, and the hash of the last of them.

    Memory stays flat: it is read by ranges of numbers.
    """
    found = Verdict()
    for row in _rows():
        proof = commitment(bytes(row["salt"]), row["address"]) if row["salt"] is not None else bytes(row["origin"])
        hash_ = fingerprint(row, found.head)
        kept = row["number"] != known[0] or hash_ == known[1]
        if row["number"] != found.entries + 1 or hash_ != bytes(row["hash"]) or proof != bytes(row["origin"]) or not kept:
            found.broken_at = found.entries + 1
            return found
        found.entries, found.head, found.since = row["number"], hash_, found.since or row["at"]
    if found.entries < known[0]:
        found.broken_at = found.entries + 1  # the newest ones were cut off
    return found


def _rows() -> Iterator[dict[str, Any]]:
    """By ranges of numbers, not by LIMIT: a range of the index is read even where the table was never analysed."""
    names = (*CONTENT, "hash", "origins__salt", "origins__address")
    last = AuditEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    for after in range(0, last, SIZE):
        for row in AuditEntry.objects.filter(number__gt=after, number__lte=after + SIZE).order_by("number").values(*names):
            yield row | {"salt": row["origins__salt"], "address": row["origins__address"]}


def ask() -> AuditCheck:
    """Note that somebody wants the log read through. Safe to repeat."""
    row, _ = AuditCheck.objects.update_or_create(defaults={"asked_at": clock.machine_now()})
    return row


def check() -> AuditCheck:
    """Read the log of the merchant in scope through and keep what was found; what an earlier check has seen must still be there."""
    row, _ = AuditCheck.objects.get_or_create(defaults={"asked_at": clock.machine_now()})
    started, found = clock.machine_now(), verify((row.entries, bytes(row.head)))
    row.checked_at, row.broken_at = max(started, row.asked_at), found.broken_at
    if found.broken_at is None:  # else the last good state stays, to be compared with
        row.entries, row.since, row.head = found.entries, found.since, found.head
    row.save()
    return row
