from hypothesis import given
from hypothesis import strategies as st

from postpurchase.ui.colour import DARK_CARD, contrast, email_palette, ink_on, readable

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_of_black_and_white_is_21() -> None:
    assert round(contrast("#000", "#ffffff"), 3) == 21


@given(colours)
def test_the_ink_on_any_colour_reads(ground: str) -> None:
    assert contrast(ink_on(ground), ground) >= 4.5


@given(colours, st.sampled_from(["#ffffff", "#faf9f6", DARK_CARD, "#171513"]))
def test_any_colour_becomes_readable_text(colour: str, ground: str) -> None:
    assert contrast(readable(colour, on=ground), ground) >= 4.5


def test_a_readable_colour_is_left_alone() -> None:
    assert readable("#1f6b50", on="#ffffff") == "#1f6b50"


@given(colours)
def test_an_email_in_any_brand_colour_reads_in_light_and_dark(accent: str) -> None:
    palette = email_palette(accent)

    assert contrast(palette["ink"], palette["accent"]) >= 4.5
    assert contrast(palette["link"], palette["surface"]) >= 4.5
    assert contrast(palette["link_dark"], DARK_CARD) >= 4.5
    assert contrast(palette["accent_dark"], DARK_CARD) >= 3
    assert contrast(palette["ink_dark"], palette["accent_dark"]) >= 4.5
