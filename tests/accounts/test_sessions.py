from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from dashboard.accounts.sessions import device
from postpurchase.tenancy.models import Merchant, Role
from tests.accounts.test_second_factor import signed
from tests.people import hire

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def vic(ann: Merchant) -> str:
    return hire(ann, "vic@ann.example", Role.VIEWER).email


def test_log_ins_are_listed_and_one_can_be_ended(vic: str) -> None:
    here, there = signed(vic), signed(vic)
    page = here.get("/account/").context["account"]["sessions"]
    assert [row["current"] for row in page] == [True, False]

    here.post("/account/sessions/end/", {"session": page[1]["id"]})

    assert here.get("/m/ann/").status_code == 200
    assert there.get("/m/ann/")["Location"].startswith("/sign-in/")


def test_all_others_can_be_ended_at_once(vic: str) -> None:
    here, *others = (signed(vic) for _ in range(4))

    here.post("/account/sessions/end-others/")

    assert {client.get("/m/ann/").status_code for client in others} == {302}
    assert here.get("/m/ann/").status_code == 200
    assert UserSession.objects.count() == 1


def test_somebody_elses_log_in_is_404(vic: str, bob: Merchant) -> None:
    other = signed(hire(bob, "bo@bob.example", Role.OWNER).email)
    theirs = UserSession.objects.get(user__email="bo@bob.example")

    for asked in (theirs.pk, 10**9, "x"):
        assert signed(vic).post("/account/sessions/end/", {"session": asked}).status_code == 404
    assert other.get("/m/bob/").status_code == 200


def test_the_account_page_costs_the_same_for_one_log_in_as_for_many(vic: str, django_assert_max_num_queries: Any) -> None:
    client = signed(vic)
    client.get("/account/")
    with django_assert_max_num_queries(8) as few:
        client.get("/account/")
    for _ in range(3):
        signed(vic)
    with django_assert_max_num_queries(8) as many:
        client.get("/account/")

    assert len(few) == len(many)


@pytest.mark.parametrize(("agent", "said"), [(FIREFOX, "Firefox on Windows"), ("curl/8", "Another program"), ("", "Another program")])
def test_a_device_is_named_as_people_say_it(agent: str, said: str) -> None:
    assert device(agent) == said


def test_the_account_of_nobody_is_the_page_to_sign_in(db: None) -> None:
    for path in ("/account/", "/account/factors/", "/account/delete/", "/account/password/"):
        assert Client().get(path)["Location"].startswith("/sign-in/")
