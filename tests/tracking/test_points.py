"""Which pick-up points fit a parcel: its country and carrier, the nearest first, however they were added."""

import string

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tracking import points
from tracking.models import PickupPoint

pytestmark = pytest.mark.django_db
CODES = st.text(string.digits[:3], min_size=1, max_size=4)


def said(name: str, postcode: str = "10115", **changes: str) -> dict[str, str]:
    return {"name": name, "street": "1 Way", "postcode": postcode, "city": "Berlin", "country": "DE", "hours": "", "carrier": ""} | changes


def names(*asked: object) -> list[str]:
    return [row.name for row in points.fitting(*asked)]  # type: ignore[arg-type]


def test_only_what_is_on_in_the_country_and_of_the_carrier_fits(ann: Merchant) -> None:
    with in_merchant(ann):
        for told in (said("Any"), said("DHL", carrier="dhl"), said("DPD", carrier="dpd"), said("Wien", country="AT")):
            points.add(told)
        points.switch(points.add(said("Closed")), on=False)

        assert sorted(names("DE", "10115", {"dhl"})) == ["Any", "DHL"]
        assert sorted(names("DE", "10115", set())) == ["Any", "DHL", "DPD"]
        assert names("", "10115", set()) == []


def test_points_of_another_shop_fit_nobody_here(ann: Merchant, bob: Merchant) -> None:
    with in_merchant(bob):
        points.add(said("Bob’s"))

    with in_merchant(ann):
        assert names("DE", "10115", set()) == []


def test_signs_and_case_of_a_postcode_count_for_nothing(ann: Merchant) -> None:
    with in_merchant(ann):
        points.add(said("Far", "SW9 9AA", country="GB"))
        points.add(said("Near", "SW1A 1AA", country="GB"))

        assert names("GB", "sw1a-2zz", set()) == ["Near", "Far"]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(codes=st.lists(CODES, max_size=14), here=CODES)
def test_none_that_was_left_out_is_nearer_than_one_that_was_offered(ann: Merchant, codes: list[str], here: str) -> None:
    with in_merchant(ann):
        PickupPoint.objects.all().delete()
        rows = [PickupPoint(**said(str(n), code), near=points.near(code)) for n, code in enumerate(codes)]
        PickupPoint.objects.bulk_create(rows)
        with CaptureQueriesContext(connection) as asked:
            found = [points.shared(here, row.near) for row in points.fitting("DE", here, {"dhl"})]

    assert found == sorted((points.shared(here, code) for code in codes), reverse=True)[: points.MOST]
    assert len(asked) == 2
