"""Who mails come from, as a shopper reads it; and that this is an address of ours until the shop's own domain is proved."""

from typing import Any

from django.http import HttpRequest

from dashboard import links
from notifications.identity import identity
from notifications.models import Stream
from postpurchase.tenancy.models import Brand


def told(request: HttpRequest, brand: Brand) -> dict[str, Any]:
    """{name, address, ours, domains_url} of mails about orders. One query."""
    found = identity()
    return {
        "name": found.name(brand),
        "address": found.address(brand, Stream.TRANSACTIONAL),
        "ours": not found.domain,
        "domains_url": links.to(request, "domains"),
    }
