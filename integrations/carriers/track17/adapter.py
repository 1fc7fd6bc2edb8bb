"""17TRACK push notifications, API v2: every call with the whole history of every carrier on the way.

Signs as `sign`: hex SHA-256 of `<raw body>/<API key>`. Not an HMAC, and no instant is signed: what was caught can be sent again, and is
known again by its bytes and by its scans. Whoever has the signing key has the whole account there, so it is kept encrypted here.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from integrations.carriers import proof
from integrations.carriers.shapes.sender import Sender
from integrations.registry import register


class _Head(msgspec.Struct):
    event: Any = None


_heads = msgspec.json.Decoder(_Head)


class Track17(Sender):
    """Reads TRACKING_UPDATED; that tracking has stopped says nothing of the parcel."""

    kind = "17track"
    name = "17TRACK"
    topics: tuple[str, ...] = ("TRACKING_UPDATED",)
    makes_secret = True

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the keys made the sum of these bytes."""
        wanted = [hashlib.sha256(body + b"/" + secret.encode()).hexdigest() for secret in secrets]
        return proof.any_same([headers.get("sign", "").lower()], wanted)

    def topic(self, headers: Mapping[str, str], body: bytes) -> str:
        """For example TRACKING_UPDATED."""
        try:
            found = _heads.decode(body).event
        except (msgspec.DecodeError, UnicodeDecodeError):
            return ""
        return found[:80] if isinstance(found, str) else ""


register(Track17())
