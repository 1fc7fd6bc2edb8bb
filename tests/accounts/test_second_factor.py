import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.accounts.conftest import Mailbox
from tests.people import PASSWORD, hire, signed_in

pytestmark = pytest.mark.django_db


def signed(email: str) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"login": email, "password": PASSWORD})["Location"] == "/"
    return client


def proved(client: Client) -> Client:
    """Who has given the password just now, as what protects the account asks for."""
    assert client.post("/account/password/again/?next=/account/", {"password": PASSWORD}).status_code == 302
    return client


def code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def switch_on(client: Client) -> str:
    """Set up codes by an app; the app's key."""
    secret = proved(client).get("/account/factors/app/").context["form"].secret
    answer = client.post("/account/factors/app/", {"code": code(secret)})
    assert answer["Location"] == "/account/factors/codes/"
    return str(secret)


@pytest.fixture
def olga(ann: Merchant) -> str:
    return hire(ann, "olga@ann.example", Role.OWNER).email


def test_with_an_app_the_password_alone_opens_nothing(olga: str) -> None:
    secret = switch_on(signed(olga))
    client = Client()

    assert client.post("/sign-in/", {"login": olga, "password": PASSWORD})["Location"] == "/sign-in/code/"
    assert client.get("/m/ann/")["Location"].startswith("/sign-in/")
    assert "This code does not fit" in client.post("/sign-in/code/", {"code": "000000"}).content.decode()
    assert client.post("/sign-in/code/", {"code": code(secret)})["Location"] == "/"

    assert client.get("/m/ann/").status_code == 200


def test_a_code_works_once(olga: str) -> None:
    secret = switch_on(signed(olga))
    used = code(secret)
    answers = []
    for _ in range(2):
        client = Client()
        client.post("/sign-in/", {"login": olga, "password": PASSWORD})
        answers.append(client.post("/sign-in/code/", {"code": used}).status_code)

    assert answers == [302, 200]


def test_codes_cannot_be_tried_for_long(olga: str) -> None:
    secret = switch_on(signed(olga))
    client = Client()
    client.post("/sign-in/", {"login": olga, "password": PASSWORD})

    for _ in range(10):
        client.post("/sign-in/code/", {"code": "000000"})
    refused = client.post("/sign-in/code/", {"code": code(secret)})

    assert "Too many tries" in refused.content.decode()
    assert client.get("/m/ann/").status_code == 302


def test_a_recovery_code_opens_once_in_place_of_the_app(olga: str) -> None:
    first = signed(olga)
    switch_on(first)
    codes = first.get("/account/factors/codes/").context["unused_codes"]
    assert len(codes) == 10
    answers = []
    for _ in range(2):
        client = Client()
        client.post("/sign-in/", {"login": olga, "password": PASSWORD})
        answers.append(client.post("/sign-in/code/", {"code": codes[0]}).status_code)

    assert answers == [302, 200]
    assert codes[1] in first.get("/account/factors/codes/download/").content.decode()


def test_no_secret_is_kept_in_the_clear(olga: str) -> None:
    first = signed(olga)
    secret = switch_on(first)
    codes = first.get("/account/factors/codes/").context["unused_codes"]

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert Authenticator.objects.count() == 2
    assert secret not in kept
    assert not any(one in kept for one in codes)


def test_protecting_the_account_asks_who_it_is_after_a_while(ann: Merchant) -> None:
    client = signed_in(ann, Role.OWNER)  # a session that has given no password lately

    for path in ("/account/factors/app/", "/account/factors/passkeys/add/", "/account/factors/codes/new/"):
        assert client.get(path)["Location"].startswith("/account/password/again/"), path
    assert client.post("/account/password/again/?next=/account/factors/app/", {"password": "wrong"}).status_code == 200
    assert client.get("/account/factors/app/").status_code == 302

    client.post("/account/password/again/?next=/account/factors/app/", {"password": PASSWORD})
    assert client.get("/account/factors/app/").status_code == 200


def test_owners_get_no_further_where_the_shop_asks_for_a_second_factor(ann: Merchant, olga: str) -> None:
    boss, other, agent = signed(olga), signed_in(ann, Role.OWNER), signed_in(ann, Role.AGENT)
    assert boss.post("/m/ann/team/two-factor/", {"on": "1"}).status_code == 409  # it would lock herself out
    switch_on(boss)

    assert boss.post("/m/ann/team/two-factor/", {"on": "1"}).status_code == 302

    assert boss.get("/m/ann/").status_code == 200
    assert agent.get("/m/ann/").status_code == 200
    for answer in (other.get("/m/ann/"), other.get("/m/ann/team/"), other.post("/m/ann/team/invite/", {"email": "x@y.example"})):
        assert (answer.status_code, answer["Location"]) == (302, "/account/factors/?why=owner")
    assert "asks its owners for a second factor" in other.get("/account/factors/?why=owner").content.decode()
    with in_merchant(ann):
        assert Merchant.objects.get(slug="ann").two_factor_for_owners


def test_somebody_elses_passkey_is_404(olga: str, bob: Merchant) -> None:
    theirs = Authenticator.objects.create(user=hire(bob, "bo@bob.example", Role.OWNER), type="webauthn", data={"name": "Key"})
    client = proved(signed(olga))

    for act in ("remove", "name"):
        assert client.get(f"/account/factors/passkeys/{theirs.pk}/{act}/").status_code == 404
        assert client.post(f"/account/factors/passkeys/{theirs.pk}/{act}/", {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_switching_off_ends_the_recovery_codes_and_is_told_by_mail(olga: str, mailbox: Mailbox) -> None:
    client = signed(olga)
    switch_on(client)

    client.post("/account/factors/app/off/")

    assert not Authenticator.objects.exists()
    assert "Codes by app are off" in [letter.subject for letter in mailbox]
