"""Any carrier or third party that can post JSON or a table: where things stand is what the merchant says, not what we know.

Proves itself by our secret, as a header or in the address; or by HMAC-SHA256 of the raw body in `X-Webhook-Signature` (or `X-Signature`,
`X-Hmac-Sha256`), hex or base64, with or without `sha256=` before it. A signature that is there has to hold.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.carriers import proof
from integrations.carriers.custom import mapping as maps
from integrations.carriers.custom.reading import Row, rows
from integrations.carriers.shapes.sender import TRACKING, Sender
from integrations.registry import ASKED, Unreadable, register
from integrations.types import Item, ShipmentData
from postpurchase.lib import signing

SIGNATURES = ("x-webhook-signature", "x-signature", "x-hmac-sha256", "x-hub-signature-256")


class Custom(Sender):
    """Without a mapping it reads nothing; `mapped` gives the adapter of one connection."""

    kind = "custom"
    name = "Any carrier"

    def __init__(self, mapping: maps.Mapping | None = None) -> None:
        self.mapping = mapping

    def mapped(self, mapping: str) -> "Custom":
        """The adapter with a connection's own mapping, as its column holds it."""
        return Custom(maps.read(mapping))

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the secrets signed these bytes, or comes with the call."""
        given = [headers[name].removeprefix("sha256=") for name in SIGNATURES if headers.get(name)]
        if not given:
            return proof.shared(secrets, headers)
        wanted = [form(secret.encode(), body) for secret in secrets for form in (signing.hmac_hex, signing.hmac_base64)]
        return proof.any_same(given, wanted)

    def decode(self, body: bytes) -> Any:
        """The bytes themselves: how they are written is the mapping's to say."""
        return body

    def read(self, topic: str, payload: Any, headers: Mapping[str, str] | None = None) -> list[Item] | None:
        """The scans, and the orders that they name. An entry with a fault is passed on as it is: intake refuses it, and says why."""
        if topic != TRACKING:
            return None
        if self.mapping is None:
            raise Unreadable("nobody has said yet where things stand in these bodies: fill in the mapping, and this is read again")
        found = rows(self.mapping, payload, asked=(headers or {}).get(ASKED, ""))
        if not found:
            raise Unreadable("the mapping finds no entry in this body")
        return [*_orders(found), *(row.scan for row in found)]


def _orders(found: list[Row]) -> list[ShipmentData]:
    named = {(row.scan.carrier, row.scan.number): row.order for row in found if row.order and row.scan.number and row.scan.carrier}
    return [ShipmentData(carrier=carrier, number=number, order_number=order) for (carrier, number), order in named.items()]


register(Custom())
