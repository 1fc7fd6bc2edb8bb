"""GET /t/<token>: headers, caching, and when a change shows."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from postpurchase.lib import clock, crypto
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import every_tenant, in_merchant
from tests.portal.acts import NOW, SHIRT, SOCKS, expect, link, place, scan, ship


@pytest.fixture
def seconds(monkeypatch: Any) -> Callable[[float], None]:
    """Machine seconds that pass only when told."""
    hand = [1000.0]
    monkeypatch.setattr(clock, "monotonic", lambda: hand[0])

    def passed(by: float) -> None:
        hand[0] += by

    return passed


def test_the_page_keeps_to_itself(client: Client, order: Order) -> None:
    response = client.get(link(order))

    assert response.status_code == 200
    assert {name: response[name] for name in response.headers if name not in ("ETag", "Content-Length", "X-Request-Id")} == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept-Encoding, Accept-Language, Cookie",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }
    assert response["ETag"].startswith('"')
    assert int(response["Content-Length"]) == len(response.content)
    assert response.cookies == {}


def test_over_https_the_page_asks_for_https_for_good(client: Client, order: Order, settings: Any) -> None:
    settings.SECURE, settings.SECURE_HSTS_SECONDS = True, 31_536_000

    response = client.get(link(order), secure=True)

    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_head_has_the_headers_and_no_body(client: Client, order: Order) -> None:
    whole = client.get(link(order))

    head = client.head(link(order))

    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Length"]) == (whole["ETag"], whole["Content-Length"])


@pytest.mark.parametrize("given", ["{}", "W/{}", '"other", {}', "*"])
def test_a_browser_that_has_the_page_gets_304(given: str, client: Client, order: Order) -> None:
    etag = client.get(link(order))["ETag"]

    response = client.get(link(order), headers={"If-None-Match": given.format(etag)})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(("accepted", "packed"), [("gzip, deflate, br", True), ("br;q=1.0, gzip;q=0.8", True), ("gzip;q=0, br", False)])
def test_who_takes_gzip_gets_the_same_page_packed(accepted: str, packed: bool, client: Client, order: Order) -> None:
    whole = client.get(link(order))

    response = client.get(link(order), headers={"Accept-Encoding": accepted})

    assert response.get("Content-Encoding") == ("gzip" if packed else None)
    assert (gzip.decompress(response.content) if packed else response.content) == whole.content
    assert int(response["Content-Length"]) == len(response.content)
    assert (response["ETag"] == whole["ETag"]) is not packed
    again = {"Accept-Encoding": accepted, "If-None-Match": response["ETag"]}
    assert client.get(link(order), headers=again).status_code == 304


def test_two_processes_give_the_same_etag(order: Order) -> None:
    assert Client().get(link(order))["ETag"] == Client().get(link(order))["ETag"]


def test_within_a_second_the_database_is_not_asked(client: Client, order: Order, seconds: Callable[[float], None]) -> None:
    first = client.get(link(order))
    seconds(0.8)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        second = client.get(link(order))

    assert (len(queries), second.content) == (0, first.content)


def test_after_that_one_statement_compares_the_version(client: Client, order: Order, seconds: Callable[[float], None]) -> None:
    first = client.get(link(order))
    seconds(5)

    with CaptureQueriesContext(connection) as queries:
        second = client.get(link(order))

    assert [query["sql"].split("(")[0] for query in queries] == ["SELECT * FROM gate_tracking_page"]
    assert second.content == first.content


def _new_scan(order: Order) -> None:
    scan(status="out_for_delivery", at=NOW)


def _new_estimate(order: Order) -> None:
    expect("p-1", NOW.date(), told_at=NOW)


def _new_parcel(order: Order) -> None:
    ship(order, "p-2", lines=[SOCKS])


def _new_colour(order: Order) -> None:
    Brand.objects.update(accent="#d7ff1e")


def _cancelled(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(number="#1187-B")


@pytest.mark.parametrize("change", [_new_scan, _new_estimate, _new_parcel, _new_colour, _cancelled])
def test_a_change_shows_within_a_second(
    change: Callable[[Order], None], client: Client, ann: Merchant, order: Order, seconds: Callable[[float], None]
) -> None:
    before = client.get(link(order))

    with in_merchant(ann):
        change(order)
    seconds(0.999)

    after = client.get(link(order), headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content


def test_a_new_day_changes_the_words(client: Client, order: Order, now: clock.Hands, seconds: Callable[[float], None]) -> None:
    before = client.get(link(order)).content.decode()
    now.advance(timedelta(hours=13, minutes=1))
    seconds(1)

    after = client.get(link(order)).content.decode()

    assert "today 08:00" in before
    assert "yesterday 08:00" in after


def _queries(order: Order) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(link(order)).status_code == 200
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


def test_a_cold_page_takes_the_same_few_queries_whatever_is_on_it(ann: Merchant, now: clock.Hands) -> None:
    with in_merchant(ann):
        small, large = place(), place(external_id="o-2")
        ship(small)
        scan()
        for n, lines in enumerate([[SHIRT], [SOCKS], [SHIRT]]):
            ship(large, f"q-{n}", lines=lines)
            for hours in range(40):
                scan(f"q-{n}", at=NOW - timedelta(hours=hours + 1), text=f"Scan {hours}")

    counts = _queries(small), _queries(large)

    print(f"queries of a cold page: {counts}")
    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize("token", [crypto.link_token(UUID(int=7)), "A" * 22, "-" * 22])
def test_a_link_that_leads_nowhere_is_404(token: str, client: Client, order: Order) -> None:
    assert client.get(f"/t/{token}").status_code == 404


@pytest.mark.parametrize("path", ["/t/short", "/t/", f"/t/{'A' * 23}", f"/t/{'é' * 22}"])
def test_what_is_no_link_is_404(path: str, client: Client, ann: Merchant) -> None:
    assert client.get(path).status_code == 404


def test_a_page_has_one_address_only(client: Client, order: Order) -> None:
    path = link(order)
    spare = [path[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]

    assert [one for one in spare if client.get(one).status_code != 404] == [path]


def test_a_closed_shop_shows_nothing(client: Client, ann: Merchant, order: Order) -> None:
    Merchant.objects.filter(pk=ann.pk).update(closed_at=NOW)

    assert client.get(link(order)).status_code == 404


def test_the_link_ends_180_days_after_delivery(client: Client, ann: Merchant, order: Order, now: clock.Hands) -> None:
    with in_merchant(ann):
        scan(status="delivered", at=NOW)

    now.advance(timedelta(days=180))
    last = client.get(link(order))
    now.advance(timedelta(minutes=15))
    over = Client().get(link(order))

    assert (last.status_code, over.status_code) == (200, 410)
    assert "This link no longer opens" in over.content.decode()
    assert 'href="/s/ann/"' in over.content.decode()
    for path in ("/code", "/verify"):
        assert client.get(link(order) + path).status_code == 404


def test_an_erased_order_is_gone(client: Client, ann: Merchant, order: Order) -> None:
    with in_merchant(ann):
        Order.objects.filter(pk=order.pk).update(erased_at=NOW)

    assert client.get(link(order)).status_code == 410


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_page_is_for_reading_only(method: str, client: Client, order: Order) -> None:
    assert getattr(client, method)(link(order)).status_code == 405


def test_at_a_foreign_host_there_is_nothing(client: Client, order: Order) -> None:
    response = client.get(link(order), headers={"Host": "evil.example"})

    assert (response.status_code, response["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert order.number.encode() not in response.content


def test_a_scanner_that_opens_every_link_changes_nothing(client: Client, ann: Merchant, order: Order) -> None:
    with in_merchant(ann):
        paths = [link(order), f"{link(order)}/code", f"{link(order)}/verify", "/s/ann/"]
    before = _rows()

    for path in paths:
        for method in (client.get, client.head):
            assert method(path).status_code == 200

    assert _rows() == before


def _rows() -> dict[str, str]:
    """A digest of every table of ours."""
    with every_tenant("test: nothing may have changed"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname !~ '^django_'"
        )
        names = sorted(row[0] for row in cursor.fetchall())
        found = {}
        for name in names:
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t")
            found[name] = cursor.fetchone()[0]
    return found
