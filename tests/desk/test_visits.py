"""Looks at orders' pages, by order and day; and contacts within two days of a look."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import visits
from desk.handlers import count_contacts
from desk.models import Contact, Visit
from desk.privacy import forget
from desk.tasks import forget_visits
from desk.visits import AFTER, Looked, Visits, note_contacts, record, since
from orders.models import Order
from postpurchase.events.catalogue import ShopperAsked
from postpurchase.lib import clock
from postpurchase.lib.ids import first_of
from postpurchase.tenancy.models import Merchant
from tracking import wishes
from tracking.wishes import Asked

HOUR = timedelta(hours=1)
hours = st.lists(st.integers(0, 240), max_size=6)


def test_looks_add_up_by_order_and_day(in_shop: Merchant, now: clock.Hands) -> None:
    one, other, test = Order.objects.order_by("placed_at")[:3]
    Order.objects.filter(pk=test.pk).update(test=True)
    for looked in (
        [Looked(one.pk, 2, now.at), Looked(other.pk, 1, now.at), Looked(test.pk, 5, now.at)],
        [Looked(one.pk, 3, now.at + HOUR)],
    ):
        record(looked)
    record([Looked(one.pk, 1, now.at + 24 * HOUR), Looked(in_shop.pk, 7, now.at)])

    rows = Visit.objects.filter(order=one.pk).order_by("day").values_list("times", "first_at", "last_at")
    assert list(rows) == [(5, now.at, now.at + HOUR), (1, now.at + 24 * HOUR, now.at + 24 * HOUR)]
    assert since(now.at) == Visits(times=7, orders=2, contacted=0)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(hours, hours)
def test_a_contact_counts_within_two_days_of_a_look_whatever_else_was_looked_at(
    in_shop: Merchant, now: clock.Hands, looks: list[int], contacts: list[int]
) -> None:
    for model in (Visit, Contact):
        model.objects.all().delete()
    order, begin = Order.objects.order_by("placed_at")[0], now.at.replace(hour=0)
    for hour in looks:
        record([Looked(order.pk, 1, begin + hour * HOUR)])
    note_contacts([(order.pk, "missing", begin + hour * HOUR) for hour in contacts])

    expected = any(0 <= contact - look <= AFTER / HOUR for contact in contacts for look in looks)
    assert since(begin) == Visits(len(looks), bool(looks), expected)


def test_what_shoppers_ask_for_is_a_contact_and_the_link_for_help_is_one_an_hour(in_shop: Merchant, now: clock.Hands) -> None:
    order = Order.objects.order_by("placed_at")[0]
    wish = wishes.ask(order.pk, Asked("missing"))
    count_contacts([ShopperAsked(order_id=order.pk, wish_id=wish.pk, what="missing")])
    for _ in range(2):
        visits.contacted(order.pk)
    now.advance(HOUR)
    visits.contacted(order.pk)

    told = [("link", now.at), ("link", now.at - HOUR), ("missing", now.at - HOUR)]
    assert list(Contact.objects.order_by("what", "-at").values_list("what", "at")) == told


def test_looks_are_forgotten_after_a_while_and_with_the_person(in_shop: Merchant, now: clock.Hands) -> None:
    old, new = Order.objects.order_by("placed_at")[:2]
    for order in (old, new):
        record([Looked(order.pk, 1, now.at)])
        visits.contacted(order.pk)
    long_ago = first_of(clock.machine_now() - timedelta(days=121))
    for model in (Visit, Contact):
        model.objects.filter(order=old.pk).update(id=long_ago)

    forget_visits()
    assert [set(model.objects.values_list("order", flat=True)) for model in (Visit, Contact)] == [{new.pk}, {new.pk}]

    forget([new.pk])
    assert not Visit.objects.exists() and not Contact.objects.exists()
