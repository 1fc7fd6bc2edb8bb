"""Another email address: behind the password, proven by a link, told to the old one."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from postpurchase.tenancy.models import Merchant, Role, User
from tests.accounts.conftest import Mailbox, link_in
from tests.people import PASSWORD, hire

NEW = {"email": "olga@new.example", "action_add": "1"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(ann: Merchant) -> User:
    return hire(ann, "olga@ann.example", Role.OWNER)


@pytest.fixture
def client(olga: User) -> Client:
    made = Client()
    made.force_login(olga)
    made.post("/account/password/again/", {"password": PASSWORD})
    return made


def test_the_new_address_holds_once_its_link_is_pressed_and_the_old_one_hears_of_it(olga: User, client: Client, mailbox: Mailbox) -> None:
    other = Client()
    other.post("/sign-in/", {"login": olga.email, "password": PASSWORD})

    answer = client.post("/account/email/", NEW, follow=True)

    assert "A link is on its way" in answer.content.decode()
    olga.refresh_from_db()
    assert olga.email == "olga@ann.example"
    (letter,) = mailbox
    assert (letter.to, letter.subject) == (["olga@new.example"], "Confirm your new email address")
    path = link_in(letter)
    client.get(path)
    olga.refresh_from_db()
    assert olga.email == "olga@ann.example"  # looking is not confirming

    client.post(path)

    olga.refresh_from_db()
    assert olga.email == "olga@new.example"
    assert list(EmailAddress.objects.filter(user=olga).values_list("email", "verified", "primary")) == [("olga@new.example", True, True)]
    assert (mailbox[1].to, mailbox[1].subject) == (["olga@ann.example"], "Your email address was changed")
    assert "olga@new.example" in mailbox[1].body
    assert other.get("/m/ann/").status_code == 200  # who has the account has it still
    assert Client().post("/sign-in/", {"login": "olga@new.example", "password": PASSWORD})["Location"] == "/"
    assert Client().post("/sign-in/", {"login": "olga@ann.example", "password": PASSWORD}).status_code == 200


def test_a_stolen_session_changes_nothing_without_the_password(olga: User, mailbox: Mailbox) -> None:
    client = Client()
    client.force_login(olga)

    answer = client.post("/account/email/", NEW)

    assert answer["Location"].startswith("/account/password/again/")
    assert client.get("/account/email/")["Location"].startswith("/account/password/again/")
    assert (len(mailbox), EmailAddress.objects.filter(user=olga).count()) == (0, 1)


def test_an_address_that_has_an_account_gets_the_same_answer_and_stays_its_owners(olga: User, client: Client, mailbox: Mailbox) -> None:
    eva = User.objects.create_user("eva@ek.example", PASSWORD)

    answer = client.post("/account/email/", NEW | {"email": "EVA@ek.example"}, follow=True)

    assert "A link is on its way" in answer.content.decode()
    assert [(letter.to, letter.subject) for letter in mailbox] == [(["eva@ek.example"], "You already have an account")]
    assert list(EmailAddress.objects.values_list("user_id", "email").order_by("user_id")) == [(olga.pk, olga.email), (eva.pk, eva.email)]


@pytest.mark.parametrize(("given", "said"), [("olga", "Enter a valid email address."), ("", "This field is required.")])
def test_a_fault_is_told_at_its_field(client: Client, mailbox: Mailbox, given: str, said: str) -> None:
    answer = client.post("/account/email/", NEW | {"email": given})

    assert answer.context["form"].errors["email"] == [said]
    assert len(mailbox) == 0


def test_a_second_wish_replaces_the_first(client: Client, mailbox: Mailbox) -> None:
    client.post("/account/email/", NEW)
    client.post("/account/email/", NEW | {"email": "olga@newer.example"})

    assert [letter.to for letter in mailbox] == [["olga@new.example"], ["olga@newer.example"]]
    assert "This link no longer works" in Client().get(link_in(mailbox[0])).content.decode()
