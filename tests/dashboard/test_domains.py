"""The page of domains: entering, records to copy, what was found, removing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from domains.models import Domain, Kind, State
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text
from tests.domains.conftest import publish, running
from tests.domains.name_server import NameServer

pytestmark = pytest.mark.django_db
AT = "/m/ann/domains/"
HOST = "track.shop.test"


@pytest.fixture
def server(settings: Any) -> Iterator[NameServer]:
    yield from running(settings)


def only(merchant: Merchant) -> Domain:
    with in_merchant(merchant):
        return Domain.objects.get()


def act(client: Client, word: str) -> str:
    return re.findall(rf'"({AT}dom_\w+/{word}/)"', client.get(AT).content.decode())[0]


def test_a_host_is_entered_checked_and_served(ann: Merchant, admin: Client, server: NameServer, settled: Any) -> None:
    with settled():
        assert admin.post(f"{AT}add/", {"kind": "portal", "name": "Track.Shop.test"})["Location"] == AT
    page = text(admin.get(AT))
    assert f"_postpurchase.{HOST}" in page
    assert f"postpurchase={only(ann).token}" in page
    assert "Waiting for DNS" in page
    assert page.count("Missing") == 2

    publish(server, only(ann))
    with settled():
        admin.post(act(admin, "check"))

    page = text(admin.get(AT))
    assert f"Your tracking pages are at http://{HOST}" in page
    assert page.count("Found") == 2


def test_a_wrong_value_is_shown_beside_the_right_one(ann: Merchant, admin: Client, server: NameServer, settled: Any) -> None:
    server.zone[HOST, "CNAME"] = ["shops.elsewhere.test."]
    with settled():
        admin.post(f"{AT}add/", {"kind": "portal", "name": HOST})

    page = text(admin.get(AT))
    assert "Wrong value" in page
    assert "Found shops.elsewhere.test" in page
    assert "portal.ours.test" in page


def test_a_sending_domain_is_not_said_to_sign_anything(ann: Merchant, admin: Client, server: NameServer, settled: Any) -> None:
    with settled():
        admin.post(f"{AT}add/", {"kind": "sending", "name": "shop.test"})
    publish(server, only(ann))
    with settled():
        admin.post(act(admin, "check"))

    page = text(admin.get(AT))
    assert "your mails come from it and are signed with its key" in page
    assert "Verified" in page
    assert "PRIVATE KEY" not in admin.get(AT).content.decode()


@pytest.mark.parametrize("name", ["", "https://x.shop.test/", "localhost", "co.uk", "shop.test", "10.0.0.1", "x" * 300])
def test_a_name_that_cannot_be_is_told_at_its_field_and_kept_as_typed(ann: Merchant, admin: Client, name: str) -> None:
    refused = admin.post(f"{AT}add/", {"kind": "portal", "name": name})

    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in page
    assert f'value="{name}"' in page or not name
    with in_merchant(ann):
        assert not Domain.objects.exists()


def test_adding_twice_makes_one_and_an_unknown_kind_none(ann: Merchant, admin: Client, server: NameServer, settled: Any) -> None:
    with settled():
        first = admin.post(f"{AT}add/", {"kind": "portal", "name": HOST})
        second = admin.post(f"{AT}add/", {"kind": "portal", "name": HOST})

    assert (first.status_code, second.status_code) == (302, 422)
    assert "There is one already: remove it first." in text(second)
    assert only(ann).kind == Kind.PORTAL
    assert admin.post(f"{AT}add/", {"kind": "other", "name": HOST}).status_code == 404


def test_removing_asks_first_and_takes_the_host_off(ann: Merchant, admin: Client, server: NameServer, settled: Any) -> None:
    with settled():
        admin.post(f"{AT}add/", {"kind": "portal", "name": HOST})
    publish(server, only(ann))
    with settled():
        admin.post(act(admin, "check"))
    with in_merchant(ann):
        assert Brand.objects.get().portal_host == HOST
    ask = admin.get(act(admin, "remove"))
    assert "stop working at once" in text(ask)

    gone = re.findall(r'action="([^"]+/delete/)"', ask.content.decode())[0]
    assert [admin.post(gone).status_code, admin.post(gone).status_code] == [302, 404]

    with in_merchant(ann):
        assert (Brand.objects.get().portal_host, Domain.objects.exists()) == ("", False)


def test_a_broken_host_says_since_when(ann: Merchant, admin: Client, server: NameServer, settled: Any) -> None:
    with settled():
        admin.post(f"{AT}add/", {"kind": "portal", "name": HOST})
    publish(server, only(ann))
    for wrong in (False, True, True):
        if wrong:
            server.zone[HOST, "CNAME"] = ["elsewhere.test."]
        with settled():
            admin.post(act(admin, "check"))

    assert only(ann).state == State.BROKEN
    assert "The name no longer leads here since" in text(admin.get(AT))


def test_the_page_takes_a_fixed_number_of_queries(
    ann: Merchant,
    admin: Client,
    server: NameServer,
    settled: Any,
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(13):
        admin.get(AT)
    with settled():
        for kind, name in (("portal", HOST), ("sending", "shop.test")):
            admin.post(f"{AT}add/", {"kind": kind, "name": name})
    with django_assert_num_queries(13):
        admin.get(AT)
