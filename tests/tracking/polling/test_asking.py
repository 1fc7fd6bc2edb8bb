"""Carriers are asked over real HTTP: what they say becomes scans, and what goes wrong holds up nobody else."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from api.tasks import process_batch
from integrations.carriers import asking
from integrations.carriers.custom.mapping import Mapping, source_of, stored
from integrations.connections import keep
from integrations.models import Connection, InboundDelivery
from integrations.types import ShipmentData
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.tracking.conftest import MONDAY
from tests.webhooks.receiver import Receiver
from tracking.models import Poller, Scan, Shipment
from tracking.polling import ask, tasks
from tracking.shipments import record_shipments

Sweep = Callable[[], None]
BODY = b'{"at": "2026-03-02T07:00:00Z", "code": "delivered"}'
MAPPING = Mapping(entries=(), places={"time": ("at",), "code": ("code",)}, always={"carrier": "acme"})


@pytest.fixture
def now() -> Iterator[clock.Hands]:
    with clock.frozen(MONDAY) as hands:
        yield hands


def account(ann: Merchant, kind: str = "custom", *, url: str = "", carrier: str = "acme", **given: Any) -> Poller:
    """A poller of Ann's, with a connection of that kind."""
    with in_merchant(ann):
        row, _ = keep.add(kind, label=f"{kind} {carrier}")
        if kind == "custom":
            Connection.objects.filter(pk=row.pk).update(mapping=stored(Mapping(**{**_plain(MAPPING), "source": source_of(row.pk)})))
        poller = Poller(connection=row, url=url, carriers=[carrier], merchant_id=ann.pk, **given)
        poller.keep_account({"header": "X-Key", "value": "k", "client_id": "i", "client_secret": "s"})
        poller.save()
    return poller


def _plain(mapping: Mapping) -> dict[str, Any]:
    return {name: getattr(mapping, name) for name in mapping.__struct_fields__}


def parcels(ann: Merchant, *numbers: str, carrier: str = "acme") -> None:
    with in_merchant(ann):
        source = Connection.objects.get(kind=Connection.API).pk
        record_shipments([ShipmentData(carrier=carrier, number=number) for number in numbers], connection_id=source)
        Shipment.objects.filter(number__in=numbers).update(poll_at=MONDAY)


@pytest.fixture
def sweep(settled: Any) -> Callable[[], None]:
    """As the scheduler starts it, and all that follows."""

    def run() -> None:
        with settled():
            tasks.ask_due()

    return run


def test_an_answer_becomes_scans_and_the_next_question_is_set(ann: Merchant, receiver: Receiver, now: clock.Hands, sweep: Sweep) -> None:
    receiver.answers = [(200, {}, BODY)]
    poller = account(ann, url=f"{receiver.url}/{{number}}")
    parcels(ann, "N1", "N2")

    sweep()
    process_batch(ann.pk)

    with in_merchant(ann):
        poller.refresh_from_db()
        assert sorted(heard.path for heard in receiver.heard) == ["/hooks/N1", "/hooks/N2"]
        assert {heard.headers["x-key"] for heard in receiver.heard} == {"k"}
        assert set(Scan.objects.values_list("shipment__number", "code")) == {("N1", "delivered"), ("N2", "delivered")}
        assert (poller.last_good_at, poller.last_error, poller.tokens) == (MONDAY, "", 28.0)
        assert [one.polled_at for one in Shipment.objects.all()] == [MONDAY, MONDAY]


def test_the_same_answer_again_is_known(ann: Merchant, receiver: Receiver, now: clock.Hands, sweep: Sweep) -> None:
    receiver.answers = [(200, {}, BODY.replace(b"delivered", b"moving"))]
    account(ann, url=f"{receiver.url}/{{number}}")
    parcels(ann, "N1")

    sweep()
    process_batch(ann.pk)
    now.advance(timedelta(days=2))
    sweep()

    with in_merchant(ann):
        assert (len(receiver.heard), InboundDelivery.objects.count(), Scan.objects.count()) == (2, 1, 1)


def test_a_failing_carrier_trips_its_breaker_and_holds_up_no_other(
    ann: Merchant, receiver: Receiver, now: clock.Hands, sweep: Sweep
) -> None:
    broken = account(ann, url=f"{receiver.url}/broken/{{number}}")
    well = account(ann, url=f"{receiver.url}/well/{{number}}", carrier="beta")
    receiver.answers = [500]
    receiver.on = {f"/hooks/well/W{number}": lambda: 404 for number in range(3)}
    parcels(ann, *(f"B{number}" for number in range(8)))
    parcels(ann, *(f"W{number}" for number in range(3)), carrier="beta")

    sweep()
    now.advance(ask.LEASE)
    sweep()

    with in_merchant(ann):
        broken.refresh_from_db()
        well.refresh_from_db()
        assert sum("broken" in heard.path for heard in receiver.heard) == 8, "four each time, then it waits"
        assert (broken.failures, broken.last_error, bool(broken.resume_at)) == (8, "It answered 500.", True)
        assert (well.failures, well.last_good_at) == (0, MONDAY)


def test_retry_after_is_kept_to(ann: Merchant, receiver: Receiver, now: clock.Hands, sweep: Sweep) -> None:
    receiver.answers = [(429, {"Retry-After": "900"}, b"")]
    poller = account(ann, url=f"{receiver.url}/{{number}}")
    parcels(ann, *(f"N{number}" for number in range(8)))

    sweep()
    now.advance(timedelta(seconds=899))
    sweep()

    with in_merchant(ann):
        poller.refresh_from_db()
        assert (len(receiver.heard), poller.resume_at) == (4, MONDAY + timedelta(seconds=900))


def test_the_bucket_holds_back_what_is_too_much(ann: Merchant, receiver: Receiver, now: clock.Hands, sweep: Sweep) -> None:
    receiver.answers = [404]
    account(ann, url=f"{receiver.url}/{{number}}", a_minute=6, tokens=3.0)
    parcels(ann, *(f"N{number}" for number in range(8)))

    sweep()
    assert len(receiver.heard) == 3
    now.advance(timedelta(seconds=20))
    sweep()
    assert len(receiver.heard) == 5


def test_a_login_is_made_once_and_its_token_used(
    ann: Merchant, receiver: Receiver, now: clock.Hands, sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = receiver.url.removesuffix("/hooks")
    monkeypatch.setitem(asking.WAYS, "ups", asking.WAYS["ups"]._replace(base=base))
    told = (200, {}, json.dumps({"access_token": "T1", "expires_in": "3600"}).encode())
    receiver.on = {"/security/v1/oauth/token": lambda: told}  # type: ignore[dict-item, return-value]
    receiver.answers = [404]
    account(ann, "ups", carrier="ups")
    parcels(ann, "N1", "N2", carrier="ups")

    sweep()
    parcels(ann, "N3", carrier="ups")
    sweep()

    assert [heard.path.rpartition("/")[2] for heard in receiver.heard].count("token") == 1
    assert {heard.headers["authorization"] for heard in receiver.heard if "details" in heard.path} == {"Bearer T1"}
    assert len(receiver.heard) == 4


def test_a_refused_account_rests_and_says_so(
    ann: Merchant, receiver: Receiver, now: clock.Hands, sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(asking.WAYS, "ups", asking.WAYS["ups"]._replace(base=receiver.url))
    receiver.answers = [401]
    poller = account(ann, "ups", carrier="ups")
    parcels(ann, "N1", "N2", carrier="ups")

    sweep()

    with in_merchant(ann):
        poller.refresh_from_db()
        assert (len(receiver.heard), poller.last_error) == (1, "Login: it answered 401.")
        assert poller.resume_at == MONDAY + timedelta(minutes=30)


@pytest.mark.parametrize("state", ["off", "paused", "removed", "private"])
def test_nobody_is_asked_who_should_not_be(
    ann: Merchant, receiver: Receiver, now: clock.Hands, sweep: Sweep, settings: Any, state: str
) -> None:
    poller = account(ann, url=f"{receiver.url}/{{number}}", asking=state != "off")
    parcels(ann, "N1")
    with in_merchant(ann):
        if state in ("paused", "removed"):
            Connection.objects.filter(pk=poller.connection_id).update(**{f"{state}_at": timezone.now()})
    if state == "private":
        settings.OUTBOUND_HOSTS = []

    sweep()

    assert receiver.heard == []
    with in_merchant(ann):
        poller.refresh_from_db()
        assert ("must start with https" in poller.last_error) is (state == "private")


def test_two_workers_never_ask_about_the_same_parcel(ann: Merchant, now: clock.Hands) -> None:
    poller = account(ann, url="https://a.example/{number}")
    parcels(ann, *(f"N{number}" for number in range(20)))

    with in_merchant(ann):
        first, second = ask.claim(poller.pk), ask.claim(poller.pk)

    assert first and second
    assert (len(first.numbers), len(second.numbers), first.numbers.keys() & second.numbers.keys()) == (16, 4, set())


def test_an_ended_parcel_is_let_go_without_a_question(ann: Merchant, receiver: Receiver, now: clock.Hands, sweep: Sweep) -> None:
    account(ann, url=f"{receiver.url}/{{number}}")
    parcels(ann, "N1")
    with in_merchant(ann):
        Shipment.objects.update(status="delivered")

    sweep()

    with in_merchant(ann):
        assert (receiver.heard, Shipment.objects.get().poll_at) == ([], None)
