"""A code by email opens name, address and prices: for one browser, one order, half an hour."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from notifications.models import Message
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import link, place

Settled = Callable[[], contextlib.AbstractContextManager[None]]
HIDDEN = ["Mia Berg", "Torstraße 12", "10119 Berlin", "m••••@e••••.com", "€98.00", "€38.70", "€141.60"]


@pytest.fixture
def later(monkeypatch: Any) -> Callable[[timedelta], None]:
    """Machine time jumps."""
    start, gone = clock.machine_now(), [timedelta(0)]
    monkeypatch.setattr(clock, "machine_now", lambda: start + gone[0])
    return lambda by: gone.__setitem__(0, gone[0] + by)


def codes(ann: Merchant) -> list[str]:
    with in_merchant(ann):
        return list(Message.objects.filter(template="access_code").order_by("id").values_list("context__code", flat=True))


def ask(client: Client, order: Order) -> HttpResponse:
    return client.post(f"{link(order)}/code")  # type: ignore[return-value]


def enter(client: Client, order: Order, code: str) -> HttpResponse:
    return client.post(f"{link(order)}/verify", {"code": code})  # type: ignore[return-value]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def shown(client: Client, order: Order) -> list[str]:
    body = client.get(link(order)).content.decode()
    return [text for text in HIDDEN if text in body]


def test_the_right_code_shows_the_details(client: Client, ann: Merchant, order: Order) -> None:
    assert ask(client, order)["Location"] == f"{link(order)}/verify"
    assert shown(client, order) == []

    answer = enter(client, order, codes(ann)[0])

    assert (answer.status_code, answer["Location"]) == (302, link(order))
    assert shown(client, order) == HIDDEN
    assert client.get(link(order))["Cache-Control"] == "private, no-store"


def test_a_code_may_be_typed_with_spaces(client: Client, ann: Merchant, order: Order) -> None:
    ask(client, order)
    code = codes(ann)[0]

    assert enter(client, order, f" {code[:3]} {code[3:]} ").status_code == 302


def test_the_message_goes_to_the_order_and_ends_with_the_code(client: Client, ann: Merchant, order: Order) -> None:
    ask(client, order)

    with in_merchant(ann):
        message = Message.objects.get(template="access_code")
    assert (message.to_address, message.stream) == ("mia.berg@example.com", "transactional")
    assert message.expires_at == message.due_at + timedelta(minutes=10)


def test_cookies_go_to_this_order_only_and_to_no_script(client: Client, ann: Merchant, order: Order, settings: Any) -> None:
    settings.SECURE = True
    client.defaults["wsgi.url_scheme"] = "https"
    ask(client, order)
    code = dict(client.cookies["code"])
    enter(client, order, codes(ann)[0])
    step_up = dict(client.cookies["step-up"])

    scope = {"path": link(order), "secure": True, "httponly": True, "samesite": "Lax"}
    assert {name: code[name] for name in scope} == scope
    assert {name: step_up[name] for name in scope} == scope
    assert (code["max-age"], step_up["max-age"]) == (600, 1800)


def test_five_wrong_codes_use_it_up(client: Client, ann: Merchant, order: Order) -> None:
    ask(client, order)
    code = codes(ann)[0]

    answers = [enter(client, order, wrong(code)) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert "This is not the code we sent." in answers[0].content.decode()
    assert enter(client, order, code).status_code == 422
    assert shown(client, order) == []


def test_many_browsers_with_one_cookie_share_the_five_tries(client: Client, ann: Merchant, order: Order) -> None:
    ask(client, order)
    code, cookie = codes(ann)[0], client.cookies["code"].value

    for _ in range(5):
        thief = Client()
        thief.cookies["code"] = cookie
        enter(thief, order, wrong(code))

    assert enter(client, order, code).status_code == 422


def test_a_code_works_once(client: Client, ann: Merchant, order: Order) -> None:
    ask(client, order)
    code, cookie = codes(ann)[0], client.cookies["code"].value
    enter(client, order, code)
    again = Client()
    again.cookies["code"] = cookie

    assert enter(again, order, code).status_code == 422
    assert shown(again, order) == []


def test_a_code_belongs_to_the_browser_that_asked(client: Client, ann: Merchant, order: Order) -> None:
    ask(client, order)

    assert enter(Client(), order, codes(ann)[0]).status_code == 422


def test_a_code_belongs_to_its_order(client: Client, ann: Merchant, order: Order) -> None:
    with in_merchant(ann):
        other = place(external_id="o-2", number="#1188")
    ask(client, order)
    thief = Client()
    thief.cookies["code"] = client.cookies["code"].value

    assert enter(thief, other, codes(ann)[0]).status_code == 422


def test_a_code_lasts_ten_minutes(client: Client, ann: Merchant, order: Order, later: Callable[[timedelta], None]) -> None:
    ask(client, order)
    later(timedelta(minutes=10, seconds=1))

    assert enter(client, order, codes(ann)[0]).status_code == 422


def test_the_details_stay_open_for_half_an_hour(client: Client, ann: Merchant, order: Order, later: Callable[[timedelta], None]) -> None:
    ask(client, order)
    enter(client, order, codes(ann)[0])
    later(timedelta(minutes=29, seconds=50))
    open_still = shown(client, order)
    later(timedelta(seconds=20))

    assert open_still == HIDDEN
    assert shown(client, order) == []


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_changed_cookie_is_worth_nothing(part: int, client: Client, ann: Merchant, order: Order) -> None:
    ask(client, order)
    parts = client.cookies["code"].value.split(".")
    parts[part] = "9" * len(parts[part])
    client.cookies["code"] = ".".join(parts)

    assert enter(client, order, codes(ann)[0]).status_code == 422


@pytest.mark.parametrize("cookie", ["", ".", "a.b", "99999999999.", "1e9.x", "99999999999." + "0" * 64])
def test_a_made_up_proof_opens_nothing(cookie: str, client: Client, order: Order) -> None:
    client.cookies["step-up"] = cookie

    assert shown(client, order) == []


def test_a_new_code_leaves_the_old_cookie_behind(client: Client, ann: Merchant, order: Order) -> None:
    ask(client, order)
    ask(client, order)
    old, new = codes(ann)

    assert old == new or enter(client, order, old).status_code == 422
    assert enter(client, order, new).status_code == 302


def test_codes_are_limited_per_order(ann: Merchant, order: Order) -> None:
    answers = [ask(Client(REMOTE_ADDR=f"10.0.0.{n}"), order).status_code for n in range(7)]

    assert answers == [302] * 5 + [429] * 2
    assert len(codes(ann)) == 5


def test_what_is_no_code_costs_no_try(client: Client, ann: Merchant, order: Order) -> None:
    ask(client, order)

    for text in ["", "12345", "abcdef", "1234567", "١٢٣٤٥٦"] * 3:
        assert enter(client, order, text).status_code == 422

    assert enter(client, order, codes(ann)[0]).status_code == 302


def test_an_order_without_an_email_offers_no_code(client: Client, ann: Merchant, now: clock.Hands) -> None:
    with in_merchant(ann):
        order = place(email="", customer=None)

    assert "/code" not in client.get(link(order)).content.decode()
    assert ask(client, order).status_code == 200
    assert codes(ann) == []


def test_pages_with_a_form_let_the_browser_say_where_it_posts_from(client: Client, order: Order) -> None:
    pages = [f"{link(order)}/code", f"{link(order)}/verify", "/s/ann/"]

    assert [client.get(page)["Referrer-Policy"] for page in pages] == ["same-origin"] * 3


def test_a_form_of_another_site_cannot_ask(order: Order) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert ask(strict, order).status_code == 403
    assert enter(strict, order, "123456").status_code == 403
