"""The rules page and the list of those not written to: who may, what is kept, what the log says of it."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications import consent, suppressions
from notifications.models import MessagingRules, Suppression
from postpurchase.lib import clock
from postpurchase.tenancy.models import AuditEntry, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text

pytestmark = pytest.mark.django_db
AT, LIST = "/m/ann/rules/", "/m/ann/suppressions/"


def log(merchant: Merchant) -> list[tuple[str, Any]]:
    with in_merchant(merchant):
        return list(AuditEntry.objects.order_by("number").values_list("act", "changes"))


def test_a_shop_without_trouble_sees_the_rules_that_hold(ann: Merchant, admin: Client) -> None:
    page = text(admin.get(AT))

    assert "Nothing has bounced and nobody has complained." in page
    assert "Courts ask for it in: Austria, Germany." in page
    with in_merchant(ann):
        assert not MessagingRules.objects.exists()


def test_rules_are_kept_with_an_entry_in_the_log(ann: Merchant, admin: Client) -> None:
    given = {"confirm": "listed", "confirm_in": "fr; de,DE", "soft_opt_in": ["uk"]}

    assert admin.post(f"{AT}consent/change/", given)["Location"] == AT

    with in_merchant(ann):
        assert MessagingRules.objects.values_list("confirm", "confirm_in", "soft_opt_in").get() == ("listed", ["DE", "FR"], ["uk"])
    assert [act for act, _ in log(ann)] == ["rules.changed"]
    assert 'value="DE, FR"' in admin.get(AT).content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"confirm": "listed", "confirm_in": "Germany"}, "No country has this code: GERMANY."),
        ({"confirm": "listed", "confirm_in": ""}, "Enter at least one country"),
        ({"confirm": "sometimes"}, "sometimes is not one of the available choices"),
        ({"confirm": "never", "soft_opt_in": ["moon"]}, "moon is not one of the available choices"),
    ],
)
def test_what_makes_no_rule_is_refused_at_its_field(given: dict[str, Any], said: str, ann: Merchant, admin: Client) -> None:
    response = admin.post(f"{AT}consent/change/", given)

    assert response.status_code == 422
    assert said in text(response)
    assert log(ann) == []


def test_a_pause_is_told_with_its_rates_and_ended_once(ann: Merchant, admin: Client) -> None:
    with in_merchant(ann):
        now = clock.business_now()
        MessagingRules.objects.create(paused_at=now, paused_for="complaints", counted_at=now, sent=1000, bounced=12, complained=2)
    page = text(admin.get(AT))
    assert "More than one in a thousand of your mails was called spam." in page
    assert "0.20%" in page
    assert "1.20%" in page

    answers = [admin.post(f"{AT}resume/").status_code for _ in range(2)]

    assert answers == [302, 409]
    assert "paused since" not in text(admin.get(AT))
    assert log(ann) == [("sending.resumed", {"why": [None, "complaints"]})]


def test_one_looks_an_address_up_and_sees_no_other(ann: Merchant, agent: Client) -> None:
    with in_merchant(ann):
        consent.suppress("anna@example.de", scope="marketing", reason="unsubscribed")
        consent.suppress("eve@example.de", scope="all", reason="complained")

    assert text(agent.get(LIST)).count("They unsubscribed") == 1
    assert "anna@" not in agent.get(LIST).content.decode()
    found = text(agent.get(LIST, {"q": " Anna@Example.de "}))
    assert "They unsubscribed" in found
    assert "spam" not in found
    assert "Not on the list" in text(agent.get(LIST, {"q": "otto@example.de"}))
    assert 'class="cover' not in agent.get(LIST).content.decode()


def test_an_address_and_a_list_are_added(ann: Merchant, agent: Client) -> None:
    file = SimpleUploadedFile("old.csv", b"\xef\xbb\xbfemail,name\nanna@example.de,Anna\nANNA@example.de\nnobody\n+49 170 1234567\n")

    assert agent.post(f"{LIST}add/", {"address": "otto@example.de", "scope": "all"})["Location"] == LIST
    page = text(agent.post(f"{LIST}add/", {"file": file, "scope": "marketing"}, follow=True))

    assert "2 addresses are new on the list." in page
    assert "were passed over: 4" in page
    with in_merchant(ann):
        assert consent.suppressed(["anna@example.de", "otto@example.de"]) == {"anna@example.de": {"marketing"}, "otto@example.de": {"all"}}
        assert consent.suppressed(["+491701234567"], channel="sms") == {"+491701234567": {"marketing"}}
        assert set(Suppression.objects.values_list("reason", flat=True)) == {"by_hand", "imported"}
    assert [act for act, _ in log(ann)] == ["suppression.added"] * 2
    assert "example.de" not in str(log(ann))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"scope": "all"}, "Enter an address, or choose a file."),
        ({"scope": "all", "address": "0170 1234"}, "Enter a whole address"),
        ({"scope": "all", "file": b"name\nAnna\n"}, "There is no address in the first column"),
        ({"scope": "all", "file": b"\xff\xfe\x00"}, "The file is no text in UTF-8."),
        ({"scope": "x", "address": "anna@example.de"}, "x is not one of the available choices"),
    ],
)
def test_what_is_no_address_is_refused(given: dict[str, Any], said: str, ann: Merchant, agent: Client) -> None:
    if "file" in given:
        given = given | {"file": SimpleUploadedFile("list.csv", given["file"])}
    response = agent.post(f"{LIST}add/", given)

    assert (response.status_code, said in text(response)) == (422, True)
    with in_merchant(ann):
        assert not Suppression.objects.exists()


def lift_url(client: Client) -> str:
    return re.findall(rf'"({LIST}sup_\w+/lift)/"', client.get(LIST).content.decode())[0]


def test_lifting_wants_a_reason_and_is_logged_by_hash(ann: Merchant, admin: Client) -> None:
    with in_merchant(ann):
        consent.suppress("anna@example.de", scope="all", reason="bounced")
    url = lift_url(admin)

    assert admin.post(f"{url}ed/", {}).status_code == 422
    assert admin.post(f"{url}ed/", {"why": "The mailbox is back"})["Location"] == LIST

    with in_merchant(ann):
        assert consent.suppressed(["anna@example.de"]) == {}
    [(act, changes)] = log(ann)
    assert (act, changes["why"]) == ("suppression.lifted", [None, "The mailbox is back"])
    assert admin.post(f"{url}ed/", {"why": "again"}).status_code == 404


def test_a_complaint_is_lifted_only_by_somebody_who_is_sure(ann: Merchant, admin: Client) -> None:
    with in_merchant(ann):
        consent.suppress("anna@example.de", scope="all", reason="complained")
    url = lift_url(admin)

    assert "They asked for it by themselves" in text(admin.get(f"{url}/"))
    assert admin.post(f"{url}ed/", {"why": "x"}).status_code == 422
    assert admin.post(f"{url}ed/", {"why": "They wrote to us", "sure": "on"}).status_code == 302


def test_the_list_asks_as_much_for_one_as_for_fifty(ann: Merchant, agent: Client, django_assert_num_queries: Any) -> None:
    with in_merchant(ann):
        suppressions.add_all(["a@example.de"], scope="all", reason="by_hand")
    agent.get(LIST)
    with CaptureQueriesContext(connection) as one:
        agent.get(LIST)
    with in_merchant(ann):
        suppressions.add_all([f"a{n}@example.de" for n in range(60)], scope="all", reason="by_hand")
    with django_assert_num_queries(len(one)):
        assert text(agent.get(LIST)).count("Nothing at all") == 51  # fifty rows, and the form below
