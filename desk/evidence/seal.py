"""Evidence chained, signed, and written as bytes that cannot be changed unseen. verify_evidence.py reads what is written here."""

import hashlib
import json
import uuid
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from desk.models import SigningKey
from postpurchase.lib import crypto
from postpurchase.tenancy import scope

Facts = dict[str, Any]


def plain(value: Any) -> bytes:
    """JSON in one way only: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def chained(events: list[Facts]) -> list[Facts]:
    """Each event with its number, the hash of the one before, and its own over all of that."""
    found, before = [], ""
    for number, event in enumerate(events, 1):
        linked = event | {"number": number, "before": before}
        before = hashlib.sha256(plain(linked)).hexdigest()
        found.append(linked | {"hash": before})
    return found


class Signer:
    """The shop's key at work. Made with the first evidence: of two at once, one makes it."""

    def __init__(self) -> None:
        merchant = uuid.UUID(str(scope.demand("evidence").merchant_id))
        fresh = Ed25519PrivateKey.generate()
        made = {"sealed": crypto.seal(fresh.private_bytes_raw().hex(), merchant), "public": _public(fresh)}
        row, _ = SigningKey.objects.get_or_create(defaults=made)
        self._key, self.public = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(row.private)), row.public

    def json(self, facts: Facts) -> bytes:
        """The file: signed over itself without the signature."""
        whole = facts | {"key": self.public, "signature": None}
        return plain(whole | {"signature": self._key.sign(plain(whole)).hex()}) + b"\n"

    def pdf(self, body: bytes) -> bytes:
        """The file with a last line that readers of PDFs take for a remark: key and signature of all before it."""
        body = body if body.endswith(b"\n") else body + b"\n"
        return body + f"%evidence {self.public} {self._key.sign(body).hex()}\n".encode()


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def public_key() -> str:
    """What the shop's evidence is signed with, in hex; '' before the first."""
    return SigningKey.objects.values_list("public", flat=True).first() or ""
