"""Aggregators are asked over real HTTP: what they know becomes scans, they are told once of what they do not know, errors are errors."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from api.tasks import process_batch
from integrations.carriers import asking
from integrations.connections import keep
from integrations.models import InboundDelivery
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.tracking.conftest import MONDAY
from tests.tracking.polling.test_asking import parcels
from tests.webhooks.receiver import Receiver, Reply
from tracking.models import Poller, Scan, Shipment
from tracking.polling import tasks

ASKED = "/v2/trackers?tracking_code=N1&page_size=20"
TRACKER: dict[str, Any] = {
    "tracking_code": "N1", "carrier": "USPS", "created_at": "2026-03-01T08:00:00Z",
    "tracking_details": [{"datetime": "2026-03-01T09:00:00Z", "status": "in_transit", "status_detail": "arrived_at_facility"}],
}  # fmt: skip
BEFORE = TRACKER | {
    "created_at": "2025-01-01T08:00:00Z", "tracking_details": [{"datetime": "2025-01-03T09:00:00Z", "status": "delivered"}]
}  # fmt: skip
EVENT = {"time_utc": "2026-03-01T09:00:00Z", "stage": "InTransit", "sub_status": "InTransit_PickedUp", "description": "Accepted"}
PROVIDERS = [{"provider": {"key": 21051, "alias": "USPS"}, "events": [EVENT]}]
KNOWN = {"code": 0, "data": {"accepted": [{"number": "N1", "carrier": 21051, "track_info": {"tracking": {"providers": PROVIDERS}}}]}}


def reply(body: Any) -> Reply:
    return 200, {}, json.dumps(body).encode()


def rejected(code: int) -> Reply:
    return reply({"code": 0, "data": {"accepted": [], "rejected": [{"number": "N1", "error": {"code": code, "message": "x"}}]}})


@pytest.fixture
def now() -> Iterator[clock.Hands]:
    with clock.frozen(MONDAY) as hands:
        yield hands


@pytest.fixture
def ask(ann: Merchant, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, settled: Any, now: clock.Hands) -> Callable[..., Poller]:
    """Ask an aggregator of that kind, which answers so (path by path), about N1, and read what it said."""

    def run(kind: str, on: dict[str, int | Reply], *, tokens: float = 30.0) -> Poller:
        monkeypatch.setitem(asking.WAYS, kind, asking.WAYS[kind]._replace(base=receiver.url.removesuffix("/hooks")))
        receiver.on = {path: (lambda told=told: told) for path, told in on.items()}  # type: ignore[misc]
        with in_merchant(ann):
            row, _ = keep.add(kind, label=kind)
            poller = Poller(connection=row, carriers=["usps"], merchant_id=ann.pk, tokens=tokens)
            poller.keep_account({"api_key": "k"})
            poller.save()
        parcels(ann, "N1", carrier="usps")
        with settled():
            tasks.ask_due()
        process_batch(ann.pk)
        with in_merchant(ann):
            poller.refresh_from_db()
        return poller

    return run


def paths(receiver: Receiver) -> list[str]:
    return [heard.path for heard in receiver.heard]


def test_easypost_is_asked_for_the_newest_tracker_of_a_number(ann: Merchant, receiver: Receiver, ask: Callable[..., Poller]) -> None:
    poller = ask("easypost", {ASKED: reply({"trackers": [BEFORE, TRACKER], "has_more": False})})

    with in_merchant(ann):
        assert list(Scan.objects.values_list("code", "status")) == [("in_transit/arrived_at_facility", "in_transit")]
        assert (Shipment.objects.get().polled_at, poller.failures, poller.last_error) == (MONDAY, 0, "")
    assert receiver.heard[0].headers["authorization"] == "Basic azo="


def test_easypost_is_told_of_a_number_that_it_has_nothing_of(ann: Merchant, receiver: Receiver, ask: Callable[..., Poller]) -> None:
    poller = ask("easypost", {ASKED: reply({"trackers": []}), "/v2/trackers": (201, {}, json.dumps(TRACKER).encode())}, tokens=10.0)

    assert (paths(receiver), poller.tokens) == ([ASKED, "/v2/trackers"], 8.0)
    assert json.loads(receiver.heard[1].body) == {"tracker": {"tracking_code": "N1"}}
    with in_merchant(ann):
        assert Scan.objects.count() == 1


def test_a_number_that_easypost_cannot_place_is_no_failure_of_asking(ann: Merchant, receiver: Receiver, ask: Callable[..., Poller]) -> None:
    poller = ask("easypost", {ASKED: reply({"trackers": []}), "/v2/trackers": 422}, tokens=1.0)

    with in_merchant(ann):
        assert (poller.failures, poller.tokens, InboundDelivery.objects.count()) == (0, 0.0, 0)


def test_17track_is_asked_and_its_answer_read_as_its_calls_are(ann: Merchant, receiver: Receiver, ask: Callable[..., Poller]) -> None:
    poller = ask("17track", {"/track/v2.2/gettrackinfo": reply(KNOWN)})

    assert (json.loads(receiver.heard[0].body), receiver.heard[0].headers["17token"]) == ([{"number": "N1"}], "k")
    with in_merchant(ann):
        assert list(Scan.objects.values_list("carrier", "status", "substatus")) == [("usps", "in_transit", "accepted")]
        assert poller.last_good_at == MONDAY


def test_17track_is_told_of_a_number_once_and_tells_of_it_later(ann: Merchant, receiver: Receiver, ask: Callable[..., Poller]) -> None:
    registered = reply({"code": 0, "data": {"accepted": [{"number": "N1", "carrier": 21051}], "rejected": []}})
    poller = ask("17track", {"/track/v2.2/gettrackinfo": rejected(-18019902), "/track/v2.2/register": registered})

    assert paths(receiver) == ["/track/v2.2/gettrackinfo", "/track/v2.2/register"]
    with in_merchant(ann):
        assert (poller.failures, InboundDelivery.objects.count(), Shipment.objects.get().polled_at) == (0, 0, MONDAY)


@pytest.mark.parametrize(
    ("kind", "answer", "error", "rests"),
    [
        ("easypost", 401, "It answered 401.", timedelta(minutes=30)),
        ("easypost", (429, {"Retry-After": "90"}, b""), "It answered 429.", timedelta(seconds=90)),
        ("easypost", (200, {}, b"<html>"), "Its answer is no list of trackers.", None),
        ("17track", 503, "It answered 503.", None),
        ("17track", (200, {}, b"<html>"), "Its answer cannot be read.", None),
        (
            "17track",
            reply({"code": -18010002, "data": {"errors": [{"code": -18010002}]}}),
            "It does not know the API key.",
            timedelta(minutes=30),
        ),
        ("17track", rejected(-18019907), "The calls of the day are used up there.", timedelta(hours=1)),
    ],
)
def test_what_goes_wrong_is_said_and_waited_for(
    ann: Merchant, ask: Callable[..., Poller], kind: str, answer: int | Reply, error: str, rests: timedelta | None
) -> None:
    poller = ask(kind, {ASKED: answer, "/track/v2.2/gettrackinfo": answer})

    assert (poller.failures, poller.last_error) == (1, error)
    assert poller.resume_at == (MONDAY + rests if rests else None)
    with in_merchant(ann):
        assert InboundDelivery.objects.count() == 0
