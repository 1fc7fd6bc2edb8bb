"""TrackingMore webhooks, v2 to v4: every call with the whole history of both legs.

Signs only an instant: hex HMAC-SHA256 of the timestamp with the account's key (v2: its email address), in headers, or in the body as
`verifyInfo`. Whoever caught one could put another body under it. So the connection's address, which nobody else knows, is half of the
proof; an instant has to be of the last quarter of an hour; and a bare shared secret is taken as well.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from integrations.carriers import proof
from integrations.carriers.shapes.sender import Sender
from integrations.registry import register
from postpurchase.lib import signing

WINDOW = timedelta(minutes=15)
SIGNATURES = ("signature", "trackingmore-signature", "x-trackingmore-signature")
INSTANTS = ("timestamp", "trackingmore-timestamp", "x-trackingmore-timestamp")


class _Verify(msgspec.Struct):
    timeStr: Any = None
    timestamp: Any = None
    signature: Any = None


class _Head(msgspec.Struct):
    verifyInfo: _Verify | None = None
    verify: _Verify | None = None


_heads = msgspec.json.Decoder(_Head)


class TrackingMore(Sender):
    """`pickup` alone means out for delivery there: the table knows."""

    kind = "trackingmore"
    name = "TrackingMore"
    makes_secret = True

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the secrets signed an instant of the last minutes, or comes with the call itself."""
        told = _verify(body)
        at = next((headers[name] for name in INSTANTS if headers.get(name)), str(told.timeStr or told.timestamp or ""))
        given = next((headers[name] for name in SIGNATURES if headers.get(name)), str(told.signature or ""))
        if not given:
            return proof.shared(secrets, headers)
        wanted = [signing.hmac_hex(secret.encode(), at.encode()) for secret in secrets]
        return proof.recent(at, within=WINDOW) and proof.any_same([given], wanted)


def _verify(body: bytes) -> _Verify:
    try:
        head = _heads.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Verify()
    return head.verifyInfo or head.verify or _Verify()


register(TrackingMore())
