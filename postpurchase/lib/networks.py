"""Where somebody called from, as much of it as may be kept."""

import ipaddress


def shortened(told: str) -> str:
    """An IP address without the part that tells one household from its neighbours: the /24, of IPv6 the /48. '' for what is none."""
    try:
        address = ipaddress.ip_address(told.strip())
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))
