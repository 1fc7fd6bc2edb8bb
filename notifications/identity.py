"""Who a merchant's mails come from. Its own domain stands in From only while its records are right in the DNS: then its key signs too."""

import base64
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from domains.keys import sending_key
from integrations.senders.dkim import Signer, signer
from notifications.models import Stream
from postpurchase.tenancy.models import Brand

PLATFORM = "Postpurchase"
PREFIXES = {Stream.MARKETING.value: "news", Stream.TRANSACTIONAL.value: "orders"}  # the two streams have reputations of their own


@dataclass(frozen=True)
class Identity:
    """What one merchant's mails of a batch have in common. `domain`: its own, '' where the platform writes for it."""

    domain: str
    signer: Signer | None

    def address(self, brand: Brand, stream: str) -> str:
        """What stands in From: the address that the merchant chose if it lies in its proved domain, else one for the stream."""
        chosen = brand.sender_email.rpartition("@")[2].lower()
        if self.domain and (chosen == self.domain or chosen.endswith(f".{self.domain}")):
            return brand.sender_email
        return f"{PREFIXES[stream]}@{self.domain or settings.EMAIL_FROM_DOMAIN}"

    def name(self, brand: Brand) -> str:
        """The name beside it: of the shop, and who writes for it."""
        shop = brand.sender_name or brand.name
        return shop if self.domain else f"{shop} via {PLATFORM}"

    def reply_to(self, brand: Brand) -> str:
        """Where answers go: to the shop, wherever the mail came from."""
        return brand.support_email or brand.sender_email


def identity() -> Identity:
    """Of the merchant in scope. One query; ask once for a batch."""
    own = sending_key()
    if own is None:
        return Identity("", _platforms(settings.DKIM_KEY, settings.EMAIL_FROM_DOMAIN))
    return Identity(own.domain, signer(own.domain, own.selector, own.pem))


@lru_cache(maxsize=4)
def _platforms(told: str, domain: str) -> Signer | None:
    """The platform's own signer, from DKIM_KEY: a selector, a colon, and a PEM in base64. Raises ValueError for what is not that."""
    selector, _, pem = told.partition(":")
    return signer(domain, selector, base64.b64decode(pem, validate=True).decode()) if told else None
