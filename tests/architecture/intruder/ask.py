"""The intruder's questions: every method, with another shop's ids and with ids that nobody has. The two answers must be the same."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, unquote_plus, urlencode

from django.db import connection, transaction
from django.http import HttpResponseBase

from tests.architecture.intruder.checksum import Sums, sums
from tests.architecture.intruder.fixture import Body, Fixture
from tests.architecture.intruder.personas import Persona
from tests.architecture.intruder.routes import Route
from tests.architecture.intruder.world import World

SAFE = ("GET", "HEAD", "OPTIONS")
METHODS = (*SAFE, "POST", "PUT", "PATCH", "DELETE")
NOISE = re.compile(  # new in every answer by design
    r'\b[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}\b|whsec_[\w+/= ]+|\bpk_(?:live|test)_[\w-]+|name="of" value="[\w:. -]+|'
    r'"aftership_tracking_(?:order_)?url":"[^"]*"|"tracking_link":"[^"]*"|'
    r'(?<=mono break">)[\w-]{20,}|(?<=data-copy=")[\w-]{20,}|(?<=Set )<time [^>]*>|'
    r'(csrfmiddlewaretoken"? value="|name="csrf-token" content="|X-CSRFToken"?: ?&?(?:quot;|")|name="once" value="|nonce="|nonce-)[\w+/=-]+'
)
WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|TRUNCATE|MERGE|COPY|CALL)\b", re.IGNORECASE)
SEARCH = "canary"  # both shops' words have it
COMPARED = ("Content-Type", "Location", "ETag", "Link", "WWW-Authenticate", "HX-Redirect", "HX-Trigger")


@dataclass(frozen=True)
class Ask:
    """One question: where, how, and everything in it that names a row."""

    method: str
    path: str
    values: dict[str, str]
    query: dict[str, Any]
    body: dict[str, Any]
    as_json: bool

    def sent(self) -> set[str]:
        """Every text that may come back as an echo and then says nothing."""
        return {str(value) for value in _leaves([self.values, self.query, self.body])} - {SEARCH}


@dataclass
class Answer:
    """What came back, without what differs from answer to answer by design."""

    status: int
    text: str
    headers: dict[str, str]
    everything: str = ""  # headers too, for the search for words
    sums: Sums | None = None  # None: no statement that could write was run

    def same_as(self, other: "Answer") -> bool:
        return (self.status, self.text, self.headers) == (other.status, other.text, other.headers)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
    elif value not in (None, ""):
        yield value


@dataclass(frozen=True)
class Aim:
    """Whose values go where: `home` is the asker's own shop; `hers` are the parameters that she fills from it; `host` is the shop
    whose address is known to all, where the route has such a one; `query` is what stands behind the question mark.
    """

    home: World
    host: World
    hers: frozenset[str] = frozenset()
    query: Body | None = None


def compose(route: Route, fixture: Fixture, method: str, target: World, aim: Aim) -> Ask:
    """Ask for `target`'s rows."""
    values = {}
    for name in route.params:
        world = aim.home if name in aim.hers else aim.host if fixture.open_to_all and name in fixture.shop else target
        value = fixture.path[name](world)
        values[name] = _tampered(value) if name in fixture.secrets else value
    query = (aim.query or fixture.query or guesses)(target)
    body = (fixture.body or guesses)(target) | (fixture.mine(aim.home) if fixture.mine else {})
    return Ask(method, route.path(values), values, query, body, as_json=route.pattern.startswith(("api/", "mail/", "tracking/", "v4/")))


def guesses(target: World) -> dict[str, Any]:
    """What a page may read from a query or a body, where the registry does not say."""
    ids = {"id": target.id("orders.Order"), "order": target.id("orders.Order"), "customer": target.id("orders.Customer")}
    return ids | {"q": SEARCH, "search": SEARCH, "email": target.email, "cursor": target.id("orders.Order"), "next": f"/m/{target.slug}/"}


def _tampered(secret: str) -> str:
    """One letter changed, so that it stays well formed."""
    middle = len(secret) // 2
    return secret[:middle] + ("A" if secret[middle] != "A" else "B") + secret[middle + 1 :]


def put_question(persona: Persona, ask: Ask) -> Answer:
    """Ask, note what has changed in the database, and undo it."""
    wrote: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITES.search(sql):
            wrote.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(watch):
            answer = _read(_send(persona, ask), ask)
        if wrote:
            answer.sums = sums()
        transaction.set_rollback(True)
    return answer


def _send(persona: Persona, ask: Ask) -> HttpResponseBase:
    where = f"{ask.path}?{urlencode(ask.query, doseq=True)}"
    if ask.method in SAFE:
        return persona.client().generic(ask.method, where)
    if ask.as_json:
        return persona.client().generic(ask.method, where, json.dumps(ask.body), content_type="application/json")
    form = urlencode(ask.body, doseq=True)
    return persona.client().generic(ask.method, where, form, content_type="application/x-www-form-urlencoded")


def _read(response: Any, ask: Ask) -> Answer:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    raw = body.decode("utf-8", "replace") + "\n" + "\n".join(f"{name}: {value}" for name, value in response.items())
    headers = {name: _plain(response.headers[name], ask) for name in COMPARED if name in response.headers}
    return Answer(response.status_code, _plain(body.decode("utf-8", "replace"), ask), headers, _plain(raw, ask))


def _plain(text: str, ask: Ask) -> str:
    """The text without echoes of the question and without tokens that are new in every answer."""
    text = unquote_plus(unquote(text))  # an address inside an address, as in ?next=
    text = NOISE.sub("#", text)  # first: a short slug stands in a random token now and then, and would leave half of it
    for value in sorted(ask.sent(), key=len, reverse=True):
        if len(value) > 2:
            text = text.replace(value, "?").replace(value.replace("-", ""), "?")
    return text
