"""GET shows, POST acts, twice is once."""

import pytest
from django.test import Client

from notifications import consent, direct
from notifications.models import Consent, Message, Suppression
from postpurchase.lib import clock, crypto
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import place


@pytest.fixture
def message(ann: Merchant, now: clock.Hands) -> Message:
    with in_merchant(ann):
        return direct.write("tracking_link", place())


def way_out(message: Message) -> str:
    return f"/u/{crypto.link_token(message.pk)}"


def stopped(ann: Merchant) -> list[tuple[str, str]]:
    with in_merchant(ann):
        assert consent.suppressed(["mia.berg@example.com"]) in ({}, {"mia.berg@example.com": {"marketing"}})
        return list(Suppression.objects.values_list("scope", "reason"))


def test_looking_changes_nothing_and_says_what_still_comes(client: Client, ann: Merchant, message: Message) -> None:
    response = client.get(way_out(message))

    body = response.content.decode()
    assert "Stop news and requests from Ann?" in body
    assert "For m••••@e••••.com. Messages about your orders, such as “delivered”, still come." in body
    assert "mia.berg" not in body
    assert (client.head(way_out(message)).status_code, stopped(ann)) == (200, [])
    assert response.cookies == {}


def test_a_post_stops_marketing(client: Client, ann: Merchant, message: Message) -> None:
    response = client.post(way_out(message))

    assert "You get no more of these" in response.content.decode()
    assert stopped(ann) == [("marketing", "unsubscribed")]
    with in_merchant(ann):
        assert list(Consent.objects.values_list("address", "given")) == [("mia.berg@example.com", False)]


def test_one_click_needs_neither_cookie_nor_form_token(ann: Merchant, message: Message) -> None:
    mail_program = Client(enforce_csrf_checks=True)

    response = mail_program.post(
        way_out(message), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded", headers={"Origin": "null"}
    )

    assert response.status_code == 200
    assert stopped(ann) == [("marketing", "unsubscribed")]


def test_twice_is_once(client: Client, ann: Merchant, message: Message) -> None:
    answers = [client.post(way_out(message)) for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert stopped(ann) == [("marketing", "unsubscribed")]
    with in_merchant(ann):
        assert Consent.objects.count() == 1


@pytest.mark.parametrize("token", ["A" * 22, "x", "A" * 23])
def test_a_link_that_leads_nowhere_is_404(token: str, client: Client, ann: Merchant) -> None:
    assert (client.get(f"/u/{token}").status_code, client.post(f"/u/{token}").status_code) == (404, 404)
