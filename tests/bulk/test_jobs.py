"""Acts on many rows: each row once, what is refused with its reason, whatever is clicked twice or dies in between."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bulk import ask, tasks, work
from bulk.models import Job, Refusal
from notifications.models import Message, State
from orders.models import Order
from postpurchase.lib import clock, faults
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.conftest import past
from tests.dashboard.shop import NOW
from tests.kept import kept
from tests.transfers.test_resume import Killed, die_at
from tracking.models import Shipment
from transfers.models import Standing

pytestmark = pytest.mark.django_db
ONCE = "once-0123456789-0123456789"


@pytest.fixture
def shop(db: None) -> Iterator[Merchant]:
    with clock.frozen(NOW):
        yield kept("shop", past)


def begun(shop: Merchant, subject: str, act: str, query: str = "", once: str = ONCE) -> Job:
    with in_merchant(shop):
        return ask.begin(subject, act, query, by="olga", once=once)


def ended(shop: Merchant, job: Job) -> Job:
    while work.slice_of(shop.pk, job.pk):
        pass
    with in_merchant(shop):
        return Job.objects.get(pk=job.pk)


def links(shop: Merchant) -> int:
    with in_merchant(shop):
        return Message.objects.filter(template="tracking_link").count()


def test_every_row_is_done_or_refused_with_its_reason(shop: Merchant) -> None:
    job = ended(shop, begun(shop, "orders", "tracking_link"))

    assert (job.state, job.total, job.done, job.refused) == (Standing.DONE, 11, 10, 1)
    assert links(shop) == 10
    with in_merchant(shop):
        assert list(Refusal.objects.values_list("name", "reason")) == [("#1100", "The order is cancelled.")]


def test_a_filter_and_picked_rows_bound_the_act(shop: Merchant) -> None:
    with in_merchant(shop):
        order = to_public("ord", Order.objects.get(number="#1043").pk)

    picked = ended(shop, begun(shop, "orders", "tracking_link", f"ids={order}"))
    view = ended(shop, begun(shop, "orders", "tracking_link", "view=delivered", "another-once-0123456789"))

    assert [(job.total, job.done) for job in (picked, view)] == [(1, 1), (1, 1)]


def test_two_clicks_are_one_job(shop: Merchant) -> None:
    first, second = begun(shop, "orders", "tracking_link"), begun(shop, "orders", "tracking_link")

    assert first.pk == second.pk
    ended(shop, first)
    assert begun(shop, "orders", "tracking_link").state == Standing.DONE
    assert links(shop) == 10


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_killed_job_goes_on_and_does_nothing_twice(shop: Merchant, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(work, "BATCH", 4)
    job = begun(shop, "orders", "tracking_link")
    die_at("bulk.batch", at)
    with pytest.raises(Killed):
        work.slice_of(shop.pk, job.pk)
    faults.arm(None)
    with in_merchant(shop):
        Job.objects.update(lease_until=clock.machine_now() - timedelta(seconds=1))

    done = ended(shop, job)

    assert (done.state, done.done, done.refused, links(shop)) == (Standing.DONE, 10, 1, 10)


def test_a_stopped_job_goes_no_further(shop: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "BATCH", 4)
    job = begun(shop, "orders", "tracking_link")
    work.slice_of(shop.pk, job.pk, seconds=0)

    with in_merchant(shop):
        ask.stop(Job.objects.get(pk=job.pk))
    over = ended(shop, job)

    assert (over.state, over.done + over.refused) == (Standing.CANCELLED, 4)
    with in_merchant(shop), pytest.raises(IllegalMove):
        ask.stop(over)


def test_doubts_are_settled_together_as_they_are_one_by_one(shop: Merchant) -> None:
    job = ended(shop, begun(shop, "messages", "arrived", "view=doubt"))

    assert (job.total, job.done) == (1, 1)
    with in_merchant(shop):
        assert not Message.objects.filter(state=State.UNKNOWN).exists()
        assert Message.objects.filter(state=State.SENT, reason="confirmed_by_hand").count() == 1


def test_what_cannot_be_sent_again_is_left_and_said(shop: Merchant) -> None:
    with in_merchant(shop):
        before = Message.objects.filter(state=State.SENT).count()

    job = ended(shop, begun(shop, "messages", "again", "state=sent"))

    assert (job.done, job.refused) == (0, before)
    with in_merchant(shop):
        assert set(Refusal.objects.values_list("reason", flat=True)) == {"This message has been sent and is not in doubt."}
        assert Message.objects.filter(state=State.SENT).count() == before


def test_planned_messages_of_orders_are_held_and_released(shop: Merchant) -> None:
    with in_merchant(shop):
        planned = list(Message.objects.filter(state=State.DUE).values_list("pk", "due_at").order_by("pk"))
    assert planned

    held = ended(shop, begun(shop, "orders", "hold"))
    with in_merchant(shop):
        assert Message.objects.filter(state=State.HELD).count() == len(planned)
        assert not Message.objects.filter(state=State.DUE).exists()
        assert set(held.refusals.values_list("reason", flat=True)) == {"Nothing is planned."}
    ended(shop, begun(shop, "orders", "release", once="another-once-0123456789"))

    with in_merchant(shop):
        assert list(Message.objects.filter(state=State.DUE).values_list("pk", "due_at").order_by("pk")) == planned


def test_parcels_without_an_order_are_refused_and_others_write_once_an_order(shop: Merchant) -> None:
    with in_merchant(shop):
        Shipment.objects.filter(carrier="postnord").update(order=None)
        parcels, orders = Shipment.objects.count(), Shipment.objects.exclude(order=None).values("order").distinct().count()

    job = ended(shop, begun(shop, "shipments", "tracking_link"))

    assert (job.done, job.refused) == (parcels - 1, 1)
    assert links(shop) == orders
    with in_merchant(shop):
        assert Refusal.objects.get().reason == "The parcel belongs to no order that we know."


@pytest.mark.parametrize(
    ("subject", "act", "query"), [("orders", "nonsense", ""), ("customers", "hold", ""), ("orders", "hold", "view=none")]
)
def test_what_makes_no_sense_begins_nothing(shop: Merchant, subject: str, act: str, query: str) -> None:
    with pytest.raises(IllegalMove):
        begun(shop, subject, act, query)

    with in_merchant(shop):
        assert Job.objects.count() == 0


def test_three_at_once_are_enough_and_old_ones_are_forgotten(shop: Merchant) -> None:
    for n in range(ask.AT_ONCE):
        begun(shop, "orders", "hold", once=f"{n}-{ONCE}")

    with pytest.raises(IllegalMove):
        begun(shop, "orders", "hold")

    with in_merchant(shop):
        Job.objects.update(state=Standing.DONE)
    with clock.frozen(NOW + tasks.KEPT + timedelta(days=1)):
        tasks.forget_old()
    with in_merchant(shop):
        assert Job.objects.count() == 0
