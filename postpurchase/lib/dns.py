"""Questions to the DNS. Never raises: what is not known now is an answer too."""

from dataclasses import dataclass

import dns.exception
import dns.nameserver
import dns.rdata
import dns.resolver
from django.conf import settings

SECONDS = 3.0  # for one question, whatever happens
PER_SERVER = 1.5
MOST = 20  # values of an answer


@dataclass(frozen=True)
class Answer:
    """The values of a name, none if there is no such record. `silent`: no name server gave an answer, so nothing is known."""

    values: tuple[str, ...] = ()
    silent: bool = False


def ask(name: str, kind: str) -> Answer:
    """The values of `name` (ASCII, absolute) of the kind TXT, CNAME, A or AAAA: texts joined, names in lower case without the last dot."""
    try:
        found = _resolver().resolve(f"{name}.", kind, raise_on_no_answer=False, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Answer()
    except (dns.exception.DNSException, OSError):
        return Answer(silent=True)
    return Answer(tuple(sorted(_text(kind, value) for value in found.rrset or ()))[:MOST])


def _resolver() -> dns.resolver.Resolver:
    """The system's name servers, or those of DNS_SERVERS (address or address:port)."""
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    if settings.DNS_SERVERS:
        resolver.nameservers = [_server(text) for text in settings.DNS_SERVERS]
    resolver.timeout = PER_SERVER
    resolver.use_edns(0, 0, 1232)
    return resolver


def _server(text: str) -> dns.nameserver.Nameserver:
    address, _, port = text.rpartition(":") if text.count(":") == 1 else (text, "", "53")
    return dns.nameserver.Do53Nameserver(address, int(port))


def _text(kind: str, value: dns.rdata.Rdata) -> str:
    if kind == "TXT":
        return b"".join(value.strings).decode(errors="replace")  # type: ignore[attr-defined]
    return value.to_text().rstrip(".").lower()
