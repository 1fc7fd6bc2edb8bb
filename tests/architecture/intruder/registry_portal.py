"""The addresses of portal/."""

from typing import Any

from brands.page import preview
from tests.architecture.intruder.fixture import Fill, Fixture, slug
from tests.architecture.intruder.registry_dashboard import look
from tests.architecture.intruder.world import World


def link(label: str) -> Fill:
    """The token of a link to a row of that model."""
    return lambda world: world.link(label)


def secret(label: str, *works: str, body: dict[str, str] | None = None, silent: str = "") -> Fixture:
    """An address whose token is the permission."""
    given = body or {}
    return Fixture({"token": link(label)}, lambda world: given, secrets=frozenset({"token"}), works=("GET", *works), silent=silent)


def asked(world: World) -> dict[str, Any]:
    """What a shopper knows of an order."""
    return {"order": f"#{world.word}", "proof": world.email}


def draft(world: World) -> str:
    """The draft of that shop's page, signed."""
    return preview.token(preview.Asked(world.ids["tenancy.Merchant"], "all", "en"))


FIXTURES: dict[str, Fixture] = {
    "t/<str:token>": secret("orders.Order"),
    "t/<str:token>/code": secret("orders.Order", "POST"),
    "t/<str:token>/verify": secret("orders.Order", body={"code": "123456"}),
    "t/<str:token>/contact": Fixture(
        {"token": link("orders.Order")},
        works=(),
        secrets=frozenset({"token"}),
        unprovable="a redirect has no words, and the shops here have no page for help; tests/portal/test_visits.py follows it",
    ),
    "t/<str:token>/stars/<int:stars>": Fixture(
        {"token": link("orders.Order"), "stars": lambda world: "5"},
        works=(),
        secrets=frozenset({"token"}),
        own=frozenset({"stars"}),
        unprovable="an order on its way is not asked how it was; tests/portal/test_stars.py follows stars of one that has come",
    ),
    "t/<str:token>/delivery.ics": Fixture(
        {"token": link("orders.Order")},
        works=(),
        secrets=frozenset({"token"}),
        unprovable="a parcel without a day has no calendar; tests/portal/test_asking.py asks for one that has",
    ),
    "t/<str:token>/delivery": secret("orders.Order", body={"kind": "instructions", "text": "Ring twice"}, silent="leads to the code"),
    "t/<str:token>/pickup": secret("orders.Order", body={"kind": "pickup"}, silent="leads to the code"),
    "t/<str:token>/address": secret("orders.Order", body={"kind": "address", "text": "1 Way"}, silent="leads to the code"),
    "t/<str:token>/missing": Fixture(
        {"token": link("orders.Order")},
        lambda world: {"kind": "missing", "text": world.word},
        works=(),
        secrets=frozenset({"token"}),
        unprovable="a parcel on its way is not missing yet; tests/portal/test_asking.py tells of one that is",
    ),
    "u/<str:token>": secret("notifications.Message", "POST"),
    "u/<str:token>/choices": secret("notifications.Message", "POST", body={"news": "on", "late_only": "on", "locale": "de"}),
    "u/<str:token>/confirm": Fixture(
        {"token": link("notifications.Message")},
        secrets=frozenset({"token"}),
        works=(),
        unprovable="only the mail that asks to confirm opens it; tests/portal/test_choices.py does",
    ),
    "c/<str:token>": Fixture(
        {"token": link("notifications.Link")},
        works=(),
        secrets=frozenset({"token"}),
        unprovable="the row's id ends in a place of its own here; tests/engagement follows links, and changes each of their bytes",
    ),
    "o/<str:token>.gif": Fixture(
        {"token": link("notifications.Link")},
        works=(),
        secrets=frozenset({"token"}),
        unprovable="a dot has no words; tests/engagement fetches some",
    ),
    "s/<slug:slug>/": Fixture(
        {"slug": slug},
        body=asked,
        works=("GET", "POST"),
        open_to_all="a shop's look-up page is for its shoppers, whoever they are; every guess gets one answer and leaves one event",
        shows=("tenancy.Brand", "tenancy.Merchant"),
        appends=frozenset({"events_domainevent"}),
    ),
    "s/<slug:slug>/embed": Fixture(
        {"slug": slug},
        open_to_all="a field for an order number, for the shop's own site; it reads nothing",
        shows=("tenancy.Brand", "tenancy.Merchant"),
    ),
    "brand/<str:accent>-<str:surface>.css": Fixture(
        {"accent": lambda world: "0f766e", "surface": lambda world: "faf9f6"}, silent="colours"
    ),
    "internal/tls-ask": Fixture(
        works=(), unprovable="whether a host is served is what anybody learns by calling it; tests/portal/test_own_host.py asks for some"
    ),
    "logo/<uuid:logo_id>.png": Fixture(
        {"logo_id": lambda world: str(world.ids["brands.Logo"])},
        open_to_all="a logo is shown to whoever gets a mail or opens a tracking page",
        silent="a picture has no words",
        shop=frozenset({"logo_id"}),
    ),
    "favicon.ico": Fixture(silent="the product's icon"),
    "look/<str:look>/": Fixture(
        {"look": look}, secrets=frozenset({"look"}), silent="a made-up order in the look that stands, signed, in the address"
    ),
    "draft/<str:look>/": Fixture({"look": draft}, secrets=frozenset({"look"})),
    "health/live": Fixture(),
    "health/ready": Fixture(),
    "health/work": Fixture(
        works=(),
        unprovable="the shops of this test have work that nobody does",
        alarm="that work is not done is what it tells; it names no shop",
    ),
    "metrics": Fixture(works=(), unprovable="METRICS_TOKEN opens it; tests/portal/test_metrics.py tries"),
}
