"""Who is asking, as far as limits need to know."""

import ipaddress

from django.http import HttpRequest


def network_of(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 the /64, which is what one household or server gets."""
    told: str = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
