"""Shippo track_updated webhooks: every call with the whole history.

Signs as `Shippo-Auth-Signature: t=<unix>,v1=<hex>`: HMAC-SHA256 of `<t>.<raw body>`, for accounts that asked for it. The others bring our
secret in the address (`?secret=`). Its calls are not idempotent there; here a retry is known by its bytes, and a scan by what it says.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from integrations.carriers import proof
from integrations.carriers.shapes.sender import Sender
from integrations.registry import register
from postpurchase.lib import signing

HEADER = "shippo-auth-signature"
WINDOW = timedelta(minutes=10)


class Shippo(Sender):
    """Reads track_updated."""

    kind = "shippo"
    name = "Shippo"

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the secrets signed these bytes within the last minutes. A signature that is there has to hold."""
        given = headers.get(HEADER, "")
        if not given:
            return proof.shared(secrets, headers)
        parts = [part.strip().partition("=") for part in given.split(",")]
        at = next((value for name, _, value in parts if name == "t"), "")
        signatures = [value for name, _, value in parts if name == "v1"]
        wanted = [signing.hmac_hex(secret.encode(), at.encode() + b"." + body) for secret in secrets]
        return proof.recent(at, within=WINDOW) and proof.any_same(signatures, wanted)


register(Shippo())
