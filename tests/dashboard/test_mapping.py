"""How a connection of the merchant's own is read: sample, places, preview, codes, files, and how a carrier is asked."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.tasks import process_batch
from integrations.carriers.custom.mapping import read, source_of
from integrations.connections import keep
from integrations.models import Connection, Delivery, InboundDelivery, Replay
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import AuditEntry, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text
from tests.integrations.custom.bodies import CSV, nested
from tracking.models import CarrierCode, Poller, Scan, Shipment

pytestmark = pytest.mark.django_db
CHOSEN = {
    "sample": CSV, "form": "csv", "encoding": "utf-8", "delimiter": ";", "header": "on", "entries": "", "at_number": "/Sendung",
    "at_time": "/Datum", "at_clock": "/Zeit", "at_code": "/Status", "at_text": "/Text", "at_city": "/Ort", "always_carrier": "Acme",
    "times": "dmy", "zone": "Europe/Berlin", "code_0": "A1", "means_0": "in_transit", "code_1": "Z9", "means_1": "delivered",
}  # fmt: skip


@pytest.fixture
def own(ann: Merchant) -> Connection:
    with in_merchant(ann):
        return keep.add("custom", label="Acme")[0]


def at(row: Connection, rest: str = "") -> str:
    return f"/m/ann/connections/{to_public('con', row.pk)}/{rest}"


def again(row: Connection) -> Connection:
    return Connection.objects.get(pk=row.pk)


def acts(ann: Merchant) -> list[str]:
    with in_merchant(ann):
        return list(AuditEntry.objects.order_by("id").values_list("act", flat=True))


def test_the_page_asks_for_a_sample_first(own: Connection, admin: Client) -> None:
    said = text(admin.get(at(own, "mapping/")))

    assert "A call or file as they send it" in said
    assert "Where things stand" not in said
    assert "Fill in the mapping" in text(admin.get(at(own)))


@pytest.mark.parametrize(
    ("sample", "chosen"),
    [
        (CSV, {"at_number": "/Sendung", "at_time": "/Datum", "at_clock": "/Zeit", "at_code": "/Status", "at_city": "/Ort"}),
        (
            nested().decode(),
            {"entries": "/parcels/events", "at_number": "/parcels/tracking/number", "at_code": "/parcels/events/status/id"},
        ),
    ],
)
def test_a_sample_brings_the_places_and_a_guess(own: Connection, admin: Client, sample: str, chosen: dict[str, str]) -> None:
    page = admin.post(at(own, "mapping/look/"), {"sample": sample, "again": "1"})

    html = page.content.decode()
    for name, value in chosen.items():
        select = html[html.index(f'name="{name}"') :]
        assert f'value="{value}" selected' in select[: select.index("</select>")], name
    assert "What shoppers see" in text(page)


def test_the_preview_shows_scans_and_names_faults_by_row(own: Connection, admin: Client, ann: Merchant) -> None:
    page = admin.post(at(own, "mapping/look/"), CHOSEN | {"sample": CSV + "N2;soon;;A1;Odd;Ulm;DE;9\r\n"})

    said = text(page)
    assert "Entry 4: “soon” is not read as a time" in said
    assert "Übernommen" in said
    assert "On the way" in said
    with in_merchant(ann):
        assert (again(own).mapping, CarrierCode.objects.exists()) == (None, False)
    assert acts(ann) == []


def test_a_mapping_is_kept_with_its_meanings_and_what_waited_is_read(own: Connection, admin: Client, ann: Merchant) -> None:
    with in_merchant(ann):
        InboundDelivery.objects.create(
            connection=own, delivery_id="d1", topic="tracking", headers={}, body=CSV.encode(), state=Delivery.FAILED
        )

    for _ in range(2):  # a double click
        answer = admin.post(at(own, "mapping/keep/"), CHOSEN)
        assert answer.status_code == 302

    with in_merchant(ann):
        kept = read(again(own).mapping)
        assert (kept.version, kept.source, kept.places["clock"], kept.zone) == (1, source_of(own.pk), ("Zeit",), "Europe/Berlin")
        assert dict(CarrierCode.objects.values_list("code", "status")) == {"A1": "in_transit", "Z9": "delivered"}
        assert Replay.objects.get().total == 1
        InboundDelivery.objects.update(state=Delivery.DUE)
    process_batch(ann.pk)
    with in_merchant(ann):
        assert Shipment.objects.get().status == "delivered"
    assert acts(ann) == ["connection.mapped"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"at_number": ""}, "Every scan needs a parcel. Choose where its number stands."),
        ({"always_carrier": ""}, "Choose where the carrier stands, or write its name beside it."),
        ({"times": "own", "pattern": "%H"}, "This does not read a date."),
        ({"always_country": "xx1"[:2]}, "Write the country as two capital letters"),
        ({"at_number": "/Nowhere"}, "Select a valid choice"),
    ],
)
def test_a_bad_mapping_is_refused_by_the_field(own: Connection, admin: Client, ann: Merchant, changes: dict[str, str], told: str) -> None:
    answer = admin.post(at(own, "mapping/keep/"), CHOSEN | changes)

    assert answer.status_code == 422
    assert told in text(answer)
    with in_merchant(ann):
        assert again(own).mapping is None
    assert acts(ann) == []


def test_a_file_is_read_in_parts_and_once(own: Connection, admin: Client, ann: Merchant) -> None:
    admin.post(at(own, "mapping/keep/"), CHOSEN)
    lines = "".join(f"N{number};23.11.2026;07:10;A1;{'long ' * 60};Köln;DE;{number}\r\n" for number in range(3000))
    body = (CSV.splitlines(keepends=True)[0] + lines).encode()

    for said in ("The file is read within seconds.", "This file was taken before."):
        answer = admin.post(at(own, "file/"), {"file": SimpleUploadedFile("scans.csv", body)}, follow=True)
        assert said in answer.content.decode()

    with in_merchant(ann):
        parts = [bytes(row.body) for row in InboundDelivery.objects.order_by("id")]
        assert len(parts) == 2
        assert sum(part.count(b"\n") - 1 for part in parts) == 3000
    process_batch(ann.pk)
    with in_merchant(ann):
        assert Scan.objects.count() == 3000


def test_a_file_without_a_mapping_or_in_another_writing_is_refused(own: Connection, admin: Client, ann: Merchant) -> None:
    file = {"file": SimpleUploadedFile("scans.csv", b"\xff\xfe")}
    assert admin.post(at(own, "file/"), file).status_code == 409

    admin.post(at(own, "mapping/keep/"), CHOSEN)

    for given in ({"file": SimpleUploadedFile("scans.csv", b"\xff\xfe")}, {}):
        assert admin.post(at(own, "file/"), given).status_code == 409
    with in_merchant(ann):
        assert not InboundDelivery.objects.exists()


def test_other_kinds_have_no_mapping_and_some_cannot_be_asked(ann: Merchant, admin: Client) -> None:
    with in_merchant(ann):
        row = keep.add("gls", label="G")[0]

    assert [admin.get(at(row, page)).status_code for page in ("mapping/", "asking/")] == [404, 404]


ASKED: dict[str, Any] = {
    "asking": "on", "url": "https://3pl.example/t/{number}", "carriers": "Acme Post, beta", "header": "X-Key", "value": "s3cret",
    "a_minute": "30",
}  # fmt: skip


def test_a_carrier_is_asked_by_the_account_that_was_entered(
    own: Connection, admin: Client, viewer: Client, ann: Merchant, settled: Any
) -> None:
    with in_merchant(ann):
        Shipment.objects.create(connection=own, carrier="acme_post", number="N1", status="in_transit")

    with settled():
        assert admin.post(at(own, "asking/keep/"), ASKED).status_code == 302
    assert admin.post(at(own, "asking/keep/"), ASKED | {"value": "", "a_minute": "20"}).status_code == 302

    with in_merchant(ann):
        poller = Poller.objects.get()
        assert (poller.carriers, poller.a_minute, poller.account()) == (["acme_post", "beta"], 20, {"header": "X-Key", "value": "s3cret"})
        assert Shipment.objects.get().poll_at is not None
    page = admin.get(at(own, "asking/")).content.decode()
    assert "s3cret" not in page
    assert "Last asked" in text(viewer.get(at(own)))
    assert acts(ann) == ["connection.asking", "connection.asking"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"url": "https://3pl.example/t/"}, "Put {number} where"),
        ({"url": "http://3pl.example/{number}"}, "must start with https"),
        ({"url": "https://{number}.example/"}, "The host’s name is the same for all parcels"),
        ({"url": "https://10.0.0.1/{number}"}, "not on the public internet"),
        ({"carriers": " , "}, "Name at least one carrier."),
        ({"header": "Host"}, "This header cannot be set."),
        ({"value": "ü"}, "plain ASCII"),
        ({"value": ""}, "Enter it, so that they know who asks."),
        ({"a_minute": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_bad_account_is_refused_by_the_field(own: Connection, admin: Client, ann: Merchant, changes: dict[str, str], told: str) -> None:
    answer = admin.post(at(own, "asking/keep/"), ASKED | changes)

    assert (answer.status_code, told in text(answer)) == (422, True)
    with in_merchant(ann):
        assert not Poller.objects.exists()


def test_an_aggregator_is_asked_about_the_carriers_that_are_named(admin: Client, ann: Merchant, settled: Any) -> None:
    with in_merchant(ann):
        row = keep.add("17track", label="T")[0]
    assert "is made known there, which counts in your plan" in text(admin.get(at(row, "asking/")))
    given = {"asking": "on", "api_key": "k1", "a_minute": "90", "carriers": "China Post, yanwen"}
    many = ", ".join(f"carrier {number}" for number in range(21))

    refused = admin.post(at(row, "asking/keep/"), given | {"carriers": many})
    with settled():
        assert admin.post(at(row, "asking/keep/"), given).status_code == 302

    assert (refused.status_code, "Name at most 20 carriers" in text(refused)) == (422, True)
    with in_merchant(ann):
        poller = Poller.objects.get()
        assert (poller.carriers, poller.account(), poller.a_minute) == (["china_post", "yanwen"], {"api_key": "k1"}, 90)


def test_a_removed_connection_leaves_no_account(own: Connection, admin: Client, ann: Merchant) -> None:
    admin.post(at(own, "asking/keep/"), ASKED)

    admin.post(at(own, "delete/"))

    with in_merchant(ann):
        assert not Poller.objects.exists()
