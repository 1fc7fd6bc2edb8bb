"""What an order is worth beside others of its shop, whatever currency it was paid in."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk import revalue, tasks
from desk.models import Case, UsualOrder
from desk.review import review
from desk.worth import Money, _counted, usual, worth
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tracking.models import Shipment

USUAL = UsualOrder(currency="EUR", medians={"EUR": 5000, "JPY": 800, "USD": 5500})


def test_what_the_shop_says_holds_and_what_it_does_not_say_is_ranked_in_its_own_currency() -> None:
    found = [
        worth(Money(12_000, "EUR", "EUR", None), USUAL),
        worth(Money(13_000, "USD", "EUR", 11_700), USUAL),
        worth(Money(11_000, "USD", "EUR", None), USUAL),  # twice a usual one
        worth(Money(400, "JPY", "JPY", None), USUAL),  # half of one
        worth(Money(9_000, "EUR", "JPY", 1_400_000), USUAL),  # kept in another currency's books for once
        worth(Money(77, "CHF", "CHF", None), USUAL),
    ]

    assert found == [12_000, 11_700, 10_000, 2_500, 9_000, 5_000]


@settings(max_examples=30)
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=5), st.integers(1, 10**9), st.integers(1, 10**9))
def test_in_one_currency_the_dearer_order_never_comes_behind(amounts: list[int], one: int, other: int) -> None:
    currency, medians = _counted([Money(5000, "EUR", "EUR", None)] * (len(amounts) + 1) + [Money(at, "JPY", "JPY", None) for at in amounts])
    beside = UsualOrder(currency=currency, medians=medians)

    low, high = sorted((one, other))

    assert currency == "EUR"
    assert worth(Money(low, "JPY", "JPY", None), beside) <= worth(Money(high, "JPY", "JPY", None), beside)


def test_a_foreign_order_stands_among_the_others_by_its_rank(in_shop: Merchant, now: clock.Hands) -> None:
    Order.objects.filter(currency="EUR").update(total=5000, shop_currency="EUR")
    Order.objects.filter(number="#852").update(currency="KWD", shop_currency="KWD", total=30_000, shop_totals=None)
    UsualOrder.objects.all().delete()
    parcel = Shipment.objects.get(order__number="#852")

    review([parcel.pk])
    assert Case.objects.get(shipment=parcel).worth == -5000, "the only one of its currency is a usual one"

    Order.objects.filter(number="#1043").update(currency="KWD", shop_currency="KWD", total=10_000)
    assert usual().medians["KWD"] == 30_000, "known for a day"
    now.advance(timedelta(days=1))
    review([parcel.pk])
    assert Case.objects.get(shipment=parcel).worth == -15_000, "three times the usual one"


def test_cases_are_valued_anew_in_portions_when_what_is_usual_changes(
    shop: Merchant, now: clock.Hands, settled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revalue, "PORTION", 1)
    with in_merchant(shop):
        foreign = {"currency": "KWD", "shop_currency": "KWD", "shop_totals": None}
        Order.objects.filter(number__in=("#852", "#1043")).update(total=30_000, **foreign)
        Order.objects.exclude(currency="KWD").update(total=5000)
        UsualOrder.objects.all().delete()
        waits = Case.objects.filter(shipment__order__currency="KWD", state="open")
        review([*waits.values_list("shipment", flat=True)])
        assert set(waits.values_list("worth", flat=True)) == {-5000}
        others = list(Case.objects.exclude(pk__in=waits).order_by("pk").values_list("pk", "worth"))

        Order.objects.filter(number="#852").update(total=10_000)
        now.advance(timedelta(days=1))
        usual()
    with settled():
        tasks.find_changed()

    with in_merchant(shop):
        assert {case.shipment.order.number: case.worth for case in waits} == {"#852": -5000, "#1043": -15_000}  # type: ignore[union-attr]
        assert UsualOrder.objects.get().revalue_after is None
        assert list(Case.objects.exclude(pk__in=waits).order_by("pk").values_list("pk", "worth")) == others


def test_what_the_shop_says_in_its_own_currency_is_taken(in_shop: Merchant) -> None:
    Order.objects.filter(number="#852").update(currency="KWD", shop_currency="EUR", total=30_000, shop_totals={"total": 8_800})
    parcel = Shipment.objects.get(order__number="#852")

    review([parcel.pk])

    assert Case.objects.get(shipment=parcel).worth == -8_800
