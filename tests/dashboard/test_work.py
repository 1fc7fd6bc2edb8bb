"""The queue of parcels that need somebody, a parcel's page with its answers, limits by lane, and what is asked."""

from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from re import findall, search
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from desk.models import Case, State, Step
from desk.privacy import forget
from notifications import privacy
from notifications.models import Message
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import AuditEntry, Membership, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import next_page, rows, text
from tracking.health_rules import HealthRule
from tracking.models import Shipment

pytestmark = pytest.mark.django_db
AT = "/m/ann/work/"
LIMITS = "/m/ann/shipments/limits/"
ONCE = "once-0123456789-0123456789"


@pytest.fixture(autouse=True)
def at_noon(now: clock.Hands) -> Iterator[None]:
    return None


def acts(shop: Merchant) -> list[str]:
    with in_merchant(shop):
        return list(AuditEntry.objects.order_by("number").values_list("act", flat=True))


@pytest.fixture
def stalled(shop: Merchant) -> str:
    """The page of the parcel of #852."""
    with in_merchant(shop):
        return f"{AT}{to_public('cse', Case.objects.get(shipment__order__number='#852').pk)}/"


def state(shop: Merchant) -> tuple[str, bool]:
    with in_merchant(shop):
        case = Case.objects.get(shipment__order__number="#852")
        return case.state, case.assignee_id is not None


def test_the_empty_queue_teaches(ann: Merchant, viewer: Client) -> None:
    said = text(viewer.get(AT))

    assert "No parcel needs you A parcel that is late" in said
    assert "No parcel matches" in text(viewer.get(f"{AT}?kind=late"))
    assert "No order in this time" in text(viewer.get("/m/ann/shipments/asked/"))


def test_the_queue_goes_by_promised_day_and_worth_and_home_says_how_many_wait(shop: Merchant, viewer: Client) -> None:
    found, said = rows(viewer.get(AT)), text(viewer.get(AT))

    with in_merchant(shop):
        cases = Case.objects.filter(state=State.OPEN).order_by("due_on", "worth", "id").select_related("shipment")
        assert found == [case.shipment.number for case in cases]
    assert len(found) >= 3
    assert f"{len(found)} parcels wait for an answer" in text(viewer.get("/m/ann/"))
    assert "Freja Østergaard" in said
    assert "<input" not in said


def test_the_queue_is_narrowed_by_trouble_and_by_person(shop: Merchant, agent: Client, viewer: Client, stalled: str) -> None:
    member = Membership.objects  # of the shop in scope
    with in_merchant(shop):
        me = member.get(user__email="agent@ann.example")
    agent.post(f"{stalled}assign/", {"member": str(me.pk), "once": ONCE})

    mine = rows(agent.get(f"{AT}?who=me"))

    assert len(mine) == 1
    assert rows(viewer.get(f"{AT}?who={to_public('mbr', me.pk)}")) == mine
    assert mine[0] not in rows(viewer.get(f"{AT}?who=nobody"))
    assert mine[0] in rows(viewer.get(f"{AT}?kind=stalled"))
    assert mine[0] not in rows(viewer.get(f"{AT}?kind=exception"))
    assert rows(viewer.get(f"{AT}?kind=nonsense")) == rows(viewer.get(f"{AT}?view=nonsense")) == []


def test_a_page_costs_the_same_however_long_the_queue_and_the_next_goes_on(shop: Merchant, viewer: Client) -> None:
    viewer.get(AT)
    with CaptureQueriesContext(connection) as few:
        viewer.get(AT)
    with in_merchant(shop):
        sample = Shipment.objects.filter(order__number="#852")[0]
        day = date(2026, 11, 1)
        for n in range(60):
            parcel = Shipment.objects.create(
                connection=sample.connection, order=sample.order, carrier="dhl", number=f"Q{n:02}", health=["stalled"]
            )
            Case.objects.create(shipment=parcel, kinds=["stalled"], due_on=day + timedelta(days=n % 7), worth=-n)
    with CaptureQueriesContext(connection) as many:
        first = viewer.get(AT)

    second = viewer.get(f"{AT}{next_page(first)}")

    assert len(many) == len(few)
    assert len(rows(first)) == 50
    assert not set(rows(first)) & set(rows(second))
    assert len(rows(first)) + len(rows(second)) >= 63


def test_the_shopper_is_written_to_once_after_a_look_at_the_message(shop: Merchant, agent: Client, stalled: str) -> None:
    page = agent.get(stalled)
    frame = unescape(search(r'<iframe src="([^"]+)"', page.content.decode())[1])  # type: ignore[index]

    for _ in range(2):
        assert agent.post(f"{stalled}tell/", {"template": "delayed", "once": ONCE}).status_code == 302

    assert agent.get(frame).status_code == 200
    assert agent.get(f"{stalled}preview/?message=collect_last").status_code == 404
    with in_merchant(shop):
        assert Message.objects.filter(template="delayed", enrolment=None).count() == 1
        assert list(Step.objects.values_list("act", "text")) == [("told", "delayed")]
    assert acts(shop) == ["case.told"]
    assert "The shopper was written to" in text(agent.get(stalled))
    assert agent.post(f"{stalled}tell/", {"template": "collect_last", "once": ONCE}).status_code == 409


def test_the_letter_names_all_facts_and_is_kept(shop: Merchant, agent: Client, stalled: str) -> None:
    page = agent.get(stalled).content.decode()
    letter = unescape(search(r'name="letter"[^>]*>(.*?)</textarea>', page, 16)[1])  # type: ignore[index]

    for part in ("Our order: #852", "Carrier: DHL", "Freja Østergaard", "Arrived at the border hub, Padborg", "Where is it now"):
        assert part in letter
    assert "mailto:?subject=Question%20about" in page
    assert agent.post(f"{stalled}asked/", {"letter": letter, "once": ONCE}).status_code == 302
    assert agent.post(f"{stalled}asked/", {"letter": "", "once": ONCE}).status_code == 422
    with in_merchant(shop):
        assert [step.text.replace("\r", "") for step in Step.objects.all()] == [letter]
    assert acts(shop) == ["case.asked"]


def test_what_is_done_or_put_off_leaves_the_queue_and_comes_back_by_undo(shop: Merchant, agent: Client, stalled: str) -> None:
    past = agent.post(f"{stalled}snooze/", {"until": "2026-11-23", "once": ONCE})
    agent.post(f"{stalled}snooze/", {"until": "2026-11-25", "once": ONCE})
    snoozed, put_off = state(shop), rows(agent.get(f"{AT}?view=snoozed"))
    agent.post(f"{stalled}done/", {"note": "They sent a new one.", "once": f"{ONCE}-d"})
    done = state(shop)
    agent.post(f"{stalled}reopen/", {"once": f"{ONCE}-r"})

    assert past.status_code == 422
    assert "Choose a day that is still to come." in text(past)
    assert (snoozed, done, state(shop)) == (("snoozed", False), ("done", False), ("open", False))
    assert len(put_off) == 1
    assert "They sent a new one." in text(agent.get(stalled))
    assert acts(shop) == ["case.snoozed", "case.done", "case.reopened"]


def test_one_act_for_several_is_one_entry_and_a_second_click_none(shop: Merchant, agent: Client) -> None:
    with in_merchant(shop):
        picked = [to_public("cse", pk) for pk in Case.objects.values_list("pk", flat=True)]
    given: dict[str, Any] = {"row": picked, "act": "mine", "once": ONCE}

    for _ in range(2):
        assert agent.post(f"{AT}many/", given).status_code == 302
    agent.post(f"{AT}many/", given | {"act": "tomorrow"})

    assert rows(agent.get(AT)) == []
    with in_merchant(shop):
        assert set(Case.objects.values_list("state", flat=True)) == {"snoozed"}
        assert not Case.objects.filter(assignee=None).exists()
        entries = [row.changes for row in AuditEntry.objects.order_by("number")]
    assert entries == [{"what": [None, what], "rows": [0, len(picked)]} for what in ("mine", "tomorrow")]
    assert agent.post(f"{AT}many/", given | {"act": "burn"}).status_code == 409


def test_a_viewer_reads_and_does_nothing(shop: Merchant, viewer: Client, stalled: str) -> None:
    assert "<textarea" not in viewer.get(stalled).content.decode()
    for one in ("tell", "asked", "snooze", "assign", "done", "reopen"):
        assert viewer.post(f"{stalled}{one}/", {"once": ONCE}).status_code == 403
    assert state(shop) == ("open", False)


def test_evidence_is_a_signed_file_and_the_log_says_who_took_it(shop: Merchant, agent: Client, viewer: Client) -> None:
    with in_merchant(shop):
        parcel = to_public("shp", Shipment.objects.filter(order__number="#1043")[0].pk)
    url = f"/m/ann/shipments/{parcel}/evidence/"

    paper, told = agent.post(url, {"form": "pdf"}), agent.post(url, {"form": "json"})

    assert paper.content.startswith(b"%PDF-")
    assert paper.content.splitlines()[-1].startswith(b"%evidence ")
    assert told.json()["order"]["number"] == "#1043"
    assert f'filename="evidence-{parcel}.json"' in told["Content-Disposition"]
    assert acts(shop) == ["evidence.taken", "evidence.taken"]
    assert viewer.post(url).status_code == 403
    assert b"Ed25519PublicKey" in viewer.get("/m/ann/evidence/verify/").content


def test_limits_are_made_changed_and_removed_and_open_parcels_judged_anew(shop: Merchant, admin: Client, viewer: Client) -> None:
    given = {"carrier": "DHL", "country": "dk", "quiet_days": "20"}
    for days in ("20", "20", "9"):
        assert admin.post(f"{LIMITS}change/", given | {"quiet_days": days}).status_code == 302

    assert "DHL Paket Denmark – 9 days" in text(viewer.get(LIMITS))
    assert "/limits/" not in "".join(findall(r'<form[^>]*action="([^"]*)"', viewer.get(LIMITS).content.decode()))
    with in_merchant(shop):
        rule = HealthRule.objects.get()
        assert Shipment.objects.get(order__number="#852").check_at == clock.business_now()
    assert admin.post(f"{LIMITS}{to_public('hru', rule.pk)}/remove/").status_code == 302
    assert admin.post(f"{LIMITS}{to_public('hru', rule.pk)}/remove/").status_code == 404
    assert acts(shop) == ["limits.changed", "limits.changed", "limits.removed"]
    assert "You have no rules." in text(admin.get(LIMITS))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"service": "Express", "quiet_days": "2"}, "Name the carrier whose service it is."),
        ({"country": "QQ", "quiet_days": "2"}, "No country has this code."),
        ({"carrier": "dhl"}, "Enter at least one limit."),
    ],
)
def test_a_rule_that_says_nothing_is_refused_with_the_way_to_mend_it(
    ann: Merchant, admin: Client, given: dict[str, str], said: str
) -> None:
    refused = admin.post(f"{LIMITS}change/", given)

    assert (refused.status_code, said in text(refused)) == (422, True)
    with in_merchant(ann):
        assert not HealthRule.objects.exists()


def test_an_erased_person_stands_in_no_letter_or_note(shop: Merchant, agent: Client, stalled: str) -> None:
    agent.post(f"{stalled}asked/", {"letter": "Freja Østergaard waits for it.", "once": ONCE})
    agent.post(f"{stalled}done/", {"note": "Freja wrote.", "once": f"{ONCE}-d"})
    with in_merchant(shop):
        erased = privacy.erase("freja.østergaard@example.com")

        forget(erased.orders)

        assert erased.orders
        assert list(Step.objects.order_by("act").values_list("act", "text")) == [("asked", ""), ("done", "")]
