"""How a carrier proves that a call is its own, where it signs nothing: a shared secret in a header or in the address."""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from postpurchase.lib import clock, signing

IN_ADDRESS = ":secret"  # what stood behind `?secret=`; no header can have this name
HEADERS = ("x-webhook-secret", "x-api-key", "credential", "x-secret", "x-auth-token", "apikey", IN_ADDRESS)


def shared(secrets: Sequence[str], headers: Mapping[str, str]) -> bool:
    """Whether one of the secrets stands in the address, in a header of its own, or as a bearer's or a password (RFC 6750, 7617)."""
    given = [headers.get(name, "") for name in HEADERS]
    return any_same([one for one in [*given, *_authorization(headers.get("authorization", ""))] if one], secrets)


def any_same(given: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether one of the given is one of the wanted, each compared in constant time."""
    wanted = list(wanted)
    return any(signing.same(one, other) for one in given for other in wanted)


def recent(seconds: str, *, within: timedelta) -> bool:
    """Whether an instant in seconds or milliseconds since 1970 lies within so long of now, before or after."""
    if not seconds.isdecimal() or len(seconds) > 13:
        return False
    told = int(seconds) / (1000 if len(seconds) == 13 else 1)
    return abs(clock.machine_now().timestamp() - told) <= within.total_seconds()


def _authorization(value: str) -> list[str]:
    scheme, _, rest = value.partition(" ")
    if scheme.lower() == "bearer":
        return [rest.strip()]
    if scheme.lower() != "basic":
        return []
    try:
        return [base64.b64decode(rest, validate=True).decode().partition(":")[2]]
    except (binascii.Error, UnicodeDecodeError):
        return []
