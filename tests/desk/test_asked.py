"""How many orders were asked for, and who was told of a delay before they asked."""

from datetime import timedelta

from desk.asked import note_asked, note_late, since
from desk.models import Asked
from notifications import direct
from notifications.models import Message
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant


def test_a_delay_told_before_the_first_question_counts_and_one_after_it_does_not(in_shop: Merchant, now: clock.Hands) -> None:
    Asked.objects.all().delete()
    told, late, quiet, only_asked = Order.objects.order_by("placed_at")[:4]
    note_late({told.pk, late.pk, quiet.pk})
    Message.objects.filter(template="delayed").delete()
    for order, hours in ((told, 1), (late, 3)):
        message = direct.write("delayed", order)
        Message.objects.filter(pk=message.pk).update(state="sent", sent_at=now.at + timedelta(hours=hours))
    now.advance(timedelta(hours=2))
    note_asked([told.pk, late.pk, only_asked.pk, late.pk])
    note_asked([late.pk])

    found = since(now.at - timedelta(days=1))

    assert (found.late, found.told_first, found.asked_first) == (3, 1, 1)
    assert (found.asking_orders, found.times) == (3, 5)
    assert since(now.at).late == 0


def test_what_was_late_once_stays_so_and_is_counted_once(in_shop: Merchant, now: clock.Hands) -> None:
    Asked.objects.all().delete()
    order = Order.objects.all()[0]
    for _ in range(2):
        note_late({order.pk})
        now.advance(timedelta(hours=1))

    assert list(Asked.objects.values_list("late_at", "times")) == [(now.at - timedelta(hours=2), 0)]
