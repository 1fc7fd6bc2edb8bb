import pytest
from django.test import Client

from bulk import tasks
from bulk.models import SavedFilter
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.conftest import signed_in
from tests.dashboard.pages import text

pytestmark = pytest.mark.django_db
ADD = "/m/ann/filters/add/"
LATE = {"subject": "orders", "query": "view=late&carrier=dhl", "name": "Late DHL"}


def kept(shop: Merchant) -> list[tuple[str, bool]]:
    with in_merchant(shop):
        rows = SavedFilter.objects.filter(removed_at=None).order_by("name")
        return [(row.name, row.user_id is None) for row in rows]


def url(shop: Merchant, act: str, name: str = "Late DHL") -> str:
    with in_merchant(shop):
        return f"/m/ann/filters/{to_public('flt', SavedFilter.objects.get(name=name).pk)}/{act}/"


@pytest.mark.parametrize("subject", ["orders", "shipments", "messages", "customers"])
def test_a_filter_is_kept_under_a_name_and_stands_on_its_list(ann: Merchant, viewer: Client, subject: str) -> None:
    answer = viewer.post(ADD, {**LATE, "subject": subject})

    assert answer["Location"] == f"/m/ann/{subject}/?view=late&carrier=dhl"
    assert '<a href="?view=late&amp;carrier=dhl">' in viewer.get(f"/m/ann/{subject}/").content.decode()
    assert '<a href="?view=late&amp;carrier=dhl" aria-current="true">' in viewer.get(answer["Location"]).content.decode()


def test_ones_own_is_seen_by_nobody_else_and_the_teams_by_all(ann: Merchant, agent: Client, viewer: Client) -> None:
    agent.post(ADD, LATE)
    agent.post(ADD, {**LATE, "name": "For all", "team": "1"})

    page = text(viewer.get("/m/ann/orders/"))

    assert ("Late DHL" in page, "For all" in page) == (False, True)
    assert viewer.post(url(ann, "rename"), {"name": "Mine"}).status_code == 404
    assert viewer.post(url(ann, "remove", "For all")).status_code == 404
    assert viewer.post(ADD, {**LATE, "name": "Team", "team": "1"}).status_code == 403
    assert kept(ann) == [("For all", True), ("Late DHL", False)]


def test_a_double_click_keeps_one_and_says_so(ann: Merchant, viewer: Client) -> None:
    viewer.post(ADD, LATE)

    again = viewer.post(ADD, LATE)

    assert (again.status_code, "called “Late DHL” already. Choose another name." in text(again)) == (409, True)
    assert kept(ann) == [("Late DHL", False)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Give the filter a name."),
        ({"name": "x" * 41}, "up to 40 characters"),
        ({"query": ""}, "This list has no filter to keep."),
    ],
)
def test_what_is_wrong_is_said(ann: Merchant, viewer: Client, wrong: dict[str, str], said: str) -> None:
    answer = viewer.post(ADD, LATE | wrong)

    assert (answer.status_code, said in text(answer)) == (409, True)
    assert kept(ann) == []


def test_a_filter_is_renamed_deleted_and_brought_back(ann: Merchant, viewer: Client, now: clock.Hands) -> None:
    viewer.post(ADD, LATE)
    viewer.post(url(ann, "rename"), {"name": "Later"})
    assert kept(ann) == [("Later", False)]

    gone = viewer.get(viewer.post(url(ann, "remove", "Later"))["Location"])

    assert kept(ann) == []
    assert f'action="{url(ann, "restore", "Later")}"' in gone.content.decode()
    for _ in range(2):
        viewer.post(url(ann, "restore", "Later"))
    assert kept(ann) == [("Later", False)]


def test_a_name_that_was_given_away_meanwhile_cannot_come_back(ann: Merchant, viewer: Client) -> None:
    viewer.post(ADD, LATE)
    restore = url(ann, "restore")
    viewer.post(url(ann, "remove"))
    viewer.post(ADD, LATE)

    assert viewer.post(restore).status_code == 409
    assert kept(ann) == [("Late DHL", False)]


def test_what_was_deleted_is_forgotten_after_a_day(ann: Merchant, viewer: Client, now: clock.Hands) -> None:
    viewer.post(ADD, LATE)
    viewer.post(url(ann, "remove"))

    tasks.forget_old()
    with in_merchant(ann):
        assert SavedFilter.objects.count() == 1
    now.advance(tasks.KEPT)
    tasks.forget_old()

    with in_merchant(ann):
        assert SavedFilter.objects.count() == 0


def test_two_people_may_give_one_name(ann: Merchant, viewer: Client) -> None:
    other = signed_in(ann, Role.AGENT)

    for client in (viewer, other):
        assert client.post(ADD, LATE).status_code == 302

    assert kept(ann) == [("Late DHL", False), ("Late DHL", False)]
