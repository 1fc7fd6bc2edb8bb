"""The pages that show beforehand: a backtest of a flow, and a simulation of one order; and what an order page says of what comes."""

import html
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from backtest import work
from backtest.models import Backtest, Outcome
from notifications.editing import publish
from notifications.models import Decision, Enrolment, Flow, Message
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import AuditEntry, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text

pytestmark = pytest.mark.django_db
AT = "/m/ann/flows/shipped"
ONCE = "once-0123456789-0123456789"


def started(admin: Client, days: str = "30") -> str:
    return str(admin.post(f"{AT}/backtest/start/", {"days": days, "once": ONCE})["Location"])


def drafted(shop: Merchant, **change: Any) -> None:
    with in_merchant(shop):
        flow = Flow.objects.get(key="shipped")
        draft = publish.draft_of(flow)
        draft["steps"][0] |= change
        publish.save_draft(flow, draft, revision=flow.draft_revision)


def test_a_backtest_is_begun_once_followed_and_read(shop: Merchant, now: clock.Hands, admin: Client, viewer: Client) -> None:
    drafted(shop, digest_minutes=60)
    assert "No backtest yet" in text(admin.get(f"{AT}/backtest/"))

    places = {started(admin) for _ in range(2)}
    with in_merchant(shop):
        row = Backtest.objects.get()
    place = places.pop()
    assert places == set()
    assert f"0 of {row.total} orders" in text(viewer.get(place))
    work.slice_of(shop.pk, row.pk)

    said = text(viewer.get(place))
    assert f"{row.total} of {row.total} orders" in said
    assert "At another time" in said
    assert "The last 30 days" in text(viewer.get(f"{AT}/backtest/"))
    with in_merchant(shop):
        moved = Outcome.objects.filter(difference="moved").count()
        assert [entry.act for entry in AuditEntry.objects.filter(act__startswith="backtest")] == ["backtest.begun"]
    assert moved
    assert text(viewer.get(f"{place}?show=moved")).count("#") == moved
    assert "No message of these days is of this kind." in text(viewer.get(f"{place}?show=only_live"))


def test_the_file_has_every_outcome(shop: Merchant, now: clock.Hands, admin: Client, agent: Client, viewer: Client) -> None:
    place = started(admin)
    with in_merchant(shop):
        row = Backtest.objects.get()
    work.slice_of(shop.pk, row.pk)

    answer: Any = agent.get(f"{place}file/")
    lines = b"".join(answer.streaming_content).decode().splitlines()

    with in_merchant(shop):
        assert len(lines) == 1 + Outcome.objects.count() > 3
    assert lines[0].startswith("order,subject,step")
    assert viewer.get(f"{place}file/").status_code == 403


def test_it_is_stopped_once_and_roles_hold(shop: Merchant, now: clock.Hands, admin: Client, agent: Client) -> None:
    place = started(admin)

    assert agent.post(f"{place}stop/").status_code == 403
    assert [admin.post(f"{place}stop/").status_code for _ in range(2)] == [302, 409]
    assert agent.post(f"{AT}/backtest/start/", {"days": "30", "once": ONCE}).status_code == 403
    assert admin.post(f"{AT}/backtest/start/", {"days": "3", "once": f"{ONCE}x"}).status_code == 409
    assert admin.post(f"{AT}/backtest/start/", {"days": "x", "once": "short"}).status_code == 409
    with in_merchant(shop):
        acts = [entry.act for entry in AuditEntry.objects.filter(act__startswith="backtest").order_by("number")]
        assert acts == ["backtest.begun", "backtest.stopped"]
        assert not Outcome.objects.exists()


def press(client: Client, page: str, do: str, at: str = AT) -> str:
    found = re.search(r'name="s" value="([^"]*)"', page)
    assert found
    return str(client.get(f"{at}/simulate/", {"s": html.unescape(found[1]), "do": do}).content.decode())


def test_a_simulation_goes_on_at_each_press_and_writes_nothing(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    def counts() -> list[int]:
        with in_merchant(shop):
            return [model.objects.count() for model in (Message, Enrolment, Decision, Order)]  # type: ignore[attr-defined]

    before = counts()
    page = viewer.get(f"{AT}/simulate/").content.decode()
    assert "Press the button" in page

    page = press(viewer, page, "advance")
    assert "Order placed" in page
    assert "Parcel handed to a carrier" not in page

    page = press(viewer, page, "all")
    said = text(HttpResponse(page))
    assert said.index("Parcel handed to a carrier (supposed)") < said.index("Enters the flow: parcel handed to a carrier")
    assert said.index("Sent") < said.index("Everything delivered (supposed)")
    assert counts() == before


def test_what_is_put_in_changes_what_follows(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    at = "/m/ann/flows/follow-up"
    page = press(viewer, viewer.get(f"{at}/simulate/").content.decode(), "delivered", at)
    assert "“Follow-up” is planned for" in page

    page = press(viewer, page, "refunded", at)
    page = press(viewer, page, "all", at)

    assert "Called off: All money went back for the order" in page
    assert "Leaves the flow: All money went back for the order" in page
    assert "Nothing more happens by itself." in page


def test_who_is_kept_out_is_told_why_and_the_life_can_be_chosen(shop: Merchant, now: clock.Hands, admin: Client, viewer: Client) -> None:
    with in_merchant(shop):
        flow = Flow.objects.get(key="refill")
        draft = publish.draft_of(flow)
        draft["triggers"][0]["when"]["value"] = 300
        publish.save_draft(flow, draft, revision=flow.draft_revision)
    at = "/m/ann/flows/refill"

    kept = text(HttpResponse(press(viewer, viewer.get(f"{at}/simulate/").content.decode(), "all", at)))
    other = text(HttpResponse(press(viewer, viewer.get(f"{at}/simulate/", {"how": "returned"}).content.decode(), "all", at)))

    assert "Everything delivered: it begins only if this holds: Days of use is at least 300" in kept
    assert "Parcel back with the sender (supposed)" in other
    assert "It begins with this, which does not happen here: everything delivered" in other


def test_a_real_order_is_lived_through_as_it_was(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        order = Message.objects.filter(template="shipped", state="sent").select_related("order")[0].order
    assert order
    page = viewer.get(f"{AT}/simulate/", {"order": to_public("ord", order.pk)}).content.decode()

    page = press(viewer, page, "all")

    assert order.number in page
    assert "Read it" in page


def test_a_faulty_draft_shows_its_faults_and_a_forged_state_is_nobodys(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    drafted(shop, next="gone")

    said = text(viewer.get(f"{AT}/simulate/"))

    assert "The draft cannot run yet." in said
    assert "leads to “gone”" in said
    assert "Advance" not in said
    assert "Advance" in text(viewer.get(f"{AT}/simulate/", {"which": "live"}))
    assert viewer.get(f"{AT}/simulate/", {"s": "forged"}).status_code == 404


def test_an_order_says_what_comes_next_and_a_message_its_way(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    with in_merchant(shop):
        due = Message.objects.filter(state="due", template="follow_up").select_related("order")[0]
        sent = Message.objects.filter(state="sent", template="confirmation")[0]

    said = text(viewer.get(f"/m/ann/orders/{to_public('ord', due.order_id)}/"))
    assert "What comes next “Follow-up” is planned for" in said
    way = text(viewer.get(f"/m/ann/messages/{to_public('msg', sent.pk)}/"))
    assert "The way through the flow Began: order placed" in way
