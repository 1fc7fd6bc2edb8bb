"""Orders are found by who may see them, without telling which part of a question was wrong, and by index."""

import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from integrations.models import Connection
from integrations.types import CustomerData
from orders import lookup
from orders.intake import record_orders
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.factories import PLACED, address_data, order_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(ann_api: Connection) -> uuid.UUID:
    return ann_api.pk


@pytest.fixture
def mias(shop: uuid.UUID) -> str:
    record_orders([order_data(external_id="1", number="#A1043", shipping_address=address_data(postcode="SW1A 1AA"))], connection_id=shop)
    return "1"


@pytest.mark.parametrize("number", ["#A1043", "A1043", "a1043", " #a1043 ", "\0A1043"])
def test_a_number_and_an_email_find_the_order(mias: str, number: str) -> None:
    found = lookup.find(number, email=" Mia.Berg@Example.com ")

    assert found is not None
    assert found.external_id == mias


@pytest.mark.parametrize("postcode", ["SW1A 1AA", "sw1a1aa", "SW1A-1AA"])
def test_a_postcode_does_as_well_as_an_email(mias: str, postcode: str) -> None:
    assert lookup.find("A1043", postcode=postcode) is not None


@pytest.mark.parametrize(
    ("number", "email", "postcode"),
    [
        ("A1043", "", ""),
        ("A1043", "noor@example.com", ""),
        ("A1043", "", "10115"),
        ("A1044", "mia.berg@example.com", ""),
        ("", "mia.berg@example.com", ""),
        ("A104%", "mia.berg@example.com", ""),
        ("A1043", "\0", " - "),
    ],
)
def test_a_wrong_part_finds_nothing_at_the_same_cost(
    mias: str, number: str, email: str, postcode: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert lookup.find(number, email=email, postcode=postcode) is None


def test_an_order_without_email_and_postcode_is_never_found_by_blanks(shop: uuid.UUID) -> None:
    record_orders([order_data(number="1", email="", customer=None, shipping_address=None)], connection_id=shop)

    assert lookup.find("1") is None
    assert lookup.find("1", email="", postcode="  ") is None


def test_of_two_orders_with_one_number_the_newest_of_that_person_is_found(shop: uuid.UUID) -> None:
    old, new = order_data(number="7"), order_data(number="#7", placed_at=PLACED.replace(month=4))
    record_orders([new, old, order_data(number="7", email="noor@example.com", customer=None)], connection_id=shop)

    found = lookup.find("7", email="mia.berg@example.com")

    assert found is not None
    assert found.external_id == new.external_id


def test_bob_finds_nothing_of_anns(ann: Merchant, bob: Merchant) -> None:
    with in_merchant(ann):
        record_orders([order_data(number="7")], connection_id=Connection.objects.get().pk)

    with in_merchant(bob):
        assert lookup.find("7", email="mia.berg@example.com") is None
        assert not lookup.search("mia.berg@example.com").exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#1001", {"1"}),
        ("1001", {"1"}),
        ("x-9", {"2"}),
        ("NOOR@example.com", {"2"}),
        ("berg", {"1"}),
        ("Mia Berg", {"1"}),
        ("berg m", {"1"}),
        ("Ärö", {"2"}),
        ("noor van der ärö", {"2"}),
        ("erg", set()),
        ("", set()),
        ("\0", set()),
        ("%", set()),
        ("100", set()),
    ],
)
def test_the_team_searches_by_number_email_and_name(shop: uuid.UUID, text: str, found: set[str]) -> None:
    noor = CustomerData(first_name="Noor van der", last_name="ÄRÖ")
    record_orders(
        [order_data(external_id="1", number="#1001"), order_data(external_id="2", number="X-9", email="noor@example.com", customer=noor)],
        connection_id=shop,
    )

    assert set(lookup.search(text).values_list("external_id", flat=True)) == found
