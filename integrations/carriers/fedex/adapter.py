"""FedEx Advanced Integrated Visibility, and the Track API's answers.

Signs as `fdx-signature`: HMAC-SHA256 of the raw body with the security token that was given there, in base64 (hex in older examples).
"""

from collections.abc import Mapping, Sequence

from integrations.carriers import proof
from integrations.carriers.shapes.sender import Sender
from integrations.registry import register
from postpurchase.lib import signing


class FedEx(Sender):
    """No instant is signed: what was caught can be sent again, and is known again by its bytes."""

    kind = carrier = "fedex"
    name = "FedEx"

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the secrets signed these bytes."""
        forms = (signing.hmac_base64, signing.hmac_hex)
        wanted = [form(secret.encode(), body) for secret in secrets for form in forms]
        return proof.any_same([headers.get("fdx-signature", "")], wanted)


register(FedEx())
