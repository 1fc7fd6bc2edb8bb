"""The addresses of dashboard/."""

from typing import Any

from brands import preview
from postpurchase.tenancy.models import Brand
from tests.architecture.intruder.fixture import ORDER, Body, Fixture, external, public, slug
from tests.architecture.intruder.shapes import AT, OWN, SHOP
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


def design(*works: str, **more: Any) -> Fixture:
    """An address of one design."""
    return Fixture({"slug": slug, "key": key}, works=works, own=frozenset({"key"}), **more)


def version(*works: str, **more: Any) -> Fixture:
    """An address of a flow's first version."""
    return Fixture({"slug": slug, "key": key, "number": lambda world: "1"}, works=works, own=frozenset({"key", "number"}), **more)


def tried(*works: str) -> Fixture:
    """An address of one backtest of the flow."""
    named = {"slug": slug, "key": key, "backtest_id": public("bkt", "backtest.Backtest")}
    return Fixture(named, works=works, own=frozenset({"key"}))


def endpoint(*works: str, **more: Any) -> Fixture:
    """An address of one endpoint for webhooks."""
    return Fixture({"slug": slug, "endpoint_id": public("whe", "integrations.WebhookEndpoint")}, works=works, **more)


def suppression(*works: str, body: Body | None = None) -> Fixture:
    """An address of one line of the list of those not written to."""
    return Fixture({"slug": slug, "suppression_id": public("sup", "notifications.Suppression")}, body, works=works)


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


def source(*works: str, **more: Any) -> Fixture:
    """An address of one connection."""
    return Fixture({"slug": slug, "connection_id": public("con", SHOP)}, works=works, **more)


def read_as_told(*works: str, **more: Any) -> Fixture:
    """An address of the connection that has a mapping of the shop's own."""
    return Fixture({"slug": slug, "connection_id": public("con", OWN)}, works=works, **more)


def came_in(*works: str) -> Fixture:
    """An address of one delivery that came in."""
    return Fixture({"slug": slug, "inbound_id": public("ind", "integrations.InboundDelivery")}, works=works)


def name(*works: str) -> Fixture:
    """An address of one domain."""
    return Fixture({"slug": slug, "domain_id": public("dom", "domains.Domain")}, works=works)


def api_key(*works: str, body: Body | None = None) -> Fixture:
    """An address of one API key."""
    return Fixture({"slug": slug, "key_id": public("key", "tenancy.ApiKey")}, body, works=works)


def buyer(*works: str, body: Body | None = None, **more: Any) -> Fixture:
    """An address of one customer."""
    return Fixture({"slug": slug, "customer_id": public("cus", "orders.Customer")}, body, works=works, **more)


def kept(*works: str, body: Body | None = None) -> Fixture:
    """An address of one kept filter."""
    return Fixture({"slug": slug, "filter_id": public("flt", "bulk.SavedFilter")}, body, works=works)


def job(*works: str) -> Fixture:
    """An address of one act on many rows."""
    return Fixture({"slug": slug, "job_id": public("job", "bulk.Job")}, works=works)


def secret_of(world: World) -> str:
    """Which secret the page was drawn with."""
    return AT.isoformat()


def suggestion(world: World) -> str:
    """The one that the page was drawn with."""
    return str(world.ids["brands.Suggestion"])


def look(world: World) -> str:
    """A look of that shop, signed."""
    return preview.token(Brand(name=world.word))


def point(*works: str, body: Body | None = None) -> Fixture:
    """An address of one pick-up point."""
    return Fixture({"slug": slug, "point_id": public("pup", "tracking.PickupPoint")}, body, works=works)


POINT = asks(name=lambda world: world.word, street="1 Way", city="Kiel", country="DE")
PUBLIC = {"ord": "orders.Order", "cus": "orders.Customer", "shp": "tracking.Shipment", "msg": "notifications.Message"}
HOOK = {
    "url": lambda world: f"https://{world.slug}.example.com/in",
    "label": lambda world: world.word,
    "live": "1",
}  # not the slug: "combobox" has a bob in it
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
    "messages/<message:message_id>/held/": Fixture(
        {"slug": slug, "message_id": MESSAGE}, asks(on="1"), works=(), unprovable="its message is in doubt; tests/dashboard holds some"
    ),
    "shipments/": Fixture(
        {"slug": slug},
        query=asks(carrier=lambda world: external(world, "carrier")),
        more=(
            asks(view="moving"),
            asks(view="open", promised="week"),
            asks(ids=lambda world: world.public("shp", "tracking.Shipment")),
            asks(came="7d"),
        ),
    ),
    "customers/": Fixture(
        {"slug": slug}, query=asks(q=lambda world: world.email), more=(asks(q=lambda world: world.word), asks(view="known"))
    ),
    "customers/<customer:customer_id>/": buyer("GET"),
    "customers/<customer:customer_id>/data/": buyer("GET", writes_on_get="the log keeps who took whose data"),
    "customers/<customer:customer_id>/erase/": buyer("GET"),
    "customers/<customer:customer_id>/erased/": buyer("POST", body=asks(email=lambda world: world.email)),
    "search/": Fixture(
        {"slug": slug},
        query=asks(q=number),
        more=(
            asks(q=lambda world: world.email),
            asks(q=lambda world: world.word, go="1"),
            *(asks(q=lambda world, prefix=prefix, label=label: world.public(prefix, label)) for prefix, label in PUBLIC.items()),
        ),
    ),
    "filters/add/": Fixture({"slug": slug}, asks(name="Late", subject="orders", query="view=late"), works=("POST",)),
    "filters/<filter:filter_id>/rename/": kept("POST", body=asks(name="Later")),
    "filters/<filter:filter_id>/remove/": kept("POST"),
    "filters/<filter:filter_id>/restore/": kept("POST"),
    "jobs/": Fixture({"slug": slug}),
    "jobs/ask/": Fixture({"slug": slug}, asks(subject="orders", act="tracking_link", query="", row=ORDER), works=("POST",)),
    "jobs/add/": Fixture(
        {"slug": slug},
        asks(subject="orders", act="tracking_link", which="picked", picked=lambda world: f"ids={ORDER(world)}", once=ONCE),
        works=("POST",),
    ),
    "jobs/<job:job_id>/": job("GET"),
    "jobs/<job:job_id>/stop/": job("POST"),
    "page/": Fixture({"slug": slug}, query=asks(section="faq"), more=(asks(language="de", section="faq"),)),
    "page/change/": Fixture({"slug": slug}, asks(section="faq", title=lambda world: world.word), works=("POST",)),
    "page/arrange/": Fixture({"slug": slug}, asks(section="faq", op="switch", order="parcels,aside,support,order,faq"), works=("POST",)),
    "page/variant/": Fixture({"slug": slug}, asks(op="add", name=lambda world: world.word, countries="AT"), works=("POST",)),
    "page/whole/": Fixture({"slug": slug}, asks(asks="address", origins=lambda world: f"https://{world.slug}.example"), works=("POST",)),
    "page/publish/": Fixture({"slug": slug}, works=("POST",)),
    "page/restore/": Fixture({"slug": slug}, asks(number="1"), works=("POST",)),
    "points/": Fixture({"slug": slug}, more=(asks(**{"as": "csv"}),)),
    "points/file/": Fixture({"slug": slug}, works=(), unprovable="a file cannot be sent here; tests/dashboard/test_points.py sends some"),
    "points/add/": Fixture({"slug": slug}, POINT, works=("POST",)),
    "points/<point:point_id>/": point("GET"),
    "points/<point:point_id>/change/": point("POST", body=POINT),
    "points/<point:point_id>/switch/": point("POST", body=asks(on="0")),
    "points/<point:point_id>/remove/": point("POST"),
    "shipments/requests/": Fixture({"slug": slug}),
    "shipments/requests/<wish:wish_id>/answer/": Fixture(
        {"slug": slug, "wish_id": public("wsh", "tracking.Wish")}, asks(state="accepted"), works=("POST",)
    ),
    "designs/": Fixture({"slug": slug}),
    "designs/add/": Fixture({"slug": slug}, asks(name="One more", base="shipped", stream="marketing"), works=("POST",)),
    "designs/d/<slug:key>/": design("GET", query=asks(order_id=ORDER, block="text"), more=(asks(check="1"), asks(language="de"))),
    "designs/d/<slug:key>/preview/": design("GET", query=asks(order=ORDER), more=(asks(**{"as": "text"}),)),
    "designs/d/<slug:key>/change/": design("POST", body=asks(block="text", text=lambda world: f"{world.word} says so", size="big")),
    "designs/d/<slug:key>/arrange/": design("POST", body=asks(op="copy", block="text")),
    "designs/d/<slug:key>/test/": design("POST", body=asks(order=ORDER, once=ONCE), mine=asks(to=lambda world: world.team_email)),
    "designs/d/<slug:key>/publish/": design("POST"),
    "designs/d/<slug:key>/restore/": design("POST", body=asks(number="1")),
    "flows/": Fixture({"slug": slug}),
    "results/": Fixture({"slug": slug}, query=asks(days="90"), more=(asks(sort="sent"), asks(**{"as": "csv"}))),
    "flows/<slug:key>/": flow("GET", query=asks(order=ORDER, step=key), more=(asks(number=number), asks(order=ORDER, number=parcel))),
    "flows/<slug:key>/results/": flow("GET", query=asks(days="90"), more=(asks(**{"as": "csv"}),)),
    "flows/<slug:key>/switch/": flow("POST", body=asks(on="0", back="flow")),
    "flows/<slug:key>/preview/": flow("GET", query=asks(order=ORDER, step=key)),
    "flows/<slug:key>/simulate/": flow("GET", query=asks(order=ORDER), more=(asks(number=number),)),
    "flows/<slug:key>/backtest/": flow("GET"),
    "flows/<slug:key>/backtest/start/": flow("POST", body=asks(days="7", once=ONCE)),
    "flows/<slug:key>/backtest/<backtest:backtest_id>/": tried("GET"),
    "flows/<slug:key>/backtest/<backtest:backtest_id>/stop/": tried("POST"),
    "flows/<slug:key>/backtest/<backtest:backtest_id>/file/": tried("GET"),
    "flows/<slug:key>/test/": flow(
        "POST", body=asks(order=ORDER, step=key, once=ONCE), mine=asks(to=lambda world: world.team_email), query=asks(order=ORDER)
    ),
    "flows/<slug:key>/edit/": flow("GET", query=asks(step=key), more=(asks(add=lambda world: f"{world.node}.0"),)),
    "flows/<slug:key>/edit/change/": flow(
        "POST", body=asks(revision="1", open=key, do=lambda world: f"duplicate {world.node}"), mine=asks(revision="1")
    ),
    "flows/<slug:key>/edit/discard/": flow("POST"),
    "flows/<slug:key>/publish/": flow("GET"),
    "flows/<slug:key>/publish/now/": flow("POST", body=asks(revision="1", in_flight="cancel")),
    "flows/<slug:key>/versions/": flow("GET"),
    "flows/<slug:key>/versions/<int:number>/": version("GET"),
    "flows/<slug:key>/versions/<int:number>/roll-back/": version("POST", body=asks(of="1", in_flight="cancel")),
    "new-flow/": Fixture({"slug": slug}, query=asks(copy=key)),
    "new-flow/add/": Fixture({"slug": slug}, asks(name="One more", begin=lambda world: f"copy:{world.node}"), works=("POST",)),
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
    "exports/<export:export_id>/file/": transfer("export", "GET", writes_on_get="the log keeps who took which file"),
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
    "codes/": Fixture({"slug": slug}),
    "codes/<code:code_id>/give/": Fixture(
        {"slug": slug, "code_id": public("ccd", "tracking.CarrierCode")}, asks(status="in_transit"), works=("POST",)
    ),
    "connections/": Fixture({"slug": slug}),
    "connections/new/": Fixture({"slug": slug}, silent="the kinds there are"),
    "connections/add/": Fixture({"slug": slug}, asks(kind="easypost", label=lambda world: f"{world.word} carriers"), works=("POST",)),
    "connections/<connection:connection_id>/": source("GET", more=(asks(view="failed"),)),
    "connections/<connection:connection_id>/switch/": source("POST", body=asks(on="0")),
    "connections/<connection:connection_id>/secret/": source("POST", body=asks(secret=lambda world: f"{world.word} secret", end="now")),
    "connections/<connection:connection_id>/old-secret/": source("POST"),
    "connections/<connection:connection_id>/again/": source("POST", body=asks(delivery=public("ind", "integrations.InboundDelivery"))),
    "connections/<connection:connection_id>/replay/": source(
        "POST", body=asks(since="2020-01-01T00:00", until="2099-12-31T00:00", what="all")
    ),
    "connections/<connection:connection_id>/mapping/": read_as_told("GET"),
    "connections/<connection:connection_id>/mapping/look/": read_as_told("POST", body=asks(sample='[{"number": "N1"}]', form="json")),
    "connections/<connection:connection_id>/mapping/keep/": read_as_told(
        "POST", body=asks(form="json", at_number="/number", at_time="/at", at_code=lambda world: f"/{world.word}", always_carrier="acme")
    ),
    "connections/<connection:connection_id>/file/": read_as_told(unprovable="a file cannot be sent here; tests/dashboard sends some"),
    "connections/<connection:connection_id>/asking/": read_as_told("GET"),
    "connections/<connection:connection_id>/asking/keep/": read_as_told(
        "POST", body=asks(url="https://a.example/{number}", carriers="acme", a_minute="6", asking="on")
    ),
    "connections/<connection:connection_id>/remove/": source("GET"),
    "connections/<connection:connection_id>/delete/": source("POST"),
    "connections/inbox/<inbound:inbound_id>/": came_in("GET"),
    "connections/inbox/<inbound:inbound_id>/again/": came_in("POST"),
    "rules/": Fixture({"slug": slug}),
    "rules/resume/": Fixture({"slug": slug}, works=("POST",)),
    "rules/<slug:key>/change/": Fixture({"slug": slug, "key": lambda world: "consent"}, asks(confirm="always"), works=("POST",)),
    "suppressions/": Fixture({"slug": slug}),
    "suppressions/add/": Fixture({"slug": slug}, asks(address=lambda world: world.email, scope="marketing"), works=("POST",)),
    "suppressions/<suppression:suppression_id>/lift/": suppression("GET"),
    "suppressions/<suppression:suppression_id>/lifted/": suppression("POST", body=asks(why="They asked", sure="on")),
    "sms/": Fixture({"slug": slug}),
    "sms/change/": Fixture(
        {"slug": slug}, asks(provider="twilio", account_sid="AC" + "0" * 32, token="1" * 32, sender="Northlight"), works=("POST",)
    ),
    "sms/test/": Fixture({"slug": slug}, asks(number="+4915123456789", once="0123456789abcdefghij"), works=("POST",)),
    "sms/remove/": Fixture({"slug": slug}, works=("POST",)),
    "sms/counting/": Fixture({"slug": slug}, asks(count_clicks="", count_opens="nowhere"), works=("POST",)),
    "domains/": Fixture({"slug": slug}),
    "domains/add/": Fixture({"slug": slug}, asks(kind="sending", name=lambda world: f"{world.slug}.example"), works=("POST",)),
    "domains/<domain:domain_id>/check/": name("POST"),
    "domains/<domain:domain_id>/remove/": name("GET"),
    "domains/<domain:domain_id>/delete/": name("POST"),
    "keys/": Fixture({"slug": slug}, more=(asks(view="ended"),)),
    "keys/new/": Fixture({"slug": slug}, silent="an empty form"),
    "keys/add/": Fixture({"slug": slug}, asks(label=lambda world: f"{world.word} stock", live="0", scopes="orders:read"), works=("POST",)),
    "keys/<key:key_id>/": api_key("GET"),
    "keys/<key:key_id>/rotate/": api_key("POST", body=asks(overlap="3600")),
    "keys/<key:key_id>/end/": api_key("GET"),
    "keys/<key:key_id>/revoke/": api_key("POST"),
    "shipments/promises/": Fixture({"slug": slug}, more=(asks(by="lane", weeks="52w"),)),
    "usage/": Fixture({"slug": slug}, more=(asks(of="scans"),)),
    "audit/": Fixture(
        {"slug": slug}, more=(asks(who=lambda world: f"person:{world.id('tenancy.User')}"), asks(act="shop.opened", since="90d"))
    ),
    "audit/check/": Fixture({"slug": slug}, works=("POST",)),
    "audit/<entry:entry_id>/": Fixture({"slug": slug, "entry_id": public("aud", "tenancy.AuditEntry")}, works=("GET",)),
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
    "webhooks/<endpoint:endpoint_id>/replay/": endpoint("POST", body=asks(since="2020-01-01T00:00", until="2099-12-31T00:00", what="all")),
    "webhooks/<endpoint:endpoint_id>/remove/": endpoint("GET"),
    "webhooks/<endpoint:endpoint_id>/delete/": endpoint("POST"),
    "webhooks/deliveries/<delivery:delivery_id>/": told("GET"),
    "webhooks/deliveries/<delivery:delivery_id>/again/": told("POST"),
}
FIXTURES: dict[str, Fixture] = {
    "": Fixture(),
    "shortcuts/": Fixture(body=asks(on="0", next=lambda world: f"/m/{world.slug}/"), works=("POST",)),
    "theme/": Fixture(body=asks(theme="dark", next=lambda world: f"/m/{world.slug}/"), works=("POST",)),
} | {f"m/<slug:slug>/{pattern}": fixture for pattern, fixture in PAGES.items()}
