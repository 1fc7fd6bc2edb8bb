import re
from typing import Any

import pytest
from django.test import Client

from notifications import dispatch
from notifications.library import install
from notifications.models import Flow, Message, State
from orders.models import Order
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text
from tests.dashboard.shop import Post

pytestmark = pytest.mark.django_db


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the test form, and its address."""
    form = page[page.index('/test/"') :]
    return dict(re.findall(r'name="(order|step|once)" value="([^"]*)"', form))


def test_flows_are_listed_with_what_they_did_in_seven_days(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get("/m/ann/flows/"))

    assert "Order confirmation Says at once what was bought, where it goes and when it should arrive. Order message 5 1 0" in said
    assert "Follow-up Asks three days after the last parcel how it was, with help to get started. Marketing 0 0 1" in said


def test_an_admin_switches_a_flow_off_and_on(shop: Merchant, now: clock.Hands, admin: Client) -> None:
    url = "/m/ann/flows/shipped/switch/"

    off = [admin.post(url, {"on": "0"})["Location"] for _ in range(2)]

    assert off == ["/m/ann/flows/", "/m/ann/flows/"]
    with in_merchant(shop):
        assert not Flow.objects.get(key="shipped").enabled
    said = admin.get("/m/ann/flows/").content.decode()
    assert "“Shipped” is off. What it has planned will not be sent." in said
    assert '<input type="hidden" name="on" value="1"><button>Undo</button>' in said.replace(
        '<input type="hidden" name="back" value="">', ""
    )
    assert admin.post(url, {"on": "1", "back": "flow"})["Location"] == "/m/ann/flows/shipped/"
    with in_merchant(shop):
        assert Flow.objects.get(key="shipped").enabled


def test_htmx_gets_the_row_alone(shop: Merchant, now: clock.Hands, admin: Client) -> None:
    row = admin.post("/m/ann/flows/shipped/switch/", {"on": "0"}, headers={"HX-Request": "true"}).content.decode()

    assert row.startswith('<tr id="flow-shipped">')
    assert 'aria-checked="false"' in row
    assert 'name="on" value="1"' in row


def test_a_viewer_sees_switches_that_do_not_move(shop: Merchant, viewer: Client) -> None:
    page = viewer.get("/m/ann/flows/").content.decode()

    assert page.count('role="switch"') == 19 == len(re.findall(r'role="switch"[^>]*disabled', page))
    assert "Send a test" not in text(viewer.get("/m/ann/flows/shipped/"))


def test_a_flow_is_drawn_from_its_trigger_to_its_end(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get("/m/ann/flows/follow-up/"))

    assert "Follow-up Live v1 Asks three days" in said
    steps = "Everything delivered 1 entered, last 7 days Wait 3 days, until 10:00 on the shopper’s clock 1 waiting Email “Follow-up”"
    assert steps in said
    assert "Not if all money went back; an order imported long after; not everything is delivered Held while a parcel is in trouble" in said


def test_a_step_is_opened_by_its_address(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    started, waited = (text(viewer.get(f"/m/ann/flows/delayed/?step={step}")) for step in ("start", "hold"))

    assert "Start When Expected day slipped or parcel stalled, late For each parcel Ends early order cancelled" in started
    assert "Wait 30 minutes From what started the flow" in waited


def test_the_message_is_drawn_for_a_real_order(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    page = viewer.get("/m/ann/flows/shipped/?number=1043")
    frame = re.search(r'<iframe src="([^"]+)"', page.content.decode())
    assert frame

    drawn = viewer.get(frame[1].replace("&amp;", "&"))

    assert "As order #1043 would get it" in text(page)
    assert "#1043" in drawn.content.decode()
    assert drawn["Content-Security-Policy"].startswith("sandbox;")
    with in_merchant(shop):
        assert not Message.objects.filter(enrolment=None).exists()


def test_a_number_that_no_order_has_is_said_at_the_field(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get("/m/ann/flows/shipped/?number=9999"))

    assert "No order has this number. Shown is the newest one." in said


def test_every_default_message_can_be_drawn_for_an_order(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        order, keys = to_public("ord", Order.objects.get(number="#1043").pk), list(Flow.objects.values_list("key", flat=True))

    assert {viewer.get(f"/m/ann/flows/{key}/preview/?order={order}").status_code for key in keys} == {200}


def test_a_test_goes_to_the_team_only_and_once(shop: Merchant, now: clock.Hands, admin: Client) -> None:
    given = fields(admin.get("/m/ann/flows/follow-up/").content.decode()) | {"to": "admin@ann.example"}

    first, second = (admin.post("/m/ann/flows/follow-up/test/", given) for _ in range(2))

    assert first["Location"] == second["Location"]
    with eager.collected():
        dispatch.drain(Post())
    with in_merchant(shop):
        sent = Message.objects.get(enrolment=None)
        assert (sent.state, sent.test, sent.to_address) == (State.SENT, True, "admin@ann.example")
        assert sent.subject.startswith("[Test] ")
    assert "Test" in text(admin.get("/m/ann/messages/?template=follow_up"))
    assert admin.get(first["Location"]).status_code == 200


@pytest.mark.parametrize("to", ["anna.berg@example.com", "", "nobody"])
def test_a_test_to_anybody_else_is_refused_at_the_field(shop: Merchant, now: clock.Hands, admin: Client, to: str) -> None:
    given = fields(admin.get("/m/ann/flows/shipped/").content.decode()) | {"to": to}

    refused = admin.post("/m/ann/flows/shipped/test/", given)

    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.content.decode()
    with in_merchant(shop):
        assert not Message.objects.filter(enrolment=None).exists()


def test_a_shop_without_orders_sees_the_drawing_alone(ann: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(ann):
        install()

    said = text(viewer.get("/m/ann/flows/shipped/"))

    assert "Parcel handed to a carrier" in said
    assert "would get it" not in said


def test_the_pages_take_a_fixed_number_of_queries(shop: Merchant, now: clock.Hands, viewer: Client, django_assert_num_queries: Any) -> None:
    for page, queries in (("/m/ann/flows/", 14), ("/m/ann/flows/shipped/", 28)):
        with django_assert_num_queries(queries):
            viewer.get(page)
