import pytest
from django.test import Client

from alerts import pile
from alerts.models import Choice, Pile
from postpurchase.jobs import eager
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.models import Membership, Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.people import signed_in

GIVEN = {"doubt": "at_once", "failed": "daily", "parcel": "", "webhook": "", "time_zone": "Asia/Tokyo"}
pytestmark = pytest.mark.django_db


def test_before_anything_is_chosen_the_page_says_what_is_usual(ann: Merchant) -> None:
    owner = signed_in(ann, Role.OWNER).get("/m/ann/alerts/").context["alerts"]["form"].initial
    agent = signed_in(ann, Role.AGENT).get("/m/ann/alerts/").context["alerts"]["form"].initial

    assert owner == {
        "asked": "at_once",
        "flow": "at_once",
        "webhook": "at_once",
        "paused": "at_once",
        "member": "at_once",
        "key": "at_once",
        "time_zone": "Europe/Berlin",
    }
    assert agent == {"time_zone": "Europe/Berlin"}


def test_each_person_chooses_for_herself_and_twice_is_once(ann: Merchant, viewer: Client, agent: Client) -> None:
    for _n in range(2):
        assert viewer.post("/m/ann/alerts/change/", GIVEN)["Location"] == "/m/ann/alerts/"

    with in_merchant(ann):
        row = Choice.objects.select_related("member").get()
        assert (row.member.role, row.at_once, row.daily, row.time_zone) == ("viewer", ["doubt"], ["failed"], "Asia/Tokyo")
    assert agent.get("/m/ann/alerts/").context["alerts"]["form"].initial == {"time_zone": "Europe/Berlin"}


def test_what_one_no_longer_wants_is_forgotten(ann: Merchant, viewer: Client) -> None:
    viewer.post("/m/ann/alerts/change/", GIVEN)
    with in_merchant(ann), eager.collected():
        pile.add("doubt", [pile.Ref(uuid7(), None)])
        pile.add("failed", [pile.Ref(uuid7(), None)])

    viewer.post("/m/ann/alerts/change/", GIVEN | {"doubt": ""})

    with in_merchant(ann):
        assert dict(Pile.objects.values_list("kind", "count")) == {"doubt": 0, "failed": 1}


@pytest.mark.parametrize(("field", "value"), [("doubt", "hourly"), ("time_zone", "Mars/Olympus"), ("time_zone", "")])
def test_a_fault_is_told_at_its_field_and_nothing_is_kept(ann: Merchant, viewer: Client, field: str, value: str) -> None:
    answer = viewer.post("/m/ann/alerts/change/", GIVEN | {field: value})

    assert (answer.status_code, list(answer.context["alerts"]["form"].errors)) == (422, [field])
    with in_merchant(ann):
        assert not Choice.objects.exists()


def test_a_kind_that_ones_role_may_not_open_cannot_be_chosen(ann: Merchant, viewer: Client) -> None:
    viewer.post("/m/ann/alerts/change/", GIVEN | {"key": "at_once"})

    with in_merchant(ann):
        assert Choice.objects.get().at_once == ["doubt"]
        assert Membership.objects.count() == 1
