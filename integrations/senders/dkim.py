"""DKIM signatures (RFC 6376, relaxed/relaxed; RFC 8463 for Ed25519), made while a message is built: a tenth of a library's cost, which
would take the finished message apart again.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from postpurchase.lib import clock

Headers = Iterable[tuple[str, str]]  # names and raw values, folded or not, without the last line end
BLANKS = re.compile(rb"[ \t]+")
FOLDED = re.compile(r"[ \t\r\n]+")
TRAILING = re.compile(rb"[ \t]+\r\n")
UNEVEN = (b"\t", b"  ", b" \r\n")
LINE = 72  # characters of the signature on a line


@dataclass(frozen=True)
class Signer:
    """Signs for one domain under one key. Its key is in no representation, so that no log or trace shows it."""

    domain: str
    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    def sign(self, headers: Headers, body: bytes) -> str:
        """The DKIM-Signature header with its line end, over all headers given and the body, both as they will be sent."""
        named = list(headers)  # From stands in h= once more than it is there: nobody can add a second one
        tags = {
            "v": "1", "a": "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256", "c": "relaxed/relaxed",
            "d": self.domain, "s": self.selector, "t": str(int(clock.machine_now().timestamp())),
            "h": ":\r\n ".join(":".join(part) for part in _fives([name.lower() for name, _ in named] + ["from"])),
            "bh": base64.b64encode(sha256(relaxed_body(body)).digest()).decode(), "b": "",
        }  # fmt: skip
        unsigned = ";\r\n ".join(f"{name}={value}" for name, value in tags.items())
        signed = "".join(relaxed_header(name, value) + "\r\n" for name, value in named) + relaxed_header("DKIM-Signature", unsigned)
        letters = base64.b64encode(self._signed(signed.encode())).decode()
        return f"DKIM-Signature: {unsigned}" + "\r\n ".join(letters[at : at + LINE] for at in range(0, len(letters), LINE)) + "\r\n"

    def _signed(self, data: bytes) -> bytes:
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(data, PKCS1v15(), SHA256())
        return self.key.sign(sha256(data).digest())  # RFC 8463, section 3: over the hash, in Ed25519's pure form


def relaxed_header(name: str, value: str) -> str:
    """RFC 6376, 3.4.2: name in lower case, unfolded, blanks made one, none at the ends."""
    plain = value if value.isprintable() and "  " not in value else FOLDED.sub(" ", value)
    return f"{name.strip().lower()}:{plain.strip(' ')}"


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376, 3.4.4: no blanks at line ends, each run of blanks one, no empty lines at the end. Line ends must be CRLF already."""
    if any(blanks in body for blanks in UNEVEN):  # looked for first: exchanging costs forty times as much, and base64 has none
        body = BLANKS.sub(b" ", TRAILING.sub(b"\r\n", body))
    while body.endswith(b"\r\n"):
        body = body.removesuffix(b"\r\n")
    return body + b"\r\n" if body else b""


@lru_cache(maxsize=256)
def signer(domain: str, selector: str, pem: str) -> Signer:
    """A signer from a private key's PEM, kept: taking a key apart costs as much as ten signatures. Raises ValueError for no such key."""
    key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)  # ours, and unsealed by its owner
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError("a DKIM key is an RSA or an Ed25519 key")
    return Signer(domain, selector, key)


def _fives(names: list[str]) -> list[list[str]]:
    return [names[at : at + 5] for at in range(0, len(names), 5)]
