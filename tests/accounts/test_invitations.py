from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Invitation, Membership, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant
from tests.accounts.conftest import Mailbox, link_in
from tests.people import PASSWORD, hire, signed_in

pytestmark = pytest.mark.django_db
NEWCOMER = {"name": "Nils Ek", "password": PASSWORD}


@pytest.fixture
def asked(ann: Merchant, mailbox: Mailbox, django_capture_on_commit_callbacks: Any) -> str:
    """The path of the link that Ann's owner has sent to nils@."""
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(ann, Role.OWNER).post("/m/ann/team/invite/", {"email": "Nils@ek.example", "role": "agent"})
    assert (mailbox[0].to, mailbox[0].subject) == (["nils@ek.example"], "Join Ann on Postpurchase")
    return link_in(mailbox[0])


def team(merchant: Merchant) -> dict[str, str]:
    with in_merchant(merchant):
        return {row.user.email: row.role for row in Membership.objects.select_related("user") if row.role != Role.OWNER}


def change(merchant: Merchant, **values: Any) -> None:
    with in_merchant(merchant):
        Invitation.objects.update(**values)


def test_somebody_new_joins_with_a_name_and_a_password(ann: Merchant, asked: str) -> None:
    client = Client()
    assert "invites nils@ek.example to the team. Role: Agent." in client.get(asked).content.decode()

    answer = client.post(f"{asked}accept/", NEWCOMER)

    assert answer["Location"] == "/m/ann/"
    assert team(ann) == {"nils@ek.example": "agent"}
    assert User.objects.get(email="nils@ek.example").name == "Nils Ek"
    assert client.get("/m/ann/").status_code == 200
    assert Client().post("/sign-in/", {"login": "nils@ek.example", "password": PASSWORD})["Location"] == "/"  # the link proved the address


def test_somebody_with_an_account_signs_in_and_joins_a_second_shop(ann: Merchant, bob: Merchant, asked: str) -> None:
    hire(bob, "nils@ek.example", Role.ADMIN)
    client = Client()
    assert f'href="/sign-in/?next={quote(asked)}"' in client.get(asked).content.decode()
    assert client.post(f"{asked}accept/", NEWCOMER).status_code == 422

    client.post("/sign-in/", {"login": "nils@ek.example", "password": PASSWORD})
    client.post(f"{asked}accept/")

    assert team(ann) == {"nils@ek.example": "agent"}
    page = client.get("/m/ann/").content.decode()
    assert '<a href="/m/ann/" aria-current="true">' in page
    assert '<a href="/m/bob/">' in page


def test_looking_changes_nothing(ann: Merchant, asked: str) -> None:
    for _ in range(3):
        assert Client().get(asked).status_code == 200

    assert team(ann) == {}


def test_an_expired_one_opens_nothing(ann: Merchant, asked: str) -> None:
    change(ann, expires_at=clock.machine_now() - timedelta(seconds=1))

    for answer in (Client().get(asked), Client().post(f"{asked}accept/", NEWCOMER)):
        assert answer.status_code == 410
        assert "It was good for seven days. Ask the shop to send it again." in answer.content.decode()
    assert (team(ann), User.objects.filter(email="nils@ek.example").exists()) == ({}, False)


def test_a_withdrawn_one_opens_nothing(ann: Merchant, asked: str) -> None:
    with in_merchant(ann):
        row = Invitation.objects.get()
    signed_in(ann, Role.ADMIN).post(f"/m/ann/team/invitations/{to_public('inv', row.pk)}/revoke/")

    assert Client().post(f"{asked}accept/", NEWCOMER).status_code == 410
    assert User.objects.filter(email="nils@ek.example").exists() is False


def test_one_that_was_sent_again_ends_the_link_before(ann: Merchant, asked: str, mailbox: Mailbox, settled: Any) -> None:
    with in_merchant(ann):
        row = Invitation.objects.get()
    with settled():
        signed_in(ann, Role.ADMIN).post(f"/m/ann/team/invitations/{to_public('inv', row.pk)}/again/")

    assert Client().get(asked).status_code == 410
    assert Client().get(link_in(mailbox[1])).status_code == 200


def test_somebody_elses_account_cannot_take_it(ann: Merchant, bob: Merchant, asked: str) -> None:
    other = signed_in(bob, Role.OWNER)

    assert "This invitation is for nils@ek.example; you are signed in as owner@bob.example." in other.get(asked).content.decode()
    assert other.post(f"{asked}accept/").status_code == 403
    assert team(ann) == {}


def test_it_works_once(ann: Merchant, asked: str) -> None:
    Client().post(f"{asked}accept/", NEWCOMER)

    again = Client().post(f"{asked}accept/", NEWCOMER | {"password": "an intruder's own password"})

    assert again.status_code in (410, 422)
    assert User.objects.get(email="nils@ek.example").check_password(PASSWORD)
    assert Client().get(asked).status_code == 410


@pytest.mark.parametrize("made_up", ["x", "0" * 32, f"{'0' * 32}:abc", "%00"])
def test_a_made_up_link_is_404(ann: Merchant, made_up: str) -> None:
    assert Client().get(f"/invitations/{made_up}/").status_code == 404
    assert Client().post(f"/invitations/{made_up}/accept/", NEWCOMER).status_code == 404


def test_a_weak_password_is_told_at_its_field(ann: Merchant, asked: str) -> None:
    answer = Client().post(f"{asked}accept/", NEWCOMER | {"password": "short"})

    assert answer.status_code == 422
    assert "at least 12 characters" in answer.content.decode()
    assert not User.objects.filter(email="nils@ek.example").exists()
