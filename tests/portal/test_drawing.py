"""The page put together from its parts is the page that the template draws."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from django.template import Context, Template
from django.template.loader import get_template
from django.utils import translation

from orders.models import Order
from portal import drawing
from portal.cards import boxes_of, ways_of
from portal.looks import look_of
from portal.shown import Part
from portal.tongue import choices
from portal.tracking import details_of
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.ui.plates import Unpressable, plate
from tests.portal.acts import SHIRT, ShippedLineData, expect, page_of, place, scan, ship


def _packing() -> Order:
    return place()


def _held_up() -> Order:
    order = place()
    ship(order)
    scan(status="exception", substatus="payment_due")
    return order


def _late() -> Order:
    order = place()
    ship(order)
    scan(text="<script>alert(1)</script>", city="O'Hare & <Co>")
    expect("p-1", order.placed_at.date())
    return order


def _split() -> Order:
    order = place(number="<b>&amp;\"'")
    ship(order, "p-1", lines=[SHIRT])
    ship(order, "p-2", lines=[ShippedLineData("socks", 1)])
    scan("p-1", "delivered")
    scan("p-2", at=None, local_time=datetime(2026, 3, 5, 7, 40), country="US")  # noqa: DTZ001
    scan("p-2", "out_for_delivery")
    return order


@pytest.mark.parametrize("language", ["en", "de", "ja"])
@pytest.mark.parametrize("unlocked", [False, True])
@pytest.mark.parametrize("made", [_packing, _held_up, _late, _split])
def test_the_fast_way_draws_what_the_template_draws(made: Callable[[], Order], unlocked: bool, language: str, shop: Merchant) -> None:
    order = made()
    page, look = page_of(order), look_of(Brand.objects.get())
    if unlocked:
        page = replace(page, unlocked=True, details=details_of(order, list(order.lines.all())))
    apart = [Part("timeline", "timeline"), Part("items", "items", "What you ordered")]
    ways, boxes = ways_of(page.parcels), boxes_of(page.parcels, page.unshipped, "Later")
    page = replace(page, main=[*page.main, *apart], ways=ways, boxes=boxes)

    with translation.override(language):
        parts = drawing.draw(look, page).decode()
        whole = get_template("portal/tracking.html").template.render(Context({"brand": look, "page": page, "tongues": choices()}))  # type: ignore[attr-defined]

    assert "".join(parts.split()) == "".join(whole.split())
    assert "<script>alert" not in parts


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in b reversed %}{% endfor %}",
        "{{ a|default:b }}",
        "{% if a in b %}{% endif %}",
        "{% cycle a b %}",
        "{% for a in b %}{% empty %}x{% endfor %}",
    ],
)
def test_what_has_no_plate_is_refused_and_not_drawn_wrong(source: str) -> None:
    with pytest.raises(Unpressable):
        plate(Template(source).nodelist)


def test_one_brands_frame_is_not_anothers(shop: Merchant) -> None:
    page = page_of(place())

    ann, bob = (
        drawing.draw(look_of(Brand(name=name, accent=colour)), page).decode() for name, colour in [("Ann", "#111111"), ("Bob", "#222222")]
    )

    assert ("Bob" in ann, "222222" in ann) == (False, False)
    assert ("<bdi>Bob</bdi>" in bob, "/brand/222222-" in bob) == (True, True)


@pytest.mark.parametrize(("total", "sums"), [(0, 0), (14160, 1)], ids=["nobody said", "a total alone"])
def test_an_order_without_lines_shows_no_more_than_was_told(total: int, sums: int, shop: Merchant) -> None:
    order = place()
    order.total = total
    page = replace(page_of(order), unlocked=True, details=details_of(order, []))

    drawn = drawing.draw(look_of(Brand.objects.get()), page).decode()

    assert (drawn.count('class="facts sum"'), drawn.count("Total")) == (sums, sums)
    assert "m••••@e••••.com" in drawn


def test_a_number_keeps_its_sign_where_one_reads_from_right_to_left(shop: Merchant) -> None:
    with translation.override("ar"):
        drawn = drawing.draw(look_of(Brand.objects.get()), page_of(place())).decode()
        title = Template("{{ n|isolated }}").render(Context({"n": "#1187"}))

    assert "<bdi>#1187</bdi>" in drawn
    assert title == "\u2068#1187\u2069"
