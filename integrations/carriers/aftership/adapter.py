"""AfterShip tracking webhooks: `{event_id, event, ts, msg}`, every call with all checkpoints.

Signs as `aftership-hmac-sha256`: base64 HMAC-SHA256 of the raw body. No instant is signed apart, so what was caught can be sent again:
the inbox knows an event_id for 30 days, and what says by its own `ts`, which is under the signature, that it is older is refused.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from integrations.carriers import proof
from integrations.carriers.shapes.sender import REMEMBERED, Sender
from integrations.registry import register
from postpurchase.lib import signing

HEADERS = ("aftership-hmac-sha256", "as-signature-hmac-sha256")


class _Head(msgspec.Struct):
    event_id: Any = None
    event: Any = None
    ts: Any = None


_heads = msgspec.json.Decoder(_Head)


class AfterShip(Sender):
    """Reads tracking_update and edd_revise."""

    kind = "aftership"
    name = "AfterShip"
    topics: tuple[str, ...] = ("edd_revise", "tracking_pending_time", "tracking_update")
    makes_secret = True

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the secrets signed these bytes, and lately enough to be known again if it was sent before."""
        wanted = [signing.hmac_base64(secret.encode(), body) for secret in secrets]
        if not proof.any_same([headers.get(name, "") for name in HEADERS], wanted):
            return False
        told = _head(body).ts
        return told is None or proof.recent(str(told).partition(".")[0], within=REMEMBERED)

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """The event's id; a hash of the body where there is none."""
        found = _head(body).event_id
        return found[:120] if isinstance(found, str) and found else hashlib.sha256(body).hexdigest()

    def topic(self, headers: Mapping[str, str], body: bytes) -> str:
        """For example tracking_update."""
        found = _head(body).event
        return found[:80] if isinstance(found, str) else ""


def _head(body: bytes) -> _Head:
    try:
        return _heads.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Head()


register(AfterShip())
