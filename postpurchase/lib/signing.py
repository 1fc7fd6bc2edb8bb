"""Message authentication codes over raw bytes, compared in constant time."""

import base64
import hashlib
import hmac


def hmac_sha256(secret: bytes, body: bytes) -> bytes:
    """The 32 raw bytes of HMAC-SHA256 (RFC 2104)."""
    return hmac.digest(secret, body, hashlib.sha256)


def hmac_base64(secret: bytes, body: bytes) -> str:
    """HMAC-SHA256 in base64, as Shopify signs."""
    return base64.b64encode(hmac_sha256(secret, body)).decode()


def hmac_hex(secret: bytes, body: bytes) -> str:
    """HMAC-SHA256 in lower-case hex, as EasyPost signs."""
    return hmac_sha256(secret, body).hex()


def same(given: str, wanted: str) -> bool:
    """Equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())
