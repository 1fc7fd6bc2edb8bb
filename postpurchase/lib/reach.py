"""Which addresses may be called at a merchant's wish: public ones, written plainly. http.post() asks here at every call."""

import queue
import re
import socket
import threading
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

import idna
from django.conf import settings

LONGEST = 2000  # characters of a URL
PORTS = {"https": 443, "http": 80}
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a last label like this makes resolvers read the whole as an IPv4 address
ODD = re.compile(r"[\x00-\x20\x7f\\<>\"{}|^`]")
OURS = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "home.arpa", "onion", "arpa", "svc")

# The registries of special-purpose addresses (IANA), written out: what Python counts as global differs from version to version.
NO_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # public by number, but it is the host under an Azure machine
    )
)  # fmt: skip
ALL_V6 = IPv6Network("2000::/3")  # all that is handed out; mapped, NAT64, unique local, link local and multicast lie outside
NO_V6 = tuple(IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))  # Teredo, examples, 6to4


class Refused(ValueError):
    """This address may not be called. The text is for the merchant: it says what to mend and nothing about our network."""


class Unknown(OSError):
    """The name could not be looked up now."""


@dataclass(frozen=True)
class Target:
    """A URL that passed. `listed`: the settings name it, so plain HTTP, any port and a private address are all right."""

    url: str
    scheme: str
    host: str
    port: int
    listed: bool


def target(url: str) -> Target:
    """The parts of a URL, its host in plain ASCII. Looks nothing up. Raises Refused."""
    if len(url) > LONGEST:
        raise Refused(f"An address may have {LONGEST} characters.")
    if ODD.search(url):
        raise Refused("Write the address without spaces, backslashes or control characters.")
    parts, port = _split(url)
    if "@" in parts.netloc:
        raise Refused("Leave out what stands before the @: a name and password are not sent.")
    if parts.fragment or url.endswith("#"):
        raise Refused("Leave out the # and what follows it.")
    host = _host(parts.hostname or "")
    port = PORTS.get(parts.scheme, 443) if port is None else port
    listed = bool({host, f"{host}:{port}"}.intersection(settings.OUTBOUND_HOSTS))
    rest = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    if not rest.isascii():
        raise Refused("Behind the host name, write letters beyond ASCII percent-encoded.")
    shown = f"[{host}]" if ":" in host else host
    plain = "" if port == PORTS.get(parts.scheme) else f":{port}"
    found = Target(f"{parts.scheme}://{shown}{plain}{rest}", parts.scheme, host, port, listed)
    return found if listed else _public(found)


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("This is not an address: write it as https://example.com/path.") from None
    if parts.scheme not in PORTS or not parts.netloc or parts.netloc.endswith(":"):
        raise Refused("Write the address as https://example.com/path.")
    return parts, port


def _host(name: str) -> str:
    """The host in lower case ASCII: a canonical IP address, or a name whose last label is no number. Raises Refused."""
    if ":" in name or "%" in name:
        return str(_literal(name))
    try:
        plain = name if name.isascii() else idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        raise Refused("This is not a host name.") from None
    labels = plain.split(".")
    if len(plain) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise Refused("This is not a host name: labels of letters, digits and hyphens, and no dot at the end.")
    if NUMERIC.fullmatch(labels[-1]):
        return str(_literal(plain))
    return plain


def _literal(text: str) -> IPv4Address | IPv6Address:
    """An address as everybody writes it: four decimal numbers, or hexadecimal groups without a zone. Raises Refused."""
    try:
        found = ip_address(text)
    except ValueError:
        raise Refused("Write an IP address in its usual form, for example 203.0.113.7.") from None
    if isinstance(found, IPv6Address) and found.scope_id:
        raise Refused("An address with a zone leads to one machine's own network.")
    return found


def _public(found: Target) -> Target:
    if found.scheme != "https":
        raise Refused("The address must start with https://.")
    if found.port not in settings.OUTBOUND_PORTS:
        raise Refused(f"The port must be one of {', '.join(map(str, sorted(settings.OUTBOUND_PORTS)))}.")
    address = as_address(found.host)
    if address is not None:
        if not may_reach(address):
            raise Refused("The address is not on the public internet.")
    elif "." not in found.host or any(found.host == name or found.host.endswith(f".{name}") for name in OURS):
        raise Refused("The host is not on the public internet: give a name with its domain, for example hooks.example.com.")
    return found


def as_address(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a host is, None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def may_reach(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is a public place of its own: nothing private, shared, reserved, or standing for another address."""
    if isinstance(address, IPv4Address):
        return not any(address in net for net in NO_V4)
    return address in ALL_V6 and not any(address in net for net in NO_V6)


def addresses(found: Target, *, seconds: float) -> list[str]:
    """Where the host is now, looked up once. Raises Refused if even one of the answers is not public, Unknown if there is none."""
    if as_address(found.host) is not None:
        return [found.host]
    told = list(dict.fromkeys(_in_time(found, seconds)))
    if not told:
        raise Unknown("The host name was not found.")
    if not found.listed and not all((address := as_address(one)) is not None and may_reach(address) for one in told):
        raise Refused("The host name leads to an address that is not on the public internet.")
    return told


def ask_dns(host: str, port: int) -> list[str]:
    """The system's resolver. Raises OSError."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _in_time(found: Target, seconds: float) -> list[str]:
    """The resolver has no time limit of its own: a name server that says nothing must not hold us."""
    box: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            box.put(ask_dns(found.host, found.port))
        except (OSError, UnicodeError) as error:
            box.put(Unknown(str(error)))

    threading.Thread(target=ask, name="dns", daemon=True).start()
    try:
        told = box.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        raise Unknown("The name server did not answer.") from None
    if isinstance(told, OSError):
        raise Unknown("The host name was not found.") from told
    return told
