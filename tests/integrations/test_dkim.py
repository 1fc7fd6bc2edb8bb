"""Signatures that others can check: dkimpy is the judge, over real SMTP conversations and over any headers and bodies."""

import base64
import re

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from dkim.canonicalization import Relaxed
from hypothesis import given
from hypothesis import strategies as st

from integrations.senders.base import Envelope, Result
from integrations.senders.dkim import Signer, relaxed_body, relaxed_header, signer
from integrations.senders.mime import build
from integrations.senders.smtp import Server, SmtpSender
from postpurchase.embedded.mailbox import Mailbox

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED = ed25519.Ed25519PrivateKey.generate()
KEYS = {"rsa": RSA, "ed25519": ED}


def record(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    """What stands in the DNS for a key."""
    if isinstance(key, rsa.RSAPrivateKey):
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(public)


def holds(raw: bytes, key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bool:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record(key)

    good: bool = dkim.verify(raw, dnsfunc=dns)
    assert asked == [b"s1._domainkey.shop.example."]
    return good


def envelope(kind: str = "rsa", **changes: object) -> Envelope:
    made = {
        "sender": "news@shop.example", "sender_name": "Nordlicht Büro", "to": "anna@example.de", "subject": "Grüße – " + "sehr lang " * 20,
        "text": "Hello\n.\n", "html": "<p>Hello</p>", "message_id": "<1@shop.example>", "reply_to": "help@shop.example",
        "headers": {"List-Unsubscribe": "<https://shop.example/u/abc>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        "signer": Signer("shop.example", "s1", KEYS[kind]),
    }  # fmt: skip
    return Envelope(**(made | changes))  # type: ignore[arg-type]


def covered(raw: bytes) -> list[str]:
    found = re.search(r"h=([^;]*);", raw.decode())
    assert found
    return re.sub(r"\s", "", found[1]).split(":")


@pytest.mark.parametrize("kind", KEYS)
def test_what_a_mail_server_gets_is_signed_with_every_header_in_it(kind: str) -> None:
    with Mailbox() as box:
        [reply] = SmtpSender(Server("127.0.0.1", box.port), 1).deliver([envelope(kind)], lambda places: places)
        raw = box.messages[0].raw

    assert reply.result == Result.SENT
    assert holds(raw, KEYS[kind])
    assert covered(raw) == [
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "reply-to", "list-unsubscribe",
        "list-unsubscribe-post", "from",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"To: anna@", b"To: eve@"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=None"),
        (b"/u/abc", b"/u/abd"),
        (b"From: ", b"From: eve@evil.example\r\nFrom: "),
        (b"SGVsbG8", b"SGVsbG9"),
    ],
)
def test_a_changed_message_does_not_hold(was: bytes, becomes: bytes, kind: str) -> None:
    raw = build(envelope(kind))

    assert was in raw
    assert holds(raw, KEYS[kind])
    assert not holds(raw.replace(was, becomes, 1), KEYS[kind])


def test_without_a_signer_nothing_is_signed() -> None:
    assert b"DKIM" not in build(envelope(signer=None))


def test_a_key_is_shown_nowhere() -> None:
    assert repr(Signer("shop.example", "s1", RSA)) == "Signer(domain='shop.example', selector='s1')"


def test_a_key_of_another_kind_is_refused() -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    with pytest.raises(ValueError, match="RSA or an Ed25519"):
        signer("shop.example", "s1", curve)


lines = st.lists(st.text(alphabet="a .\t=-", max_size=8), max_size=8)


@given(lines, st.booleans())
def test_bodies_are_made_canonical_as_dkimpy_makes_them(parts: list[str], ended: bool) -> None:
    body = "\r\n".join(parts).encode() + (b"\r\n" if ended else b"")

    assert relaxed_body(body) == Relaxed.canonicalize_body(body)


@given(st.sampled_from(["Subject", "X-Any ", "list-Unsubscribe"]), st.lists(st.text(alphabet="aB \t:", max_size=8), min_size=1, max_size=4))
def test_headers_are_made_canonical_as_dkimpy_makes_them(name: str, folds: list[str]) -> None:
    value = "\r\n ".join(folds)
    [(dkims_name, dkims_value)] = Relaxed.canonicalize_headers([(name.encode(), value.encode() + b"\r\n")])

    assert relaxed_header(name, value).encode() + b"\r\n" == dkims_name + b":" + dkims_value


texts = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=120)


@given(texts, texts, st.sampled_from(sorted(KEYS)))
def test_whatever_is_written_the_signature_holds(subject: str, text: str, kind: str) -> None:
    assert holds(build(envelope(kind, subject=subject, text=text)), KEYS[kind])
