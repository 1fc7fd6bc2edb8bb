"""Secrets at rest, and tracking links: AES with keys from the environment."""

import base64
import hashlib
import os
import threading
import uuid
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from postpurchase.lib.signing import same

NONCE = 12
KEY_ID = 4


class Undecipherable(ValueError):
    """The stored secret does not open with any key we hold, or belongs to another merchant."""


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=16)
def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:KEY_ID]


def seal(secret: str, owner: uuid.UUID) -> bytes:
    """Encrypt under the first of DATA_KEYS (AES-256-GCM). `owner` is bound in: another merchant's row cannot open it."""
    key, nonce = settings.DATA_KEYS[0], os.urandom(NONCE)
    return _key_id(key) + nonce + _cipher(key).encrypt(nonce, secret.encode(), owner.bytes)


def unseal(sealed: bytes | memoryview, owner: uuid.UUID) -> str:
    """The secret again, under whichever of DATA_KEYS sealed it. Raises Undecipherable."""
    body = bytes(sealed)
    for key in settings.DATA_KEYS:
        if _key_id(key) == body[:KEY_ID]:
            nonce = body[KEY_ID : KEY_ID + NONCE]
            try:
                return _cipher(key).decrypt(nonce, body[KEY_ID + NONCE :], owner.bytes).decode()
            except InvalidTag as error:
                raise Undecipherable("the secret was sealed for another merchant or has been altered") from error
    raise Undecipherable("no key in DATA_KEYS opens this secret")


def link_token(row: uuid.UUID) -> str:
    """22 URL-safe characters that stand for a row's id: one AES-128 block under LINK_KEY, so ids and times stay hidden.

    Guessing one that exists means hitting one of N ids among 2**128 blocks. Nothing is stored.
    """
    kept: Tokens | None = getattr(_here, "tokens", None)
    if kept is None or kept.key != settings.LINK_KEY:
        kept = _here.tokens = Tokens()
    return kept.of(row)


_here = threading.local()  # setting a cipher up costs ten times what a token does


class Tokens:
    """Many tokens in a row, for less: the cipher is set up once. Not for several threads."""

    def __init__(self) -> None:
        self.key: bytes = settings.LINK_KEY
        self._blocks = Cipher(algorithms.AES(self.key), modes.ECB()).encryptor()  # noqa: S305 - single blocks of unique ids

    def of(self, row: uuid.UUID) -> str:
        """What link_token gives."""
        return _spell(self._blocks.update(row.bytes))

    def of_places(self, base: uuid.UUID, places: bytes) -> list[str]:
        """Tokens of an id with each of these bytes for its last, in one go."""
        head = base.bytes[:15]
        blocks = self._blocks.update(b"".join([head + places[at : at + 1] for at in range(len(places))]))
        whole = b"".join([blocks[at : at + 16] + b"\0\0" for at in range(0, len(blocks), 16)])  # to 18: base64 takes three at a time
        spelled = base64.urlsafe_b64encode(whole).decode()
        return [spelled[at : at + 22] for at in range(0, len(spelled), 24)]


def _spell(block: bytes) -> str:
    return base64.urlsafe_b64encode(block).rstrip(b"=").decode()


def from_link_token(token: str) -> uuid.UUID | None:
    """The id, or None for anything that is not 22 URL-safe characters. Any well-formed token yields some id: look it up."""
    try:
        body = base64.b64decode(token + "==", altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(body) != 16 or not same(_spell(body), token):  # base64 has spare bits: a link has one spelling only
        return None
    block = Cipher(algorithms.AES(settings.LINK_KEY), modes.ECB()).decryptor()  # noqa: S305
    return uuid.UUID(bytes=block.update(body) + block.finalize())
