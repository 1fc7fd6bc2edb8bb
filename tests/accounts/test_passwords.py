import pytest
from django.test import Client

from postpurchase.tenancy.models import Merchant, Role, User
from tests.accounts.conftest import Mailbox, link_in
from tests.people import PASSWORD, hire

pytestmark = pytest.mark.django_db
NEW = "a wholly different set of words"


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(ann: Merchant, mailbox: Mailbox) -> None:
    hire(ann, "vic@ann.example", Role.VIEWER)
    client = Client()

    assert client.post("/password/forgotten/", {"email": "vic@ann.example"})["Location"] == "/password/forgotten/sent/"
    path = link_in(mailbox[0])
    page = client.get(path, follow=True)
    assert client.post(page.redirect_chain[-1][0], {"password1": NEW})["Location"] == "/password/new/done/"

    user = User.objects.get(email="vic@ann.example")
    assert user.check_password(NEW)
    assert [letter.subject for letter in mailbox[1:]] == ["Your password was changed"]
    assert "This link no longer works" in Client().get(path, follow=True).content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_mail(db: None, mailbox: Mailbox) -> None:
    assert Client().post("/password/forgotten/", {"email": "nobody@ann.example"})["Location"] == "/password/forgotten/sent/"
    assert mailbox == []


def test_five_links_an_hour_are_enough_for_one_address(ann: Merchant, mailbox: Mailbox) -> None:
    hire(ann, "vic@ann.example", Role.VIEWER)

    answers = [Client().post("/password/forgotten/", {"email": "vic@ann.example"}).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]
    assert len(mailbox) == 5


def test_a_changed_password_ends_all_other_log_ins(ann: Merchant, mailbox: Mailbox) -> None:
    user = hire(ann, "vic@ann.example", Role.VIEWER)
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(user)

    wrong = here.post("/account/password/", {"oldpassword": "no", "password1": NEW})
    right = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW})

    assert "This is not your current password" in wrong.content.decode()
    assert right["Location"] == "/account/"
    assert here.get("/m/ann/").status_code == 200
    assert there.get("/m/ann/").status_code == 302
    assert [letter.subject for letter in mailbox] == ["Your password was changed"]
