from datetime import timedelta

import pytest
from django.test import Client

from dashboard.accounts import sign_in as account
from dashboard.accounts.sign_in import TRIES
from postpurchase.tenancy.models import Merchant, RateCount, Role, User
from tests.people import PASSWORD, hire

pytestmark = pytest.mark.django_db


def try_password(client: Client, email: str, password: str, **extra: str) -> int:
    return client.post("/sign-in/", {"login": email, "password": password}, **extra).status_code


def test_signing_in_leads_to_ones_shop_and_gives_the_session_a_new_key(ann: Merchant) -> None:
    hire(ann, "vic@ann.example", Role.VIEWER)
    client = Client()
    before = client.session.session_key  # an anonymous one, which somebody may have planted

    response = client.post("/sign-in/", {"login": "VIC@ann.example", "password": PASSWORD}, follow=True)

    assert response.redirect_chain == [("/", 302), ("/m/ann/", 302)]
    assert client.session.session_key != before


def test_an_unknown_email_and_a_wrong_password_get_the_same_answer(ann: Merchant) -> None:
    hire(ann, "vic@ann.example", Role.VIEWER)

    known = Client().post("/sign-in/", {"login": "vic@ann.example", "password": "wrong"})
    unknown = Client().post("/sign-in/", {"login": "who@ann.example", "password": "wrong"})

    said = [answer.context["form"].non_field_errors() for answer in (known, unknown)]
    assert said[0] == said[1] == ["No account has this email and password. Check both; capitals matter in the password."]
    assert known.status_code == unknown.status_code == 200


def test_a_switched_off_person_gets_that_answer_too(ann: Merchant) -> None:
    user = hire(ann, "vic@ann.example", Role.VIEWER)
    User.objects.filter(pk=user.pk).update(is_active=False)

    response = Client().post("/sign-in/", {"login": "vic@ann.example", "password": PASSWORD})

    assert "No account has this email and password" in response.content.decode()


@pytest.mark.parametrize("email", ["vic@ann.example", "nobody@ann.example"])
def test_after_five_tries_in_a_minute_even_the_right_password_is_refused(ann: Merchant, email: str) -> None:
    hire(ann, "vic@ann.example", Role.VIEWER)
    client = Client()

    answers = [try_password(client, email, "wrong") for _ in range(5)] + [try_password(client, email, PASSWORD)]

    assert answers == [200] * 5 + [429]
    refused = client.post("/sign-in/", {"login": email, "password": PASSWORD})
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "Too many tries. Wait a minute, then try again." in refused.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_refusal_grows_with_the_tries(ann: Merchant) -> None:
    hire(ann, "vic@ann.example", Role.VIEWER)
    client = Client()

    for _ in range(2):  # two full minutes of guessing
        for _ in range(5):
            try_password(client, "vic@ann.example", "wrong")
        _a_minute_passes()
    refused = client.post("/sign-in/", {"login": "vic@ann.example", "password": PASSWORD})

    assert refused.status_code == 429
    assert 60 < int(refused["Retry-After"]) <= TRIES[1][1].total_seconds()


def test_another_email_and_another_machine_are_counted_apart(ann: Merchant) -> None:
    hire(ann, "vic@ann.example", Role.VIEWER)
    hire(ann, "abe@ann.example", Role.AGENT)
    for _ in range(6):
        try_password(Client(), "vic@ann.example", "wrong")

    assert try_password(Client(), "abe@ann.example", PASSWORD) == 302
    assert try_password(Client(), "vic@ann.example", PASSWORD, REMOTE_ADDR="192.0.2.7") == 302


def test_one_machine_cannot_go_through_many_emails(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "TRIES_PER_ADDRESS", (3, timedelta(hours=1)))
    client = Client()

    answers = [try_password(client, f"{n}@ann.example", "wrong") for n in range(4)]

    assert answers == [200, 200, 200, 429]


def test_signing_in_leads_back_to_the_page_that_was_asked_for_and_to_no_other_site(ann: Merchant) -> None:
    hire(ann, "vic@ann.example", Role.VIEWER)
    asked = Client().get("/m/ann/orders/?view=open")

    assert asked["Location"] == "/sign-in/?next=/m/ann/orders/%3Fview%3Dopen"
    given = {"login": "vic@ann.example", "password": PASSWORD}
    assert Client().post("/sign-in/", given | {"next": "/m/ann/orders/?view=open"})["Location"] == "/m/ann/orders/?view=open"
    assert Client().post("/sign-in/", given | {"next": "https://evil.example/"})["Location"] == "/"


def test_signing_out_is_a_post(viewer: Client) -> None:
    assert viewer.get("/sign-out/").status_code == 405
    assert viewer.post("/sign-out/")["Location"] == "/sign-in/"
    assert viewer.get("/m/ann/")["Location"] == "/sign-in/?next=/m/ann/"


def test_a_person_without_a_shop_is_told_whom_to_ask(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("new@ann.example", PASSWORD))

    response = client.get("/")

    assert response.status_code == 200
    assert "new@ann.example" in response.content.decode()


def _a_minute_passes() -> None:
    """The window of a minute is over, and no other: tries are counted on the machine's clock, which no test can turn."""
    minute = timedelta(minutes=1)
    for count in RateCount.objects.all():
        count.until -= minute
        count.save()
