"""The scheme of Standard Webhooks 1.0.0: `{id}.{timestamp}.{body}` under HMAC-SHA256, a signature for each secret that holds."""

import base64
import os
from collections.abc import Sequence

from postpurchase.lib import signing

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    """whsec_ and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(os.urandom(BYTES)).decode()


def headers(event: str, body: bytes, secrets: Sequence[str], *, timestamp: int) -> dict[str, str]:
    """webhook-id, webhook-timestamp (seconds since 1970), webhook-signature."""
    signed = f"{event}.{timestamp}.".encode() + body
    each = [f"v1,{signing.hmac_base64(base64.b64decode(secret.removeprefix(PREFIX)), signed)}" for secret in secrets]
    return {"webhook-id": event, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(each)}
