"""The pages of connections: adding, wiring, secrets, the inbox, replays, pausing and removing, and who may see what."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from integrations.connections import keep
from integrations.models import Connection, Delivery, InboundDelivery, Replay
from orders.models import Order
from postpurchase.lib import clock, ids, signing
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import SECRET, Shop
from tests.dashboard.pages import next_page, rows, text
from tests.integrations.shopify import payload

pytestmark = pytest.mark.django_db
AT = "/m/ann/connections/"


@pytest.fixture
def source(ann: Merchant) -> Shop:
    """A Shopify shop that is connected to Ann's."""
    return Shop(ann)


def page_of(source: Shop) -> str:
    return f"{AT}{to_public('con', source.connection.pk)}/"


def log(source: Shop, count: int, state: str = Delivery.DONE, **given: Any) -> list[InboundDelivery]:
    """Deliveries of the last minutes, that many, in that state."""
    now = clock.machine_now()
    given = {"topic": "orders/create", "headers": {}, "body": b"{}", "attempts": 1, "processed_at": now} | given
    with in_merchant(source.merchant):
        made = [InboundDelivery(connection=source.connection, delivery_id=str(ids.uuid7()), state=state, **given) for _ in range(count)]
        return InboundDelivery.objects.bulk_create(made)


def delivery_page(row: InboundDelivery) -> str:
    return f"{AT}inbox/{to_public('ind', row.pk)}/"


def states(merchant: Merchant) -> list[str]:
    with in_merchant(merchant):
        return list(InboundDelivery.objects.order_by("id").values_list("state", flat=True))


def test_a_shop_without_connections_is_taught(ann: Merchant, admin: Client, viewer: Client) -> None:
    assert "No connection yet" in text(admin.get(AT))
    assert f'href="{AT}new/"' in admin.get(AT).content.decode()
    assert "Your own systems" in text(admin.get(AT))
    assert "An owner or admin of your shop can add one." in text(viewer.get(AT))


def test_a_shopify_shop_is_connected_step_by_step(ann: Merchant, admin: Client) -> None:
    assert "Shopify" in text(admin.get(f"{AT}new/"))
    assert "Shop domain" in text(admin.get(f"{AT}new/?kind=shopify"))
    made = admin.post(f"{AT}add/", {"kind": "shopify", "label": "German shop", "account": "Northlight.myshopify.com"})
    with in_merchant(ann):
        row = Connection.objects.get(kind="shopify")
    url, door = f"{AT}{to_public('con', row.pk)}/", f"/in/{to_public('con', row.pk)}"
    said = text(made)
    assert f"http://127.0.0.1:8000{door}" in said
    assert "Secret missing" in said
    assert "orders/create" in said
    unsigned = {"headers": {"X-Shopify-Topic": "orders/create"}, "content_type": "application/json"}
    assert Client().post(door, "{}", **unsigned).status_code == 401

    admin.post(f"{url}secret/", {"secret": f" {SECRET} "})

    with in_merchant(ann):
        row.refresh_from_db()
    assert (row.account, row.secrets(), SECRET.encode() in bytes(row.secret_sealed or b"")) == ("northlight.myshopify.com", [SECRET], False)
    assert SECRET not in admin.get(url).content.decode()
    assert "Nothing received yet" in text(admin.get(url))


def test_an_easypost_account_gets_a_secret_that_is_shown_once(ann: Merchant, admin: Client) -> None:
    made = admin.post(f"{AT}add/", {"kind": "easypost", "label": "Carriers"})

    secret = re.findall(r'<code class="mono break">([\w-]{20,})</code>', made.content.decode())[0]
    assert made["Cache-Control"] == "no-store"
    with in_merchant(ann):
        row = Connection.objects.get(kind="easypost")
    assert row.secrets() == [secret]
    assert secret not in admin.get(f"{AT}{to_public('con', row.pk)}/").content.decode()
    body = b'{"description":"tracker.created","result":{"tracking_code":"1"}}'
    signed = {"X-Hmac-Signature": "hmac-sha256-hex=" + signing.hmac_hex(secret.encode(), body)}
    assert Client().post(f"/in/{to_public('con', row.pk)}", body, content_type="application/json", headers=signed).status_code == 200


@pytest.mark.parametrize("given", [{"label": ""}, {"label": "x" * 81}, {"label": "Shop"}])
def test_a_name_that_cannot_be_is_told_at_its_field(ann: Merchant, source: Shop, admin: Client, given: dict[str, str]) -> None:
    refused = admin.post(f"{AT}add/", {"kind": "shopify", **given})

    assert (refused.status_code, 'aria-invalid="true"' in refused.content.decode()) == (422, True)
    with in_merchant(ann):
        assert Connection.objects.filter(kind="shopify").count() == 1


@pytest.mark.parametrize("kind", ["api", "nonsense", ""])
def test_what_cannot_receive_cannot_be_added(ann: Merchant, admin: Client, kind: str) -> None:
    assert admin.post(f"{AT}add/", {"kind": kind, "label": "x"}).status_code == 404
    assert admin.get(f"{AT}new/?kind={kind}").status_code == (404 if kind else 200)


def test_a_delivery_shows_what_was_sent_and_what_it_made(ann: Merchant, source: Shop, admin: Client) -> None:
    source.send("orders/create", payload("order"), **{"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer hush"})
    source.read()
    with in_merchant(ann):
        row, order = InboundDelivery.objects.get(), Order.objects.get()

    page = admin.get(delivery_page(row))

    whole = page.content.decode()
    said = text(page)
    assert "Recorded" in said
    assert f'href="/m/ann/orders/{to_public("ord", order.pk)}/"' in whole
    assert "x-shopify-topic: orders/create" in said
    assert not any(word in said.lower() for word in ("hmac", "hush", "authorization"))
    assert '"email":' in said
    assert whole.count('class="code wrap') == 3
    assert rows(admin.get(page_of(source))) == ["orders/create"]


def test_viewers_and_agents_see_what_came_of_it_but_not_what_was_sent(
    ann: Merchant, source: Shop, viewer: Client, agent: Client, stranger: Client
) -> None:
    source.send("orders/create", payload("order"))
    source.read()
    (failed,) = log(source, 1, Delivery.FAILED, error="the body is not an object")
    with in_merchant(ann):
        row, email = InboundDelivery.objects.earliest("id"), Order.objects.get().email
    acts = [f"{AT}add/", f"{delivery_page(failed)}again/"]
    acts += [f"{page_of(source)}{name}/" for name in ("switch", "secret", "old-secret", "again", "replay", "delete")]

    for client in (viewer, agent):
        page = client.get(delivery_page(row))
        assert "Owners and admins of your shop can look at it." in text(page)
        assert email not in page.content.decode()
        assert "x-shopify" not in page.content.decode()
        assert '<form method="post" action="/m/ann/connections' not in client.get(page_of(source)).content.decode()
        assert [client.get(url).status_code for url in (AT, page_of(source))] == [200, 200]
        assert {client.post(url).status_code for url in acts} == {403}
    assert {stranger.get(url).status_code for url in (AT, page_of(source), delivery_page(row))} == {404}
    assert {stranger.post(url).status_code for url in acts} == {404}
    assert states(ann) == [Delivery.DONE, Delivery.FAILED]


def test_an_erased_body_is_said_to_be_gone_and_is_not_read_again(ann: Merchant, source: Shop, admin: Client) -> None:
    (row,) = log(source, 1, body=b"")

    page = admin.get(delivery_page(row))

    assert "It is gone: somebody who was in it has been erased" in text(page)
    assert "Read again" not in text(page)
    assert admin.post(f"{delivery_page(row)}again/").status_code == 409
    assert states(ann) == [Delivery.DONE]


def test_the_answer_to_a_persons_request_is_shown_to_admins(ann: Merchant, source: Shop, admin: Client, viewer: Client) -> None:
    result = [{"item": "privacy request", "outcome": "created", "export": {"orders": [{"number": "#1"}]}}]
    (row,) = log(source, 1, topic="customers/data_request", result=result)

    assert "What we hold about this person" in text(admin.get(delivery_page(row)))
    assert "What we hold about this person" not in text(viewer.get(delivery_page(row)))


def test_reading_again_makes_nothing_twice(ann: Merchant, source: Shop, admin: Client) -> None:
    source.send("orders/create", payload("order"))
    source.read()
    with in_merchant(ann):
        row = InboundDelivery.objects.get()

    for _ in range(2):
        admin.post(f"{delivery_page(row)}again/")
        source.read()

    with in_merchant(ann):
        row.refresh_from_db()
        assert Order.objects.count() == 1
    assert (row.state, row.result[0]["outcome"]) == (Delivery.DONE, "unchanged")
    assert "Known already" in text(admin.get(delivery_page(row)))


def test_a_selection_is_read_again(ann: Merchant, source: Shop, admin: Client) -> None:
    chosen, left = log(source, 1, Delivery.FAILED, error="x"), log(source, 1, Delivery.FAILED, error="x")
    others = Shop.__new__(Shop)
    with in_merchant(ann):
        others.merchant, others.connection = ann, keep.add("easypost", label="Other")[0]
    elsewhere = log(others, 1, Delivery.FAILED)
    names = [to_public("ind", row.pk) for row in (*chosen, *elsewhere)] + ["ind_zzz", "nonsense"]

    answer = admin.post(f"{page_of(source)}again/", {"delivery": names}, follow=True)

    assert "1 delivery is read again." in text(answer)
    with in_merchant(ann):
        found = dict(InboundDelivery.objects.values_list("pk", "state"))
    assert [found[row.pk] for row in (*chosen, *left, *elsewhere)] == [Delivery.DUE, Delivery.FAILED, Delivery.FAILED]
    assert "Nothing that can be read again was chosen." in text(admin.post(f"{page_of(source)}again/", {}, follow=True))


def replay_of(**given: str) -> dict[str, str]:
    now, form = clock.business_now(), "%Y-%m-%dT%H:%M"
    since, until = now - timedelta(hours=3), now + timedelta(hours=3)
    return {"since": since.strftime(form), "until": until.strftime(form), "what": "unread"} | given


def test_a_time_is_read_again_with_progress(ann: Merchant, source: Shop, admin: Client) -> None:
    log(source, 3, Delivery.FAILED)
    log(source, 2, Delivery.PARKED)
    log(source, 4)

    begun = admin.post(f"{page_of(source)}replay/", replay_of(), follow=True)
    assert "Reading again" in text(begun)
    assert "0 of 5 deliveries were put back in the queue" in text(begun)
    second = admin.post(f"{page_of(source)}replay/", replay_of())
    assert second.status_code == 409
    with in_merchant(ann):
        assert Replay.objects.count() == 1


def test_a_time_with_nothing_in_it_and_one_that_ends_before_it_begins(ann: Merchant, source: Shop, admin: Client) -> None:
    assert "Nothing in this time is to be read again." in text(admin.post(f"{page_of(source)}replay/", replay_of(), follow=True))
    wrong = admin.post(f"{page_of(source)}replay/", replay_of(until="2020-01-01T00:00"))
    assert (wrong.status_code, "This is before the beginning." in text(wrong)) == (422, True)
    assert admin.post(f"{page_of(source)}replay/", replay_of(what="nonsense")).status_code == 422


def test_a_secret_is_changed_while_the_old_one_still_holds(ann: Merchant, source: Shop, admin: Client) -> None:
    url = page_of(source)
    admin.post(f"{url}secret/", {"secret": "newer"})
    admin.post(f"{url}secret/", {"secret": "newer"})  # pressed twice

    sent = [source.send("orders/create", payload("order"), secret=one).status_code for one in (SECRET, "newer", "other")]
    assert sent == [200, 200, 401]
    assert "The new secret and the old one are both taken, until" in text(admin.get(url))
    assert admin.post(f"{url}old-secret/").status_code == 302
    assert [source.send("orders/create", payload("order"), secret=one).status_code for one in (SECRET, "newer")] == [401, 200]
    assert admin.post(f"{url}old-secret/").status_code == 409


def test_an_old_secret_may_end_at_once_or_ends_after_a_week(ann: Merchant, source: Shop, admin: Client) -> None:
    admin.post(f"{page_of(source)}secret/", {"secret": "second"})
    with in_merchant(ann):
        source.connection.refresh_from_db()
        until = source.connection.old_secret_until
        assert until is not None
        assert timedelta(days=6, hours=23) < until - clock.machine_now() <= timedelta(days=7)
        Connection.objects.filter(pk=source.connection.pk).update(old_secret_until=clock.machine_now())
    assert source.send("orders/create", payload("order")).status_code == 401

    admin.post(f"{page_of(source)}secret/", {"secret": "third", "end": "now"})
    assert [source.send("orders/create", payload("order"), secret=one).status_code for one in ("second", "third")] == [401, 200]
    refused = admin.post(f"{page_of(source)}secret/", {"secret": ""})
    assert (refused.status_code, "Enter the secret that the other side shows." in text(refused)) == (422, True)


def test_a_secret_of_ours_is_made_once_however_often_the_button_is_pressed(ann: Merchant, admin: Client) -> None:
    with in_merchant(ann):
        row, first = keep.add("easypost", label="Carriers")
    url = f"{AT}{to_public('con', row.pk)}/"
    given = {"of": html.unescape(re.findall(r'name="of" value="([^"]*)"', admin.get(url).content.decode())[0])}

    made, again = admin.post(f"{url}secret/", given), admin.post(f"{url}secret/", given)

    assert (made.status_code, made["Cache-Control"], again.status_code) == (200, "no-store", 409)
    with in_merchant(ann):
        row.refresh_from_db()
    assert row.secrets()[1:] == [first]


def test_a_paused_connection_keeps_what_comes_and_reads_it_when_resumed(ann: Merchant, source: Shop, admin: Client) -> None:
    url = page_of(source)
    source.send("orders/updated", payload("order"))
    admin.post(f"{url}switch/", {"on": "0"})
    admin.post(f"{url}switch/", {"on": "0"})
    assert source.send("orders/create", payload("order")).status_code == 200
    source.read()
    assert states(ann) == [Delivery.HELD, Delivery.HELD]
    assert "Paused since" in text(admin.get(url))
    assert admin.post(f"{url}replay/", replay_of()).status_code == 409

    admin.post(f"{url}switch/", {"on": "1"})
    source.read()

    assert states(ann) == [Delivery.DONE, Delivery.DONE]
    with in_merchant(ann):
        assert Order.objects.count() == 1


def test_what_the_law_wants_is_read_although_paused(ann: Merchant, source: Shop, admin: Client) -> None:
    admin.post(f"{page_of(source)}switch/", {"on": "0"})

    source.send("customers/redact", {"customer": {"email": "a@b.example"}, "orders_to_redact": []})

    assert states(ann) == [Delivery.DUE]


def test_removing_asks_first_and_refuses_what_comes_after(ann: Merchant, source: Shop, admin: Client) -> None:
    log(source, 2, Delivery.DUE)
    url = page_of(source)
    assert "2 deliveries still wait to be read." in text(admin.get(f"{url}remove/"))

    assert [admin.post(f"{url}delete/").status_code for _ in range(2)] == [302, 404]

    assert admin.get(url).status_code == 404
    assert source.send("orders/create", payload("order")).status_code == 401
    with in_merchant(ann):
        source.connection.refresh_from_db()
    assert source.connection.secret_sealed is None
    assert "No connection yet" in text(admin.get(AT))


def test_the_list_tells_how_each_fares(ann: Merchant, source: Shop, admin: Client) -> None:
    log(source, 3, Delivery.FAILED)
    log(source, 2, Delivery.PARKED, parked_for="order:1001")

    said = text(admin.get(AT))
    assert "Shop Shopify Failing 3 2 0" in said
    page = text(admin.get(f"{page_of(source)}?view=parked"))
    assert "Order 1001 is not here yet" in page


def test_the_inbox_is_paged_and_filtered(ann: Merchant, source: Shop, viewer: Client) -> None:
    log(source, 60)
    log(source, 3, Delivery.FAILED)
    log(source, 2, topic="refunds/create")
    url = page_of(source)

    first = viewer.get(url)
    assert len(rows(first)) == 50
    assert len(rows(viewer.get(f"{url}{next_page(first)}"))) == 15
    counts = {
        query: len(rows(viewer.get(f"{url}?{query}"))) for query in ("view=failed", "topic=refunds/create", "view=waiting", "view=no")
    }
    assert counts == {"view=failed": 3, "topic=refunds/create": 2, "view=waiting": 0, "view=no": 0}
    assert viewer.get(f"{url}?after=nonsense").status_code == 404


def test_the_pages_take_a_fixed_number_of_queries(ann: Merchant, source: Shop, viewer: Client, django_assert_num_queries: Any) -> None:
    (row,) = log(source, 1, result=[{"item": "order", "outcome": "created", "id": str(ids.uuid7()), "external_id": "1"}] * 3)
    for more in (True, False):
        for page, queries in ((AT, 18), (page_of(source), 19), (delivery_page(row), 14)):
            with django_assert_num_queries(queries):
                viewer.get(page)
        with in_merchant(ann):
            for n in range(3 * more):
                keep.add("shopify", label=f"Shop {n}")
        log(source, 60, Delivery.FAILED)
