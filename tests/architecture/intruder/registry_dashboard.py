"""The addresses of dashboard/."""

from typing import Any

from brands import preview
from postpurchase.tenancy.models import Brand
from tests.architecture.intruder.fixture import ORDER, Body, Fixture, external, public, slug
from tests.architecture.intruder.shapes import AT
from tests.architecture.intruder.world import World

ONCE = "once-0123456789-0123456789"  # the page draws a new one each time
MESSAGE = public("msg", "notifications.Message")


def asks(**named: Any) -> Body:
    """A query or body: texts as they are, functions of the shop filled."""
    return lambda world: {name: value(world) if callable(value) else value for name, value in named.items()}


def key(world: World) -> str:
    """The key of the shop's flow."""
    return world.node


def number(world: World) -> str:
    """The number of its order."""
    return f"#{world.word}"


def parcel(world: World) -> str:
    """The number of its parcel."""
    return external(world, "number")


def order(*works: str, body: Body | None = None) -> Fixture:
    """An address of one order."""
    return Fixture({"slug": slug, "order_id": ORDER}, body, works=works)


def message(*works: str) -> Fixture:
    """An address of one message."""
    return Fixture({"slug": slug, "message_id": MESSAGE}, works=works)


def flow(*works: str, **more: Any) -> Fixture:
    """An address of one flow."""
    return Fixture({"slug": slug, "key": key}, works=works, own=frozenset({"key"}), **more)


def endpoint(*works: str, **more: Any) -> Fixture:
    """An address of one endpoint for webhooks."""
    return Fixture({"slug": slug, "endpoint_id": public("whe", "integrations.WebhookEndpoint")}, works=works, **more)


def person(*works: str, body: Body | None = None) -> Fixture:
    """An address of one of its people, not its owner."""
    return Fixture({"slug": slug, "member_id": public("mbr", "tenancy.Membership")}, body, works=works)


def invited(*works: str) -> Fixture:
    """An address of one invitation."""
    return Fixture({"slug": slug, "invitation_id": public("inv", "tenancy.Invitation")}, works=works)


def told(*works: str) -> Fixture:
    """An address of one delivery to an endpoint."""
    return Fixture({"slug": slug, "delivery_id": public("whd", "integrations.WebhookDelivery")}, works=works)


def transfer(name: str, *works: str, **more: Any) -> Fixture:
    """An address of one import or export."""
    label = {"import": "transfers.Import", "export": "transfers.Export"}[name]
    return Fixture({"slug": slug, f"{name}_id": public(name[:3], label)}, works=works, **more)


def secret_of(world: World) -> str:
    """Which secret the page was drawn with."""
    return AT.isoformat()


def suggestion(world: World) -> str:
    """The one that the page was drawn with."""
    return str(world.ids["brands.Suggestion"])


def look(world: World) -> str:
    """A look of that shop, signed."""
    return preview.token(Brand(name=world.word))


HOOK = {"url": lambda world: f"https://{world.slug}.example.com/in", "label": lambda world: world.slug, "live": "1"}
PAGES: dict[str, Fixture] = {
    "": Fixture({"slug": slug}),
    "orders/": Fixture(
        {"slug": slug},
        query=asks(q=number),
        more=(
            asks(q=parcel),
            asks(q=lambda world: world.email),
            asks(q=lambda world: world.word),
            asks(carrier=lambda world: external(world, "carrier")),
            asks(view="open", country="DE"),
            asks(view="late", since="90d"),
            asks(view="attention"),
        ),
    ),
    "orders/<order:order_id>/": order("GET"),
    "orders/<order:order_id>/send/": order("POST", body=asks(template="confirmation", once=ONCE)),
    "messages/": Fixture(
        {"slug": slug},
        query=asks(flow=key),
        more=(asks(view="doubt"), asks(view="failed"), asks(view="unsent"), asks(view="planned"), asks(template="confirmation")),
    ),
    "messages/<message:message_id>/": message("GET"),
    "messages/<message:message_id>/body/": message("GET"),
    "messages/<message:message_id>/text/": message("GET"),
    "messages/<message:message_id>/again/": message("POST"),
    "messages/<message:message_id>/arrived/": message("POST"),
    "flows/": Fixture({"slug": slug}),
    "flows/<slug:key>/": flow("GET", query=asks(order=ORDER, step=key), more=(asks(number=number), asks(order=ORDER, number=parcel))),
    "flows/<slug:key>/switch/": flow("POST", body=asks(on="0", back="flow")),
    "flows/<slug:key>/preview/": flow("GET", query=asks(order=ORDER, step=key)),
    "flows/<slug:key>/test/": flow(
        "POST", body=asks(order=ORDER, step=key, once=ONCE), mine=asks(to=lambda world: world.team_email), query=asks(order=ORDER)
    ),
    "imports/": Fixture({"slug": slug}),
    "imports/new/": Fixture({"slug": slug}, silent="an empty form"),
    "imports/add/": Fixture(
        {"slug": slug},
        asks(kind="orders", connection=lambda world: world.id("integrations.Connection")),
        works=(),
        unprovable="a file cannot be sent here; tests/transfers sends some",
    ),
    "imports/sample/<slug:kind>/": Fixture({"slug": slug, "kind": lambda world: "orders"}, own=frozenset({"kind"}), silent="a sample file"),
    "imports/<import:import_id>/": transfer("import", "GET"),
    "imports/<import:import_id>/look/": transfer("import", "POST", body=asks(encoding="utf-8", delimiter=",")),
    "imports/<import:import_id>/check/": transfer(
        "import", "POST", body=asks(dates="iso", decimal=".", currency="EUR", to_number="0", to_placed_at="1")
    ),
    "imports/<import:import_id>/change/": transfer("import", "POST"),
    "imports/<import:import_id>/run/": transfer("import", "POST"),
    "imports/<import:import_id>/cancel/": transfer("import", "POST"),
    "imports/<import:import_id>/errors/": transfer("import", "GET"),
    "exports/": Fixture({"slug": slug}),
    "exports/add/": Fixture({"slug": slug}, asks(subject="orders", form="csv", query=lambda world: f"q={world.word}"), works=("POST",)),
    "exports/<export:export_id>/file/": transfer("export", "GET"),
    "first-steps/order/": Fixture({"slug": slug}, works=("POST",)),
    "first-steps/close/": Fixture({"slug": slug}, works=("POST",)),
    "brand/": Fixture({"slug": slug}),
    "brand/change/": Fixture({"slug": slug}, asks(name=lambda world: world.slug, accent="#112233", surface="#faf9f6"), works=("POST",)),
    "brand/preview/": Fixture({"slug": slug}, asks(name="Shop", accent="#112233", surface="#faf9f6"), works=("POST",)),
    "brand/mail/<str:look>/": Fixture(
        {"slug": slug, "look": look}, secrets=frozenset({"look"}), silent="a made-up order in the look that stands, signed, in the address"
    ),
    "brand/read/": Fixture({"slug": slug}, asks(website=lambda world: f"https://{world.slug}.example.com/"), works=("POST",)),
    "brand/take/": Fixture({"slug": slug}, asks(suggestion=suggestion, field="name"), works=("POST",)),
    "brand/leave/": Fixture({"slug": slug}, asks(suggestion=suggestion), works=("POST",)),
    "alerts/": Fixture({"slug": slug}),
    "alerts/change/": Fixture({"slug": slug}, asks(doubt="daily", time_zone="UTC"), works=("POST",)),
    "alerts/channel/": Fixture(
        {"slug": slug}, asks(url=lambda world: f"https://chat.{world.slug}.example.com/x", kinds="doubt"), works=("POST",)
    ),
    "alerts/channel/test/": Fixture({"slug": slug}, works=("POST",)),
    "alerts/channel/remove/": Fixture({"slug": slug}, works=("POST",)),
    "settings/": Fixture({"slug": slug}),
    "settings/change/": Fixture({"slug": slug}, asks(locale="en", time_zone="UTC"), works=("POST",)),
    "team/": Fixture({"slug": slug}),
    "team/invite/": Fixture({"slug": slug}, asks(email=lambda world: f"new@{world.slug}.example", role="agent"), works=("POST",)),
    "team/two-factor/": Fixture({"slug": slug}, asks(on="0"), works=("POST",)),
    "close/": Fixture({"slug": slug}),
    "closed/": Fixture({"slug": slug}, asks(name=lambda world: f"{world.word} shop"), works=("POST",)),
    "team/leave/": Fixture({"slug": slug}),
    "team/left/": Fixture({"slug": slug}, works=(), unprovable="the last owner cannot leave; tests/accounts try the others"),
    "team/invitations/<invitation:invitation_id>/again/": invited("POST"),
    "team/invitations/<invitation:invitation_id>/revoke/": invited("POST"),
    "team/<member:member_id>/": person("GET"),
    "team/<member:member_id>/role/": person("POST", body=asks(role="agent")),
    "team/<member:member_id>/remove/": person("POST"),
    "webhooks/": Fixture({"slug": slug}),
    "webhooks/new/": Fixture({"slug": slug}, silent="an empty form"),
    "webhooks/add/": Fixture({"slug": slug}, asks(**HOOK), works=("POST",)),
    "webhooks/<endpoint:endpoint_id>/": endpoint("GET", more=(asks(view="failed"),)),
    "webhooks/<endpoint:endpoint_id>/edit/": endpoint("GET"),
    "webhooks/<endpoint:endpoint_id>/change/": endpoint("POST", body=asks(**HOOK)),
    "webhooks/<endpoint:endpoint_id>/switch/": endpoint("POST", body=asks(on="0")),
    "webhooks/<endpoint:endpoint_id>/secret/": endpoint("POST", body=asks(of=secret_of, end="now")),
    "webhooks/<endpoint:endpoint_id>/old-secret/": endpoint("POST"),
    "webhooks/<endpoint:endpoint_id>/test/": endpoint("POST"),
    "webhooks/<endpoint:endpoint_id>/replay/": endpoint("POST", body=asks(since="2026-03-01T00:00", until="2026-03-31T00:00", what="all")),
    "webhooks/<endpoint:endpoint_id>/remove/": endpoint("GET"),
    "webhooks/<endpoint:endpoint_id>/delete/": endpoint("POST"),
    "webhooks/deliveries/<delivery:delivery_id>/": told("GET"),
    "webhooks/deliveries/<delivery:delivery_id>/again/": told("POST"),
}
FIXTURES: dict[str, Fixture] = {
    "": Fixture(),
    "theme/": Fixture(body=asks(theme="dark", next=lambda world: f"/m/{world.slug}/"), works=("POST",)),
} | {f"m/<slug:slug>/{pattern}": fixture for pattern, fixture in PAGES.items()}
