from typing import Any

import pytest
from django.test import Client

from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Membership, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant
from tests.people import hire, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(ann: Merchant) -> Client:
    return signed_in(ann, Role.OWNER)


def place_of(merchant: Merchant, email: str) -> str:
    with in_merchant(merchant):
        row = Membership.objects.get(user__email=email)
    return f"/m/{merchant.slug}/team/{to_public('mbr', row.pk)}"


def roles_at(merchant: Merchant) -> dict[str, str]:
    with in_merchant(merchant):
        return {row.user.email: row.role for row in Membership.objects.select_related("user")}


def test_the_page_names_everybody_and_costs_the_same_for_one_as_for_many(
    ann: Merchant, owner: Client, django_assert_max_num_queries: Any
) -> None:
    owner.get("/m/ann/team/")
    with django_assert_max_num_queries(16) as few:
        owner.get("/m/ann/team/")
    for n in range(20):
        hire(ann, f"p{n}@ann.example", Role.AGENT)
    with django_assert_max_num_queries(16) as many:
        page = owner.get("/m/ann/team/").content.decode()

    assert len(few) == len(many)
    assert all(f"p{n}@ann.example" in page for n in range(20))


def test_an_admin_changes_roles_and_they_hold_at_once(ann: Merchant, admin: Client) -> None:
    vic = signed_in(ann, Role.VIEWER)
    at = place_of(ann, "viewer@ann.example")
    assert vic.get("/m/ann/team/").status_code == 403

    assert admin.post(f"{at}/role/", {"role": "admin"})["Location"] == "/m/ann/team/"

    assert vic.get("/m/ann/team/").status_code == 200


def test_an_admin_neither_makes_nor_touches_owners(ann: Merchant, owner: Client, admin: Client) -> None:
    vic = hire(ann, "vic@ann.example", Role.VIEWER)
    boss, mine = place_of(ann, "owner@ann.example"), place_of(ann, vic.email)

    assert admin.post(f"{mine}/role/", {"role": "owner"}).status_code == 422
    assert admin.post(f"{boss}/role/", {"role": "agent"}).status_code == 403
    assert admin.post(f"{boss}/remove/").status_code == 403
    assert admin.post("/m/ann/team/invite/", {"email": "new@ann.example", "role": "owner"}).status_code == 422
    assert roles_at(ann) == {"owner@ann.example": "owner", "admin@ann.example": "admin", "vic@ann.example": "viewer"}


def test_the_last_owner_can_neither_leave_nor_step_down(ann: Merchant, owner: Client) -> None:
    at = place_of(ann, "owner@ann.example")

    for answer in (owner.post("/m/ann/team/left/"), owner.post(f"{at}/remove/"), owner.post(f"{at}/role/", {"role": "admin"})):
        assert answer.status_code == 409
        assert "Make somebody else an owner first" in answer.content.decode()
    assert roles_at(ann) == {"owner@ann.example": "owner"}


def test_of_two_owners_one_may_leave(ann: Merchant, owner: Client) -> None:
    hire(ann, "olga@ann.example", Role.OWNER)

    assert owner.post("/m/ann/team/left/")["Location"] == "/account/"

    assert roles_at(ann) == {"olga@ann.example": "owner"}
    assert owner.get("/m/ann/").status_code == 404


def test_who_was_taken_off_the_team_is_a_stranger_at_the_next_click(ann: Merchant, admin: Client) -> None:
    vic = signed_in(ann, Role.VIEWER)
    assert vic.get("/m/ann/").status_code == 200

    admin.post(f"{place_of(ann, 'viewer@ann.example')}/remove/")

    assert vic.get("/m/ann/").status_code == 404
    assert User.objects.filter(email="viewer@ann.example").exists()


def test_the_rail_offers_only_what_the_role_opens(ann: Merchant, admin: Client) -> None:
    for role, sees in ((Role.VIEWER, False), (Role.AGENT, False)):
        assert ('href="/m/ann/team/"' in signed_in(ann, role).get("/m/ann/").content.decode()) is sees
    assert 'href="/m/ann/team/"' in admin.get("/m/ann/").content.decode()
