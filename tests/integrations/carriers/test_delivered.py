"""Never a wrong "delivered": the codes that mean it are named here, one by one, and nothing that merely looks like one does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.carriers.mapping import TABLES, _bare, meaning
from integrations.carriers.words import sober

CANADA = """20 21 1406 1408 1409 1421 1422 1423 1424 1425 1426 1427 1428 1429 1430 1431 1432 1433 1434 1441 1442 1461 1462 1463 1465 1466
1467 1468 1469 1471 1472 1473 1475 1476 1496 1498 2001"""
DELIVERED = {  # the recipient has it, or a neighbour, or it lies where it was agreed, or it was taken from a shop or locker
    "17track": {"Delivered", "*/Delivered_Other"},
    "aftership": {"Delivered", *(f"*/Delivered_00{last}" for last in range(1, 6))},
    "australia_post": {
        "Delivered", "Delivered in Full", "Delivered - Left in a safe place", "Delivered - Signature received", "Collected",
        "Picked up by customer", "Customer collected",
    },
    "canada_post": set(CANADA.split()),
    "correios": {f"{kind}/{last}" for kind in ("BDE", "BDI", "BDR") for last in (0, 1, 67, 70)},
    "dhl": {"delivered", "*/OK", "*/ZU", "*/DD", "DL", "DLVRD"},
    "dpd": {
        "DELIVERED", "13", "DEY", "DEYY", "DODEY", "DODEYY", "DELIVERED_NEIGHBOUR", "NEIGHBOUR", "PICKED_UP_BY_CONSIGNEE",
        "COLLECTED_BY_CONSIGNEE", "PICKEDUP_BY_CONSIGNEE", "delivery_customer", "pickup_by_consignee",
    },
    "easypost": {"delivered", "delivered/damaged", "fedex:DL"},
    "fedex": {"DL", "*/DL"},
    "gls": {"DELIVERED", "5", "3.0", "DELIVEREDNEIGHBOUR", "58", "3.120", "DELIVD.NORMAL", "DELIVD.DEL_BY_PSAPP"},
    "la_poste": {"DI0", "DI1", "LIVCFM", "LIVGAR", "LIVRTI", "LIVVOI"},
    "postnl": {"11", "I01", "I02", "I05", "I11", "I12", "Z01"},
    "royal_mail": {
        "DELIVERED", "DELIVERED TO NEIGHBOUR", "COLLECTED",
        *(f"*/EV{code}" for code in ["KOP", "KDD", "KDL", "KSP", "KSF", "KDN", "KNS", "PLK", "KGF", "PLC", "PLF"]),
        *(f"*/EVN{code}" for code in ["OC", "CO", "SC", "CE", "LP", "FS", "PO"]),
    },
    "shipengine": {
        "DE", "delivered", "*/delivered", "*/DELIVERED_TO_PO_BOX", "*/PROOF_OF_DELIVERY", "*/delivered_to_neighbour",
        "*/delivered_to_neighbor", "*/picked_up_by_recipient", "*/collected_by_recipient", "*/PARCEL_COLLECTED_FROM_PICKUP_POINT",
        "*/DELIVERED_DAMAGED", "*/DELIVERED_SPECIFIED_SAFE_PLACE", "*/DELIVERED_TO_SAFE_PLACE",
    },
    "shippo": {"DELIVERED", "*/delivered", "DELIVERED/other"},
    "shopify": {"delivered", "picked_up"},
    "trackingmore": {"delivered", *(f"*/delivered00{last}" for last in range(1, 5))},
    "ups": {"D", "*/FS", "*/11", "*/26", "KB"},
    "usps": {
        "Delivered", "*/1", "Delivered, PO Box", "Delivered, Left with Individual", "Delivered, Parcel Locker",
        "Delivered, Front Door/Porch", "Delivered, In/At Mailbox", "Delivered, Front Desk/Reception/Mail Room",
        "Delivered, Garage or Other Location at Address",
    },
}  # fmt: skip
NAMED = {source: {_bare(code) for code in codes} for source, codes in DELIVERED.items()}


def test_only_the_codes_that_are_named_mean_delivered() -> None:
    found = {source: {code for code, meant in table.items() if meant.status == "delivered"} for source, table in TABLES.items()}

    assert found == NAMED


@settings(max_examples=30)
@given(
    at=st.sampled_from([(source, code.removeprefix("*/")) for source, codes in DELIVERED.items() for code in codes]),
    more=st.text("ABIPSX_1 ", min_size=1, max_size=6).filter(str.strip),
    before=st.booleans(),
)
def test_a_code_that_only_holds_one_of_them_is_no_delivery(at: tuple[str, str], more: str, before: bool) -> None:
    source, code = at
    head, _, last = code.rpartition("/")
    other = _bare(f"{head}/{more}{last}".strip("/") if before else f"{head}/{last}{more}".strip("/"))
    named = {other, f"*/{other.rpartition('/')[2]}", _bare(head)} & NAMED[source]

    assert (meaning(source, other).status == "delivered") == bool(named)


@pytest.mark.parametrize(
    ("source", "code", "text", "status"),
    [
        ("ups", "D/2Q", "Delivered to UPS Access Point", "available_for_pickup"),
        ("ups", "D", "Returned to Sender", "returned"),
        ("usps", "01", "Delivered, To Original Sender", "returned"),
        ("usps", "01", "Delivered, Parcel Locker", "delivered"),
        ("dpd", "13", "Delivered by driver to neighbour, card left", "delivered"),
        ("royal_mail", "EVKLC", "Your item was delivered to the Post Office and is ready to collect", "available_for_pickup"),
        ("royal_mail", "EVKLS", "", "available_for_pickup"),
        ("royal_mail", "EVKNR", "", "attempt_failed"),
        ("ups", "I/DP", "Returned to Sender", "in_transit"),
        ("easypost", "delivered/return", "", "returned"),
        ("easypost", "return_to_sender/return", "Unknown street, returning to sender", "returning"),
        ("easypost", "return_to_sender/return", "Delivered, To Original Sender", "returned"),
    ],
)
def test_the_text_has_its_say_where_one_code_is_every_end_of_the_way(source: str, code: str, text: str, status: str) -> None:
    assert sober(meaning(source, code), text).status == status
