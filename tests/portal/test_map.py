"""The map of the journey and the score line, where the shop's page has them."""

from datetime import date, timedelta
from xml.etree import ElementTree

from django.template.loader import render_to_string

from brands.page import arranging, keeping
from brands.page.content import fresh
from orders.models import Order
from portal import journey_map
from portal.atlas import geography
from postpurchase.tenancy.models import Merchant
from tests.portal.acts import NOW, page_of, place, scan, ship
from tracking.models import PromiseWeek


def placed(kind: str) -> Order:
    """An order at a shop whose page has that section."""
    row = keeping.locked()
    keeping.keep(row, arranging.added(fresh("en"), fresh("en").variants[0], kind)[0])
    keeping.publish(row)
    made = place()
    ship(made)
    return made


def test_the_way_is_drawn_through_the_towns_that_are_known(shop: Merchant) -> None:
    order = placed("map")
    for hours, (city, country) in enumerate([("LEIPZIG", "DE"), ("Nowhere at all", "DE"), ("Malmö", "SE"), ("Göteborg", "SE")]):
        scan(city=city, country=country, at=NOW - timedelta(hours=3 + hours))

    drawn = page_of(order).map

    assert drawn
    assert (drawn.label, [stop.last for stop in drawn.stops]) == ("Seen in: Göteborg, Malmö, LEIPZIG", [False, False, True])
    assert all(0 <= stop.x <= journey_map.WIDE and 0 <= stop.y <= journey_map.HIGH for stop in drawn.stops)
    assert drawn.stops[0].y < drawn.stops[1].y < drawn.stops[2].y  # from north to south
    picture = render_to_string("portal/_map.html", {"map": drawn})
    assert len(picture) < 20_000
    assert len(list(ElementTree.fromstring(picture))) == 6  # what we drew ourselves


def test_one_town_alone_makes_no_map(shop: Merchant) -> None:
    order = placed("map")
    scan(city="Leipzig")
    scan(city="Nowhere at all", at=NOW)

    assert page_of(order).map is None


def test_towns_are_known_by_the_names_that_carriers_write() -> None:
    found = [geography.place(name, "DE") for name in ("Köln", "KOLN", "Köln (Hub)", "Leipzig, Sachsen")]

    assert found[0] == found[1] == found[2]
    assert found[3] == (124, 513)
    assert geography.place("Leipzig", "FR") is None


def test_the_score_stands_there_once_chance_does_not_decide_it(shop: Merchant) -> None:
    order = placed("score")
    PromiseWeek.objects.create(week=date(2026, 2, 23), carrier="dhl", promised=29, on_time=29)
    before = page_of(order).score
    PromiseWeek.objects.create(week=date(2026, 2, 16), carrier="dhl", promised=11, on_time=10)

    assert before == ""
    assert page_of(order).score == "On time: 9 of 10 parcels in the last three months."
