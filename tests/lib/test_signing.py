"""HMAC-SHA256 as the senders write it, and a comparison that does not tell where two differ."""

import base64

from postpurchase.lib import signing

# RFC 4231, test case 2
KEY, DATA = b"Jefe", b"what do ya want for nothing?"
MAC = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_the_code_is_that_of_rfc_4231() -> None:
    assert signing.hmac_sha256(KEY, DATA).hex() == MAC
    assert signing.hmac_hex(KEY, DATA) == MAC
    assert base64.b64decode(signing.hmac_base64(KEY, DATA)).hex() == MAC


def test_the_same_is_the_same_and_nothing_else() -> None:
    assert signing.same(MAC, MAC)
    assert not signing.same(MAC, MAC.upper())
    assert not signing.same("", MAC)
    assert not signing.same("é", MAC)
