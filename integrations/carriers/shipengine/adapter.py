"""ShipEngine and ShipStation API webhooks: API_TRACK, every call with all events.

Signs with RSA-SHA256 over `<x-shipengine-timestamp>.<raw body>`, in base64; its public keys are a JSON Web Key Set that the merchant pastes
as the secret. Or a header with a secret of the merchant's own is set there (custom headers), which is then the secret here.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from integrations.carriers import proof
from integrations.carriers.shapes import times
from integrations.carriers.shapes.sender import Sender
from integrations.registry import register
from integrations.types import Item

SIGNATURE, KEY, INSTANT = "x-shipengine-rsa-sha256-signature", "x-shipengine-rsa-sha256-key-id", "x-shipengine-timestamp"
WINDOW = timedelta(minutes=10)
SMALLEST_KEY = 2048


class _Jwk(msgspec.Struct):
    kty: str = ""
    kid: str = ""
    n: str = ""
    e: str = ""


class _Jwks(msgspec.Struct):
    keys: list[_Jwk] = []


class _Head(msgspec.Struct):
    resource_type: Any = None


_heads = msgspec.json.Decoder(_Head)


class ShipEngine(Sender):
    """Reads API_TRACK."""

    kind = "shipengine"
    name = "ShipEngine / ShipStation"
    topics: tuple[str, ...] = ("API_TRACK",)
    makes_secret = True

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the keys signed these bytes within the last minutes; where no secret is a key, whether one comes with the call."""
        keys = [key for secret in secrets for key in _keys(secret, headers.get(KEY, ""))]
        if not keys:
            return proof.shared([secret for secret in secrets if not _is_key(secret)], headers)
        at = headers.get(INSTANT, "")
        told = times.moment(at, offset="Z")
        fresh = told is not None and proof.recent(str(int(told.timestamp())), within=WINDOW)
        return fresh and any(_signed(key, headers.get(SIGNATURE, ""), at.encode() + b"." + body) for key in keys)

    def topic(self, headers: Mapping[str, str], body: bytes) -> str:
        """The resource_type, for example API_TRACK."""
        try:
            found = _heads.decode(body).resource_type
        except (msgspec.DecodeError, UnicodeDecodeError):
            return ""
        return found[:80] if isinstance(found, str) else ""

    def read(self, topic: str, payload: Any, headers: Mapping[str, str] | None = None) -> list[Item] | None:
        """As every sender; the carrier stands in the address of the parcel where it does not stand with it."""
        if isinstance(payload, dict) and not payload.get("carrier_code"):
            payload = payload | {"carrier_code": _in_address(payload.get("resource_url"))}
        return super().read(topic, payload, headers)


def _in_address(address: Any) -> str:
    """The carrier_code of an address's query, '' for none."""
    try:
        return parse_qs(urlsplit(str(address)).query).get("carrier_code", [""])[0]
    except ValueError:
        return ""


def _is_key(secret: str) -> bool:
    return secret.lstrip().startswith(("{", "-----BEGIN"))


def _keys(secret: str, key_id: str) -> Iterator[rsa.RSAPublicKey]:
    """The public keys in a pasted secret: a key set (those of that id, if it is told), or one PEM."""
    try:
        if secret.lstrip().startswith("{"):
            yield from (
                _of_jwk(one) for one in msgspec.json.decode(secret, type=_Jwks).keys if one.kty == "RSA" and key_id in ("", one.kid)
            )
        elif _is_key(secret):
            key = serialization.load_pem_public_key(secret.strip().encode())
            if isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_KEY:
                yield key
    except (msgspec.DecodeError, ValueError):
        return


def _of_jwk(one: _Jwk) -> rsa.RSAPublicKey:
    e, n = (int.from_bytes(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)), "big") for part in (one.e, one.n))
    if n.bit_length() < SMALLEST_KEY:
        raise ValueError("the key is too short")
    return rsa.RSAPublicNumbers(e, n).public_key()


def _signed(key: rsa.RSAPublicKey, signature: str, signed: bytes) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), signed, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


register(ShipEngine())
