"""From a draft to what is live: what keeps it from being published, who is in flight, the history and the way back."""

import re

import pytest
from django.test import Client
from msgspec.structs import replace

from dashboard import flow_faults
from notifications.definition import loose, stored
from notifications.definition.check import problems
from notifications.designs import keeping
from notifications.designs.content import read
from notifications.models import Enrolment, Flow, FlowVersion
from postpurchase.lib import clock, versions
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text
from tests.dashboard.test_flow_editor import ASK_ONCE, FLOWS, controls, live, logged, opened, press, save

__all__ = ["opened"]
pytestmark = pytest.mark.django_db


def test_those_in_flight_are_counted_and_dealt_with_as_chosen(shop: Merchant, now: clock.Hands, admin: Client) -> None:
    press(admin, "follow-up", "remove wait")
    page = admin.get(f"{FLOWS}/follow-up/publish/?tried=1")

    said = text(page)
    assert "“Wait 3 days, until 10:00” is gone" in said
    assert "1 finishes the old version" in said and "1 leaves the flow and gets nothing more from it" in said
    revision = re.search(r'name="revision" value="(\d+)"', page.content.decode())
    assert revision
    admin.post(f"{FLOWS}/follow-up/publish/now/", {"revision": revision[1], "in_flight": "cancel"})
    with in_merchant(shop):
        assert FlowVersion.objects.get(flow__key="follow-up", number=2).in_flight == "cancel"
        assert Enrolment.objects.filter(flow__key="follow-up").exists()
    again = admin.post(f"{FLOWS}/follow-up/publish/now/", {"revision": revision[1], "in_flight": "cancel"})
    assert again.status_code == 409


def test_a_draft_with_faults_is_not_published(opened: Merchant, admin: Client) -> None:
    press(admin, "delayed", "insert tag hold.0")

    said = text(admin.get(f"{FLOWS}/delayed/publish/"))
    revision = controls(admin.get(f"{FLOWS}/delayed/edit/"), "acts")["revision"][0]

    assert "First mend these Tag the customer : names no tag to add or to take off" in said
    assert admin.post(f"{FLOWS}/delayed/publish/now/", {"revision": revision}).status_code == 422
    with in_merchant(opened):
        assert FlowVersion.objects.filter(flow__key="delayed").count() == 1


def test_what_the_check_of_its_messages_finds_keeps_it_from_being_published(opened: Merchant, admin: Client) -> None:
    with in_merchant(opened):
        design = keeping.begin("Ours", "shipped", "transactional", "en")
        versions.publish(design)
    save(admin, "delayed", "email", template="design:ours", channel="sms")
    said = text(admin.get(f"{FLOWS}/delayed/edit/?step=email"))
    assert "SMS “ours” Order message, needs no consent 1 fault 1 warning" in said
    assert "The design says nothing as a text message." in said and "No provider of text messages is set up" in said

    assert "First mend these SMS “ours” : The design says nothing as a text message." in text(admin.get(f"{FLOWS}/delayed/publish/"))
    revision = controls(admin.get(f"{FLOWS}/delayed/edit/"), "acts")["revision"][0]
    refused = admin.post(f"{FLOWS}/delayed/publish/now/", {"revision": revision})
    assert refused.status_code == 422 and "The design says nothing as a text message." in text(refused)
    with in_merchant(opened):
        assert FlowVersion.objects.filter(flow__key="delayed").count() == 1
        keeping.keep(design, replace(read(design.draft), sms="Late, {{ order.number }}"))
        versions.publish(design)

    assert "Look at these SMS “ours” : No provider of text messages" in text(admin.get(f"{FLOWS}/delayed/publish/?tried=1"))
    assert admin.post(f"{FLOWS}/delayed/publish/now/", {"revision": revision}).status_code == 302


def test_an_older_version_whose_design_is_gone_is_not_gone_back_to(opened: Merchant, admin: Client) -> None:
    with in_merchant(opened):
        row = Flow.objects.select_related("live").get(key="delayed")
        old = stored(loose(row.live.definition))  # type: ignore[union-attr]
        old["steps"][1]["template"] = "design:gone"
        FlowVersion.objects.filter(flow=row, number=1).update(definition=old)
        fresh = FlowVersion.objects.create(flow=row, number=2, definition=row.live.definition)  # type: ignore[union-attr]
        Flow.objects.filter(pk=row.pk).update(live=fresh)

    refused = admin.post(f"{FLOWS}/delayed/versions/1/roll-back/", {"of": "2"})

    assert refused.status_code == 422 and "There is no design “gone”." in text(refused)
    with in_merchant(opened):
        assert Flow.objects.get(key="delayed").live_id == fresh.pk


def test_a_fault_is_said_in_the_reader_s_language_and_words() -> None:
    plan = loose(ASK_ONCE | {"triggers": [{"event": "order.placed"}]})

    assert [flow_faults.text(one) for one in problems(plan)] == [
        "counts from the last delivery, which may not come: say how long to wait for it, and what then"
    ]
    assert str(next(problems(plan)).text).startswith("counts from delivered,")


def test_the_history_says_who_and_what_and_leads_back(opened: Merchant, admin: Client, viewer: Client) -> None:
    save(admin, "follow-up", "wait", days="5")
    revision = controls(admin.get(f"{FLOWS}/follow-up/edit/"), "acts")["revision"][0]
    admin.post(f"{FLOWS}/follow-up/publish/now/", {"revision": revision})

    said = text(viewer.get(f"{FLOWS}/follow-up/versions/"))
    assert "Version 2" in said and "admin@ann.example" in said
    assert "“Wait 5 days, until 10:00” has changed Step: Wait 3 days, until 10:00, now Wait 5 days, until 10:00" in said
    assert "Go back to it" not in said
    back = [admin.post(f"{FLOWS}/follow-up/versions/1/roll-back/", {"of": "2"}).status_code for _ in range(2)]
    assert back == [302, 409]
    with in_merchant(opened):
        row = Flow.objects.select_related("live").get(key="follow-up")
        assert row.live is not None and row.live.number == 3
    assert row.live.definition == live(opened, "follow-up")
    assert logged(opened)[-1] == "flow.rolled_back"
    assert "Says the same as what is live" not in text(admin.get(f"{FLOWS}/follow-up/versions/2/"))
