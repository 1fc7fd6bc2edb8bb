"""At a merchant's own host: its portal at the root, nobody else's rows, and nothing of the rest of the product."""

from typing import Any

import pytest
from django.test import Client

from domains import claim
from notifications import placeholders
from notifications.models import Message
from orders.models import Order
from portal import own_host
from postpurchase.lib import clock, crypto
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import link, place, ship

HOST = "track.ann-shop.example"


@pytest.fixture(autouse=True)
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_host, "FRESH", 0.0)


@pytest.fixture
def there(order: Order, ann: Merchant) -> Client:
    with in_merchant(ann):
        claim.serve(HOST)
    return Client(HTTP_HOST=HOST)


@pytest.fixture
def his(bob: Merchant, now: clock.Hands) -> Order:
    with in_merchant(bob):
        order = place(number="#9999")
        ship(order)
    return order


def test_the_tracking_page_is_the_same_as_at_our_host(there: Client, client: Client, order: Order) -> None:
    ours, theirs = client.get(link(order)), there.get(link(order))

    assert (theirs.status_code, theirs.content, theirs["ETag"]) == (200, ours.content, ours["ETag"])


def test_the_look_up_stands_at_the_root_and_works(there: Client, order: Order) -> None:
    page = there.get("/")

    assert page.status_code == 200
    assert "Order number" in page.content.decode()
    sent = there.post("/", {"order": "#1187", "proof": order.email})
    assert (sent.status_code, b"/s/ann/" in sent.content) == (200, True)
    assert there.get("/s/ann/").status_code == 200


def test_forms_post_from_the_merchants_own_origin_and_no_other(there: Client, order: Order) -> None:
    strict = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    page = strict.get("/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    given = {"order": "#1", "proof": "a@b.example", "csrfmiddlewaretoken": token}

    assert strict.post("/", given, headers={"Origin": f"http://{HOST}"}).status_code == 200
    assert strict.post("/", given, headers={"Origin": "http://evil.example"}).status_code == 403


@pytest.mark.parametrize("cookie", ["", "step-up=1"])
def test_another_merchants_links_are_404_there(there: Client, his: Order, client: Client, cookie: str) -> None:
    assert client.get(link(his)).status_code == 200  # it is kept in memory now
    if cookie:
        there.cookies.load(cookie)

    for path in (link(his), f"{link(his)}/code", f"{link(his)}/verify"):
        answer = there.get(path)
        assert (answer.status_code, b"#9999" in answer.content) == (404, False)
    assert there.post(f"{link(his)}/code").status_code == 404
    assert there.get("/s/bob/").status_code == 404


def test_another_merchants_unsubscribe_link_does_nothing_there(there: Client, his: Order, bob: Merchant) -> None:
    with in_merchant(bob):
        message = Message.objects.create(
            template="t", stream="marketing", to_address="a@example.com", dedupe_key="x", due_at=clock.business_now(), order=his
        )
    path = f"/u/{crypto.link_token(message.pk)}"

    assert (there.get(path).status_code, there.post(path).status_code) == (404, 404)
    assert Client().post(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/m/ann/", "/sign-in/", "/api/v1/orders", "/in/con_x", "/health/live", "/internal/tls-ask?domain=x.example", "/theme/", "/nothing",
     "/accounts/", "/.well-known/change-password"],
)  # fmt: skip
def test_the_rest_of_the_product_is_not_there(there: Client, path: str) -> None:
    assert there.get(path).status_code == 404
    assert there.post(path).status_code == 404


@pytest.mark.parametrize(
    "host",
    ["other.example", "bob.track.example", "ann-shop.example", f"x.{HOST}", "127.0.0.2", "[::2]", "evil.example:99999", "a b", "ä.example",
     "testserver.evil.example", f"{HOST}@evil.example", "", "." * 10],
)  # fmt: skip
def test_an_unknown_host_gets_a_plain_404_wherever_it_asks(there: Client, order: Order, host: str) -> None:
    for path in ("/", link(order), "/m/ann/", "/api/v1/orders", "/static/css/portal.css"):
        answer = Client(HTTP_HOST=host, SERVER_NAME="nobody.example").get(path)
        assert (answer.status_code, answer.content) == (404, b"Nothing is served at this host.\n")


@pytest.mark.parametrize("host", [HOST.upper(), f"{HOST}.", f"{HOST}:8000"])
def test_the_host_is_known_however_it_is_spelled(there: Client, order: Order, host: str) -> None:
    assert Client(HTTP_HOST=host).get(link(order)).status_code == 200


def test_a_host_given_up_and_a_closed_shop_answer_no_more(there: Client, order: Order, ann: Merchant) -> None:
    assert there.get(link(order)).status_code == 200
    Merchant.objects.filter(pk=ann.pk).update(closed_at=clock.machine_now())
    assert there.get(link(order)).status_code == 404
    Merchant.objects.filter(pk=ann.pk).update(closed_at=None)
    with in_merchant(ann):
        claim.serve("")

    assert there.get(link(order)).content == b"Nothing is served at this host.\n"


def test_a_busy_host_is_asked_of_the_gate_once_in_a_while(
    there: Client, order: Order, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    hand = [1000.0]
    monkeypatch.setattr(own_host, "FRESH", 5.0)
    monkeypatch.setattr(clock, "monotonic", lambda: hand[0])
    there.get(link(order))

    with django_assert_num_queries(0):
        there.get(link(order))
    with django_assert_num_queries(0):
        assert there.get(link(order)).status_code == 200
    hand[0] += 5.1
    with django_assert_num_queries(3):  # the gate, the merchant, the page's version
        there.get(link(order))


def test_mails_and_the_dashboard_name_the_merchants_host_once_it_was_proved(order: Order, ann: Merchant, settings: Any) -> None:
    settings.BASE_URL = "https://app.ours.example"
    with in_merchant(ann):
        brand = Brand.objects.get()
        before = placeholders.tracking_url(order, brand)
        claim.serve(HOST)
        brand.refresh_from_db()
        after = placeholders.tracking_url(order, brand)

    token = crypto.link_token(order.pk)
    assert (before, after) == (f"https://app.ours.example/t/{token}", f"https://{HOST}/t/{token}")
    settings.BASE_URL = "http://127.0.0.1:8000"
    assert brand.portal_url == f"http://{HOST}:8000"


def test_over_https_nothing_is_said_of_what_lives_below_the_merchants_name(there: Client, order: Order, settings: Any) -> None:
    settings.SECURE, settings.SECURE_HSTS_SECONDS = True, 31_536_000

    secure = there.get(link(order), secure=True)

    assert secure["Strict-Transport-Security"] == "max-age=31536000"


def test_certificates_are_for_proved_hosts_only(there: Client, client: Client) -> None:
    def ask(host: str) -> int:
        return client.get("/internal/tls-ask", {"domain": host}).status_code

    assert [ask(HOST), ask(HOST.upper()), ask("other.example"), ask(""), ask("x" * 300)] == [200, 200, 404, 404, 404]
    assert client.post("/internal/tls-ask").status_code == 405
