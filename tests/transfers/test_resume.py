"""A worker that dies, oversleeps or is told to stop."""

from datetime import timedelta

import pytest
from django.db import connection

from orders.models import Line, Order
from postpurchase.events.models import DomainEvent
from postpurchase.jobs import eager
from postpurchase.lib import clock, faults
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.transfers.files import HEADERS, csv_of, fresh, in_shop, row, start, work_off
from transfers import forget, lease
from transfers.importing import splitting, tasks, upload, work
from transfers.models import Export, Import, RowError, Segment, Stage, StoredFile

pytestmark = pytest.mark.django_db
COUNT = 60


class Killed(BaseException):
    """As SIGKILL: nothing in the code may catch it."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PART", 400)


def body() -> bytes:
    rows = [row(f"#{n}", item) for n in range(COUNT) for item in ("Shirt", "Socks")]
    return csv_of([HEADERS, *rows, row("#bad", at="never")])


def die_at(point: str, times: int) -> None:
    left = [times]

    def strike(reached: str) -> None:
        if reached == point:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    faults.arm(strike)


def lapse(shop: Merchant, source: Import) -> None:
    with in_merchant(shop):
        Import.objects.filter(pk=source.pk).update(lease_until=clock.machine_now() - timedelta(seconds=1))


@pytest.mark.parametrize(("point", "times"), [("import.part", 1), ("import.part", 4), ("import.between", 3)])
def test_a_kill_in_the_middle_loses_nothing_and_doubles_nothing(ann: Merchant, point: str, times: int) -> None:
    source = start(ann, body())
    die_at(point, times)
    with pytest.raises(Killed):
        work_off(ann, source)
    faults.arm(None)
    half = in_shop(ann, Order.objects.count)
    assert half < COUNT
    assert not work.slice_of(ann.pk, source.pk, lambda: None), "the lease of the dead worker still holds"
    lapse(ann, source)

    done = work_off(ann, source)

    assert (done.state, done.counts, done.errors) == (Stage.DONE, {"created": COUNT, "refused": 1}, 1)
    assert (in_shop(ann, Order.objects.count), in_shop(ann, Line.objects.count)) == (COUNT, 2 * COUNT)
    assert in_shop(ann, DomainEvent.objects.filter(kind="order.placed").count) == COUNT
    assert in_shop(ann, RowError.objects.count) == 1
    assert in_shop(ann, Segment.objects.count) == 0


def test_a_kill_while_the_file_is_split_begins_the_split_again(ann: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "HELD", 2000)
    from_file = upload.begin
    with in_merchant(ann):
        source = from_file("orders", "orders.csv", [body()], by="olga")
        upload.confirm(source, source.mapping, upload.stored_layout(source))
    die_at("import.split", 3)
    with pytest.raises(Killed):
        work_off(ann, source)
    faults.arm(None)
    lapse(ann, source)

    done = work_off(ann, source)

    assert (done.state, done.rows, done.counts) == (Stage.CHECKED, 2 * COUNT + 1, {"new": COUNT, "refused": 1})


def test_a_worker_that_overslept_writes_nothing(ann: Merchant) -> None:
    source = start(ann, body())
    with in_merchant(ann):
        slow = lease.claim(Import, source.pk, (Stage.RUNNING,))
    assert slow is not None
    lapse(ann, source)
    with in_merchant(ann):
        assert lease.claim(Import, source.pk, (Stage.RUNNING,)) is not None

    with pytest.raises(lease.Fenced):
        work.step(ann.pk, slow, lambda: None)
    assert in_shop(ann, Order.objects.count) == 0


def test_a_cancelled_import_stops_and_keeps_what_it_took(ann: Merchant) -> None:
    source = start(ann, body())
    with in_merchant(ann):
        mine = lease.claim(Import, source.pk, (Stage.RUNNING,))
    assert mine is not None
    assert work.step(ann.pk, mine, lambda: None)
    taken = in_shop(ann, Order.objects.count)
    with in_merchant(ann):
        upload.cancel(source)

    with pytest.raises(lease.Fenced):
        work.step(ann.pk, mine, lambda: None)
    assert in_shop(ann, Order.objects.count) == taken
    assert fresh(ann, source).state == Stage.CANCELLED
    with in_merchant(ann), pytest.raises(IllegalMove):
        upload.run(fresh(ann, source))


def test_what_nobody_foresaw_is_tried_again_and_then_said(ann: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    source = start(ann, body())
    monkeypatch.setattr(work.taking, "record_part", lambda *given: 1 / 0)

    for _ in range(lease.GIVE_UP):
        lapse(ann, source)
        assert not work.slice_of(ann.pk, source.pk, lambda: None)

    failed = fresh(ann, source)
    assert (failed.state, failed.problem) == (Stage.FAILED, work.OURS)
    assert in_shop(ann, Order.objects.count) == 0


def test_the_sweep_finds_what_a_dead_worker_left(ann: Merchant, django_capture_on_commit_callbacks: object) -> None:
    source = start(ann, body())
    with eager.collected() as waiting, django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tasks.resume()

    assert [args for _, args in waiting] == [[str(ann.pk), str(source.pk)]]


def test_the_tables_are_counted_early(ann: Merchant) -> None:
    source, calls = start(ann, body()), []
    while work.slice_of(ann.pk, source.pk, lambda: calls.append(1)):
        pass

    assert len(calls) >= 2
    tasks.analyze()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'orders_order'")
        assert cursor.fetchone()[0] == COUNT


def test_files_and_their_rows_go_after_a_week_and_what_became_of_them_stays(ann: Merchant) -> None:
    source = work_off(ann, start(ann, body()))

    with in_merchant(ann):
        forget.old(clock.business_now() + timedelta(days=6))
        assert StoredFile.objects.count() == 1
        forget.old(clock.business_now() + timedelta(days=8))
        assert (StoredFile.objects.count(), RowError.objects.count(), Export.objects.count()) == (0, 0, 0)
    assert fresh(ann, source).counts == {"created": COUNT, "refused": 1}
