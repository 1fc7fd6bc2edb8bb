"""The fold over scans: where a parcel is, whatever the order in which its scans came in."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.models import Status
from tracking.status import Seen, derive

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def seen(hours: float, status: str, *, substatus: str = "", zone_known: bool = True, signed_by: str = "") -> Seen:
    key = f"{hours} {status} {substatus} {zone_known} {signed_by}"
    at = START + timedelta(hours=hours)
    return Seen(at, status, hashlib.sha256(key.encode()).digest(), substatus=substatus, zone_known=zone_known, signed_by=signed_by)


def hour(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def test_a_parcel_without_scans_is_pending() -> None:
    assert derive([]).status == Status.PENDING


def test_the_usual_way_tells_every_time() -> None:
    scans = [
        seen(0, "info_received"),
        seen(10, "in_transit", substatus="accepted"),
        seen(30, "out_for_delivery"),
        seen(34, "delivered", signed_by="Kim"),
    ]

    got = derive(scans)

    assert (got.status, got.status_at, got.first_scan_at, got.last_scan_at) == ("delivered", hour(34), hour(10), hour(34))
    assert (got.out_at, got.delivered_at, got.signed_by, got.conflict) == (hour(30), hour(34), "Kim", False)


def test_a_late_scan_does_not_take_a_delivery_back() -> None:
    assert derive([seen(34, "delivered"), seen(30, "out_for_delivery")]).status == "delivered"


def test_label_data_after_the_first_hub_moves_nothing() -> None:
    got = derive([seen(1, "in_transit"), seen(2, "info_received")])

    assert (got.status, got.first_scan_at, got.last_scan_at) == ("in_transit", hour(1), hour(2))


def test_a_scan_at_the_very_time_of_delivery_does_not_undo_it() -> None:
    assert derive([seen(5, "delivered"), seen(5, "returning"), seen(5, "out_for_delivery"), seen(5, "returned")]).status == "delivered"


def test_a_delivered_parcel_may_come_back() -> None:
    got = derive([seen(5, "delivered"), seen(80, "returning")])

    assert (got.status, got.delivered_at) == ("returning", None)


@pytest.mark.parametrize(
    ("after", "status", "conflict"), [(1, "out_for_delivery", False), (47, "out_for_delivery", False), (49, "delivered", True)]
)
def test_out_for_delivery_revokes_a_delivery_for_two_days(after: float, status: str, conflict: bool) -> None:
    got = derive([seen(5, "delivered"), seen(5 + after, "out_for_delivery")])

    assert (got.status, got.conflict) == (status, conflict)


def test_a_hub_scan_after_the_delivery_is_a_conflict_and_changes_nothing() -> None:
    got = derive([seen(5, "delivered"), seen(6, "in_transit")])

    assert (got.status, got.conflict) == ("delivered", True)


def test_anything_revives_an_expired_parcel() -> None:
    assert derive([seen(1, "in_transit"), seen(900, "expired"), seen(901, "in_transit")]).status == "in_transit"


def test_a_parcel_on_its_way_back_passes_hubs_and_stays_on_its_way_back() -> None:
    assert derive([seen(1, "returning"), seen(9, "in_transit"), seen(12, "out_for_delivery")]).status == "returning"


def test_an_unmapped_scan_moves_only_the_time_of_the_last_scan() -> None:
    got = derive([seen(1, "in_transit"), seen(2, "")])

    assert (got.status, got.last_scan_at) == ("in_transit", hour(2))


def test_a_clock_without_a_zone_cannot_revoke_a_delivery_by_a_few_hours() -> None:
    close = derive([seen(5, "delivered"), seen(9, "out_for_delivery", zone_known=False)])
    clear = derive([seen(5, "delivered"), seen(25, "out_for_delivery", zone_known=False)])

    assert (close.status, close.conflict, clear.status) == ("delivered", False, "out_for_delivery")


def test_failed_attempts_are_counted_once_each() -> None:
    scans = [seen(1, "attempt_failed"), seen(1.1, "attempt_failed", substatus="absent"), seen(25, "attempt_failed")]

    assert derive(scans).attempts == 2


def test_a_parcel_that_the_shop_took_back_is_cancelled_unless_it_had_arrived() -> None:
    assert derive([seen(0, "info_received")], cancelled_at=hour(3)).status == "cancelled"
    assert derive([seen(2, "delivered")], cancelled_at=hour(3)).status == "delivered"
    assert derive([seen(9, "in_transit")], cancelled_at=hour(3)).conflict is True


SCANS = st.lists(
    st.builds(
        seen,
        st.integers(0, 60),
        st.sampled_from([*Status.values, "", "not_ours"]),
        substatus=st.sampled_from(["", "signed", "accepted"]),
        zone_known=st.booleans(),
        signed_by=st.sampled_from(["", "Kim"]),
    ),
    max_size=12,
)


@given(SCANS, st.data())
def test_any_order_and_any_repeats_end_the_same(scans: list[Seen], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(scans + data.draw(st.lists(st.sampled_from(scans), max_size=6)) if scans else scans))

    assert derive(shuffled) == derive(scans)


@given(SCANS, st.integers(0, 60))
def test_scans_from_before_a_delivery_never_take_it_back(scans: list[Seen], at: int) -> None:
    before = [scan for scan in scans if scan.occurred_at < hour(at) and scan.status not in ("returned", "cancelled", "lost_or_destroyed")]

    assert derive([seen(at, "delivered"), *before]).status == "delivered"
