"""The page put together from its parts is the page that the template draws."""

import pytest
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from portal import drawing
from portal.looks import look_of
from postpurchase.tenancy.models import Brand, Merchant
from tests.portal.acts import SHIRT, SOCKS, expect, page_of, place, scan, ship


@pytest.mark.parametrize("language", ["en", "de", "ja"])
@pytest.mark.parametrize("number", ["#1187", "<b>&amp;\"'"])
def test_parts_make_the_whole(language: str, number: str, shop: Merchant) -> None:
    order = place(number=number)
    ship(order, "p-1", lines=[SHIRT])
    ship(order, "p-2", lines=[SOCKS])
    scan(text="<script>alert(1)</script>", city="O'Hare & <Co>")
    expect("p-1", order.placed_at.date())
    page, look = page_of(order), look_of(Brand.objects.get())

    with translation.override(language):
        parts = drawing.draw(look, page).decode()
        whole = get_template("portal/tracking.html").template.render(Context({"brand": look, "page": page}))  # type: ignore[attr-defined]

    assert parts.split() == whole.split()
    assert "<script>alert" not in parts


def test_one_brands_frame_is_not_anothers(shop: Merchant) -> None:
    page = page_of(place())

    ann, bob = (
        drawing.draw(look_of(Brand(name=name, accent=colour)), page).decode() for name, colour in [("Ann", "#111111"), ("Bob", "#222222")]
    )

    assert ("Bob" in ann, "222222" in ann) == (False, False)
    assert ("<bdi>Bob</bdi>" in bob, "/brand/222222-" in bob) == (True, True)
