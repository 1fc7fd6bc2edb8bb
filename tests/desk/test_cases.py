"""Cases follow their parcels: opened, sorted, opened again by something new, over by themselves. What people do about them is done once."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk import answers
from desk.models import NO_DAY, Case, State, Step
from desk.review import _follow, review, uncased, wake
from desk.tasks import open_missing
from notifications.models import Message
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Membership, Merchant, User
from tracking.models import Shipment

ONCE = "once-0123456789-0123456789"


def test_each_parcel_in_trouble_has_one_case_with_its_day_and_worth(in_shop: Merchant) -> None:
    wanted = {parcel.pk for parcel in Shipment.objects.all() if parcel.health or parcel.status == "exception"}

    assert wanted
    assert {case.shipment_id for case in Case.objects.filter(state=State.OPEN)} == wanted
    late = Case.objects.select_related("shipment__order").get(shipment__first_estimate_on__isnull=False, state=State.OPEN)
    assert (late.due_on, late.worth) == (late.shipment.first_estimate_on, -late.shipment.order.total)  # type: ignore[union-attr]


def test_parcels_from_before_there_were_cases_get_theirs(in_shop: Merchant) -> None:
    count = Case.objects.count()
    Case.objects.all().delete()

    open_missing(in_shop.pk)

    assert (Case.objects.count(), uncased().count()) == (count, 0)


def test_a_case_is_over_when_the_trouble_is_and_opens_again_with_the_next(stalled: Case) -> None:
    parcel = Shipment.objects.get(pk=stalled.shipment_id)
    for health, state in (([], State.OVER), (["stalled"], State.OPEN)):
        Shipment.objects.filter(pk=parcel.pk).update(health=health)
        review([parcel.pk])
        stalled.refresh_from_db()
        assert (stalled.kinds, stalled.state) == (health, state)


def test_what_is_done_comes_back_only_with_something_else(stalled: Case, somebody: User) -> None:
    answers.finish(stalled, "Called them.", by=somebody, once=ONCE)
    review([stalled.shipment_id])
    stalled.refresh_from_db()
    assert stalled.state == State.DONE

    Shipment.objects.filter(pk=stalled.shipment_id).update(health=[*stalled.kinds, "repeated_attempts"])
    review([stalled.shipment_id])

    stalled.refresh_from_db()
    assert (stalled.state, stalled.answered) == (State.OPEN, [])


def test_what_is_put_off_wakes_at_its_time(stalled: Case, somebody: User, now: clock.Hands) -> None:
    until = now.at + timedelta(days=2)
    answers.snooze(stalled, until, by=somebody, once=ONCE)

    assert (wake(until - timedelta(seconds=1)), wake(until)) == (0, 1)
    stalled.refresh_from_db()
    assert (stalled.state, stalled.until) == (State.OPEN, None)


def test_nothing_is_put_off_into_the_past(stalled: Case, somebody: User, now: clock.Hands) -> None:
    with pytest.raises(IllegalMove, match="still to come"):
        answers.snooze(stalled, now.at, by=somebody, once=ONCE)

    assert not Step.objects.exists()


def test_a_second_click_does_nothing(stalled: Case, somebody: User) -> None:
    first = answers.tell(stalled, "delayed", by=somebody, once=ONCE)
    again = answers.tell(stalled, "delayed", by=somebody, once=ONCE)
    asked = [answers.ask_carrier(stalled, "Where is it?", by=somebody, once=f"{ONCE}-{n}") for n in (1, 1)]
    done = [answers.finish(stalled, "", by=somebody, once=f"{ONCE}-d") for _ in range(2)]

    assert (first is not None, again, asked, done) == (True, None, [True, False], [True, False])
    assert Message.objects.filter(dedupe_key__contains=str(stalled.pk)).count() == 1
    assert list(Step.objects.order_by("at", "pk").values_list("act", flat=True)) == ["told", "asked", "done"]


def test_only_what_fits_the_trouble_is_written_and_only_to_who_can_be(stalled: Case, somebody: User) -> None:
    assert answers.options(stalled) == ["delayed", "tracking_link"]
    with pytest.raises(IllegalMove, match="does not fit"):
        answers.tell(stalled, "collect_last", by=somebody, once=ONCE)
    stalled.shipment.order.email = ""  # type: ignore[union-attr]
    with pytest.raises(IllegalMove, match="no email"):
        answers.tell(stalled, "delayed", by=somebody, once=ONCE)

    assert not Step.objects.exists()


def test_a_case_is_somebodys_and_nobodys_again_when_they_leave(stalled: Case, somebody: User) -> None:
    member = Membership.objects.create(user=somebody, role="agent")

    assert [answers.assign(stalled, member, by=somebody, once=f"{ONCE}{n}") for n in (1, 2)] == [True, False]
    member.delete()

    stalled.refresh_from_db()
    assert stalled.assignee is None


KINDS = st.lists(st.sampled_from(["late_vs_edd", "stalled", "conflict", "exception"]), unique=True).map(sorted)


@settings(max_examples=30)
@given(st.lists(st.tuples(KINDS, st.sampled_from(["", "done", "snoozed"])), max_size=8))
def test_a_case_waits_exactly_while_something_is_wrong_that_nobody_has_seen_to(told: list[tuple[list[str], str]]) -> None:
    case, seen = Case(kinds=["stalled"], due_on=date(2026, 3, 2)), set[str]()
    at = clock.business_now()
    for kinds, act in told:
        _follow(case, kinds, {"due_on": NO_DAY, "worth": 0}, at)
        seen &= set() if set(kinds) - seen else seen
        seen = seen if kinds else set()
        assert (case.state == State.OPEN) == bool(set(kinds) - seen), (kinds, seen)
        if act and kinds:
            case.state, case.answered, seen = act, kinds, set(kinds)
