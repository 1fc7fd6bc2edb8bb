"""Carriers by one code each, and what their codes mean."""

import pytest

from integrations.carriers import directory, mapping
from integrations.carriers.mapping import Meaning, in_our_words, meaning
from tracking.models import Status


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UPS", "ups"),
        ("United Parcel Service", "ups"),
        ("FedEx", "fedex"),
        ("DHLExpress", "dhl_express"),
        ("DHL", "dhl"),
        ("dhl_express", "dhl_express"),
        ("Canada Post", "canada_post"),
        ("Hermes UK", "evri"),
        ("Österreichische Post", "austrian_post"),
        ("ヤマト運輸", "yamato"),
        ("Acme Post & Söhne", "acme_post_sohne"),
        ("", ""),
    ],
)
def test_a_carriers_name_becomes_its_code(name: str, code: str) -> None:
    assert directory.normalise(name) == code


def test_no_word_names_two_carriers() -> None:
    words = [(directory._bare(word), code) for code, one in directory.CARRIERS.items() for word in {code, one.name, *one.aliases}]

    twice = {word for word, code in words if directory.CODES[word] != code}
    assert twice == set()


def test_codes_fit_their_column_and_normalise_to_themselves() -> None:
    assert [code for code in directory.CARRIERS if len(code) > directory.LONGEST or directory.normalise(code) != code] == []
    assert len(directory.normalise("x" * 200)) == directory.LONGEST


def test_a_name_is_shown_and_a_link_is_made() -> None:
    assert directory.display("dhl_express") == "DHL Express"
    assert directory.display("acme_post") == "Acme post"
    assert directory.tracking_url("ups", "1Z 9") == "https://www.ups.com/track?tracknum=1Z%209"
    assert directory.tracking_url("acme_post", "1") == ""
    assert directory.normalise_number(" 1z 999\taa ") == "1Z999AA"


def test_every_entry_of_every_table_is_in_our_words() -> None:
    parties, actions = ("", "carrier", "merchant", "recipient", "customs", "weather", "other"), ("", "shopper", "merchant")
    entries = [(name, key, value) for name, table in {**mapping.TABLES, "ours": mapping.OURS}.items() for key, value in table.items()]

    odd = [
        (name, key)
        for name, key, value in entries
        if value.status not in Status.values
        or value.party not in parties
        or value.action_required not in actions
        or len(value.substatus) > 40
    ]
    assert (odd, len(entries) > 1000) == ([], True)


@pytest.mark.parametrize(
    ("code", "carrier", "wanted"),
    [
        ("pre_transit/label_created/OC", "fedex", Meaning("info_received")),
        ("in_transit/arrived_at_facility/PU", "fedex", Meaning("in_transit", "accepted")),
        ("in_transit/arrived_at_facility/PU", "ups", Meaning("in_transit", "arrived_hub")),
        ("in_transit/word_of_tomorrow/ZZ", "ups", Meaning("in_transit")),
        ("in_transit/awaiting_information", "dhl", Meaning("in_transit", "customs_info_needed", "customs", "merchant")),
        ("failure/address_correction", "usps", Meaning("attempt_failed", "address", "recipient", "shopper")),
        ("failure/lost", "usps", Meaning("lost_or_destroyed", "lost", "carrier", "merchant")),
        ("return_to_sender/in_transit", "usps", Meaning("returning")),
        ("return_to_sender/return", "usps", Meaning("returning")),
        ("teleported/unknown", "usps", Meaning()),
    ],
)
def test_the_most_particular_entry_for_an_easypost_code_wins(code: str, carrier: str, wanted: Meaning) -> None:
    assert meaning("easypost", code, carrier=carrier) == wanted


EASYPOST = "unknown pre_transit in_transit out_for_delivery delivered available_for_pickup return_to_sender failure cancelled error"
DETAILS = """address_correction arrived_at_destination arrived_at_facility arrived_at_pickup_location awaiting_information cancelled damaged
delayed delivery_exception departed_facility departed_origin_facility expired failure held in_transit label_created lost missorted
out_for_delivery received_at_destination_facility received_at_origin_facility refused return status_update
transferred_to_destination_carrier transit_exception unknown weather_delay"""


@pytest.mark.parametrize("status", EASYPOST.split())
def test_every_documented_easypost_pair_has_a_meaning(status: str) -> None:
    assert [detail for detail in DETAILS.split() if not meaning("easypost", f"{status}/{detail}").status] == []


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("label_purchased", "info_received"),
        ("confirmed", "info_received"),
        ("in_transit", "in_transit"),
        ("out_for_delivery", "out_for_delivery"),
        ("attempted_delivery", "attempt_failed"),
        ("ready_for_pickup", "available_for_pickup"),
        ("picked_up", "delivered"),
        ("delivered", "delivered"),
        ("delayed", "exception"),
        ("failure", "exception"),
        ("beamed_up", ""),
    ],
)
def test_a_shopify_fulfilment_event_has_a_meaning(code: str, status: str) -> None:
    assert meaning("shopify", code).status == status


def test_our_own_words_keep_an_unlisted_substatus_and_bring_what_we_know() -> None:
    assert in_our_words("delivered", "left_with_cat") == Meaning("delivered", "left_with_cat")
    assert in_our_words("exception", "customs_hold") == Meaning("exception", "customs_hold", "customs")
    assert in_our_words("deliverd") == Meaning()
    assert set(mapping.our_statuses()) == set(Status.values)
