"""What asking a carrier is made of: a request as data, what an answer amounts to, and what an account needs. Pure."""

import base64
from collections.abc import Callable, Mapping
from typing import NamedTuple

JSON = "application/json"
OK, REFUSED, UNKNOWN, BUSY, BROKEN = 200, 401, 404, 429, 502  # what a body may amount to, as HTTP would say it


class Ask(NamedTuple):
    """A request, ready to be sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


class Said(NamedTuple):
    """What the body of an answer amounts to, for those who tell their errors inside a 200."""

    status: int
    text: str = ""  # for the merchant, of a failure
    wait: int = 0  # seconds to leave them alone
    stranger: bool = False  # they were never told of the number: `begin` tells them


class Way(NamedTuple):
    """How a carrier is asked. `needs`: what its account is known by, in this order. `carriers`: whose numbers it knows; () if the merchant
    says it.
    """

    base: str
    needs: tuple[str, ...]
    carriers: tuple[str, ...]
    ask: Callable[[str, Mapping[str, str], str], Ask]  # (number, account, base)
    login: Callable[[Mapping[str, str], str], Ask] | None = None  # for a bearer token (OAuth 2, client credentials)
    a_minute: int = 60  # calls that the carrier takes without complaint
    said: Callable[[bytes], Said] | None = None  # of a 200
    begin: Callable[[str, Mapping[str, str], str], Ask] | None = None  # make a number known to them; its answer is one to `ask`


def get(url: str, **headers: str) -> Ask:
    """A GET of JSON; underlines in names of headers are hyphens."""
    return Ask("GET", url, {"Accept": JSON, **{name.replace("_", "-"): value for name, value in headers.items()}})


def basic(name: str, password: str) -> str:
    """The header Authorization for a name and a password."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
