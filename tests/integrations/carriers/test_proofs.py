"""Signatures as the senders make them, and what guards where they are weak."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from integrations import registry
from integrations.carriers.proof import IN_ADDRESS
from postpurchase.lib import clock, signing

BODY = b'{"a": 1}'
SIGNED_BY_US = ["ups", "usps", "dhl", "dpd", "gls", "royal_mail", "canada_post", "australia_post", "la_poste", "postnl", "correios"]


def verify(kind: str, headers: dict[str, str], body: bytes = BODY, secret: str = "s3cret") -> bool:
    return registry.adapter(kind).verify(["other", secret], headers, body)


def ago(span: timedelta) -> str:
    return str(int((clock.machine_now() - span).timestamp()))


@pytest.mark.parametrize("kind", SIGNED_BY_US)
@pytest.mark.parametrize("header", ["x-webhook-secret", "x-api-key", "credential", IN_ADDRESS])
def test_a_carrier_that_signs_nothing_brings_the_secret(kind: str, header: str) -> None:
    assert verify(kind, {header: "s3cret"})
    assert not verify(kind, {header: "s3cre"})
    assert not verify(kind, {header: ""})
    assert not verify(kind, {})


def test_the_secret_may_be_a_bearers_or_a_password() -> None:
    basic = base64.b64encode(b"carrier:s3cret").decode()

    assert verify("dhl", {"authorization": "Bearer s3cret"})
    assert verify("dhl", {"authorization": f"Basic {basic}"})
    assert not verify("dhl", {"authorization": "Basic ###"})
    assert not verify("dhl", {"authorization": f"Digest {basic}"})


def test_without_secrets_nothing_is_accepted() -> None:
    for kind in registry.kinds():
        assert not registry.adapter(kind).verify([], {IN_ADDRESS: "", "sign": "", "signature": ""}, BODY)


@pytest.mark.parametrize(
    ("kind", "header", "signature"),
    [  # openssl dgst -sha256 -hmac s3cret
        ("fedex", "fdx-signature", "Gp+rbNS4zcqthkDz7Kc/qSTGL/JPODMlTvNUcjIVN2c="),
        ("aftership", "aftership-hmac-sha256", "Gp+rbNS4zcqthkDz7Kc/qSTGL/JPODMlTvNUcjIVN2c="),
    ],
)
def test_a_signature_over_the_raw_bytes_holds_for_them_alone(kind: str, header: str, signature: str) -> None:
    assert verify(kind, {header: signature})
    assert not verify(kind, {header: signature}, BODY + b" ")
    assert not verify(kind, {header: signature}, secret="another")
    assert not verify(kind, {IN_ADDRESS: "s3cret"})


def test_an_aftership_call_older_than_the_inbox_remembers_is_refused() -> None:
    def body(span: timedelta) -> bytes:
        return json.dumps({"event_id": "e1", "event": "tracking_update", "ts": int(ago(span))}).encode()

    def signed(raw: bytes) -> dict[str, str]:
        return {"aftership-hmac-sha256": signing.hmac_base64(b"s3cret", raw)}

    late, old = body(timedelta(days=4)), body(timedelta(days=30))
    assert verify("aftership", signed(late), late)
    assert not verify("aftership", signed(old), old)
    assert registry.adapter("aftership").delivery_id({}, late) == "e1"


def test_a_shippo_signature_holds_for_its_bytes_and_minutes() -> None:
    def header(span: timedelta) -> dict[str, str]:
        at = ago(span)
        return {"shippo-auth-signature": f"t={at}, v1={signing.hmac_hex(b's3cret', at.encode() + b'.' + BODY)}"}

    assert verify("shippo", header(timedelta(minutes=2)))
    assert not verify("shippo", header(timedelta(minutes=2)), BODY + b" ")
    assert not verify("shippo", header(timedelta(hours=1)))
    assert verify("shippo", {IN_ADDRESS: "s3cret"})
    assert not verify("shippo", {IN_ADDRESS: "s3cret", "shippo-auth-signature": "t=1,v1=00"}), "a signature that is there has to hold"


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_trackingmore_instant_holds_for_minutes(where: str) -> None:
    def call(span: timedelta) -> tuple[dict[str, str], bytes]:
        at = ago(span)
        signature = signing.hmac_hex(b"s3cret", at.encode())
        if where == "headers":
            return {"timestamp": at, "signature": signature}, BODY
        return {}, json.dumps({"verifyInfo": {"timeStr": at, "signature": signature}}).encode()

    assert verify("trackingmore", *call(timedelta(minutes=5)))
    assert not verify("trackingmore", *call(timedelta(hours=1)))
    assert not verify("trackingmore", *call(timedelta(minutes=5)), secret="another")


def test_the_sum_of_17track_is_of_body_and_key() -> None:
    sign = "a89a0ab6b3555fa2ca8d8c6064b096d66004e6f93616271ccb0cc02aa837fb2f"  # printf '{"a": 1}/s3cret' | sha256sum
    assert verify("17track", {"sign": sign})
    assert verify("17track", {"sign": sign.upper()})
    assert not verify("17track", {"sign": sign}, BODY + b" ")


def _number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


def test_a_shipengine_signature_holds_for_its_key_bytes_and_minutes() -> None:
    key = rsa.generate_private_key(65537, 2048)
    public = key.public_key().public_numbers()
    jwks = json.dumps({"keys": [{"kty": "RSA", "kid": "k1", "n": _number(public.n), "e": _number(public.e)}]})

    def headers(span: timedelta, **changes: str) -> dict[str, Any]:
        at = (clock.machine_now() - span).isoformat(timespec="seconds").replace("+00:00", "Z")
        signature = key.sign(at.encode() + b"." + BODY, padding.PKCS1v15(), hashes.SHA256())
        names = {"timestamp": at, "rsa-sha256-key-id": "k1", "rsa-sha256-signature": base64.b64encode(signature).decode()} | changes
        return {f"x-shipengine-{name}": value for name, value in names.items()}

    fresh = headers(timedelta(minutes=1))
    assert verify("shipengine", fresh, secret=jwks)
    assert not verify("shipengine", fresh, BODY + b" ", secret=jwks)
    assert not verify("shipengine", headers(timedelta(hours=1)), secret=jwks)
    assert not verify("shipengine", headers(timedelta(minutes=1), **{"rsa-sha256-key-id": "k2"}), secret=jwks)
    assert not verify("shipengine", {IN_ADDRESS: jwks}, secret=jwks), "a public key is no secret"
    assert verify("shipengine", {"x-webhook-secret": "s3cret"})


@pytest.mark.parametrize("pasted", ["{", '{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}', "-----BEGIN PUBLIC KEY-----\nno"])
def test_what_is_no_good_key_proves_nothing(pasted: str) -> None:
    assert not verify("shipengine", {"x-shipengine-timestamp": clock.machine_now().isoformat(), IN_ADDRESS: pasted}, secret=pasted)
