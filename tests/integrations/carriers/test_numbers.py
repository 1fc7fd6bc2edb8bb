"""Tracking numbers: every format's own numbers are known again, and no wrong check digit gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.carriers import directory
from integrations.carriers.numbers.checks import ALPHABET, Check
from integrations.carriers.numbers.detect import DATA, candidates, likeliest

CHECKED = [form for form in DATA.formats if form.check]


def forms(number: str) -> list[str]:
    return [one.format for one in candidates(number)]


@pytest.mark.parametrize(
    ("number", "carrier", "form"),
    [  # worked out by hand from the label specifications
        ("1Z5R89390357567127", "ups", "UPS"),
        (" 1z 8v 92a 703 6720 3024 ", "ups", "UPS"),
        ("1ZXX3150YW44070023", "ups", "UPS"),
        ("K1506235620", "ups", "UPS waybill"),
        ("RB123456785GB", "royal_mail", "UPU S10"),
        ("RB123456785CV", "upu", "UPU S10"),
        ("7035114477138472", "canada_post", "Canada Post, 16 digits"),
        ("00 81827 0998 0000 0200 33 350 276 C", "dpd", "DPD, 28 characters"),
        ("0998 0000 0200 34D", "dpd", "DPD, 14 digits and a check character"),
        ("C11031500001879", "ontrac", "OnTrac C"),
        ("D10011354453707", "ontrac", "OnTrac D"),
        ("TBA123456789012", "amazon", "Amazon Logistics"),
        ("1LS7119013602326-1", "lasership", "LaserShip 1LS7, 18 characters"),
        ("3SABCD1234567", "postnl", "PostNL 3S"),
        ("YT1234567890123456", "yunexpress", "YunExpress"),
        ("61290000123456700014", "fedex", "FedEx Ground Economy"),
    ],
)
def test_a_number_is_known_by_its_form(number: str, carrier: str, form: str) -> None:
    found = candidates(number)[0]

    assert (found.carrier, found.format) == (carrier, form)
    assert not found.url or found.number in found.url


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("1Z1111111111111111", "UPS"),
        ("1Z5R89390357567128", "UPS"),
        ("K1506235622", "UPS waybill"),
        ("RB123456786US", "UPU S10"),
        ("RB123456785XX", "UPU S10"),
        ("7035114477138471", "Canada Post, 16 digits"),
        ("008182709980000020033350276A", "DPD, 28 characters"),
        ("09980000020033D", "DPD, 14 digits and a check character"),
        ("C10000000000000", "OnTrac C"),
        ("D10011345983012", "OnTrac D"),
    ],
)
def test_a_wrong_check_digit_is_refused_for_its_form(number: str, form: str) -> None:
    assert form not in forms(number)


@pytest.mark.parametrize(
    "number",
    [
        "1Z5R89390357567127",
        "K1506235620",
        "7035114477138472",
        "008182709980000020033350276C",
        "09980000020034D",
        "C11031500001879",
        "D10011354453707",
    ],
)
def test_of_all_check_characters_only_the_right_one_is_taken(number: str) -> None:
    (form,) = [form for form in CHECKED if form.name == candidates(number)[0].format]

    assert [char for char in ALPHABET if form.name in forms(number[:-1] + char)] == [number[-1]]


def test_the_carriers_of_all_forms_are_in_the_directory() -> None:
    told = {form.carrier for form in DATA.formats if form.carrier} | set(DATA.posts.values())

    assert told - set(directory.CARRIERS) == set()


def test_only_a_sure_form_names_a_carrier() -> None:
    assert likeliest("1Z5R89390357567127") == "ups"
    assert likeliest("RB123456785CV") == ""
    assert likeliest("12345678901234") == ""
    assert likeliest("") == ""


@given(st.text(max_size=120))
def test_any_text_is_looked_at_calmly(text: str) -> None:
    assert all(0 < one.confidence <= 100 for one in candidates(text))


def test_an_unknown_algorithm_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no such check"):
        Check("rot13").wants("1")
