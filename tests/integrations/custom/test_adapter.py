"""A connection of the merchant's own making: its proofs, its deliveries, and other mappings over what came before."""

from typing import Any

import pytest

from api.tasks import process_batch
from integrations import registry
from integrations.carriers.custom.adapter import Custom
from integrations.carriers.custom.mapping import Mapping, source_of, stored
from integrations.connections import keep, replay
from integrations.models import Connection, Delivery, InboundDelivery
from orders.intake import record_orders
from postpurchase.lib import clock, signing
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.factories import order_data
from tests.integrations.custom.bodies import CSV, for_csv, for_nested, nested
from tracking import codes
from tracking.models import CarrierCode, Scan, Shipment

BODY = CSV.encode("cp1252")


@pytest.mark.parametrize(
    ("headers", "holds"),
    [
        ({"x-webhook-secret": "s"}, True),
        ({"authorization": "Bearer s"}, True),
        ({"x-webhook-signature": signing.hmac_hex(b"s", BODY)}, True),
        ({"x-signature": f"sha256={signing.hmac_hex(b's', BODY)}"}, True),
        ({"x-hmac-sha256": signing.hmac_base64(b"s", BODY)}, True),
        ({"x-signature": signing.hmac_hex(b"other", BODY), "x-webhook-secret": "s"}, False),
        ({"x-webhook-secret": "t"}, False),
        ({}, False),
    ],
)
def test_a_secret_or_a_signature_proves_who_calls(headers: dict[str, str], holds: bool) -> None:
    assert Custom().verify(["s"], headers, BODY) is holds


class Own:
    """A connection of Ann's for a carrier that nobody knows."""

    def __init__(self, ann: Merchant) -> None:
        self.ann = ann
        with in_merchant(ann):
            self.row, self.secret = keep.add("custom", label="Acme")

    def mapped(self, mapping: Mapping) -> None:
        with in_merchant(self.ann):
            Connection.objects.filter(pk=self.row.pk).update(mapping=stored(mapping))

    def send(self, client: Any, body: bytes) -> int:
        headers = {"X-Webhook-Secret": self.secret}
        answer = client.post(f"/in/{to_public('con', self.row.pk)}", body, content_type="text/csv", headers=headers)
        return int(answer.status_code)

    def read(self) -> None:
        process_batch(self.ann.pk)

    @property
    def source(self) -> str:
        return source_of(self.row.pk)


@pytest.fixture
def own(ann: Merchant) -> Own:
    return Own(ann)


def test_without_a_mapping_a_body_is_kept_and_says_what_is_missing(own: Own, client: Any) -> None:
    assert own.send(client, BODY) == 200
    own.read()

    with in_merchant(own.ann):
        row = InboundDelivery.objects.get()
        assert (row.state, "fill in the mapping" in row.error) == (Delivery.FAILED, True)

    own.mapped(for_csv(source=own.source))
    with in_merchant(own.ann):
        assert replay.again(own.row, [row.pk]) == 1
    own.read()

    with in_merchant(own.ann):
        assert InboundDelivery.objects.get().state == Delivery.DONE
        assert list(Scan.objects.order_by("code").values_list("code", "zone_known")) == [("A1", False), ("T7", False), ("Z9", False)]


def test_a_bad_row_is_listed_and_the_others_count(own: Own, client: Any) -> None:
    own.mapped(for_csv(source=own.source))

    own.send(client, BODY + b"N1;yesterday;;A1;;;;4\r\n")
    own.read()

    with in_merchant(own.ann):
        row = InboundDelivery.objects.get()
        assert (row.state, row.error.startswith("/occurred_at: Say when it happened")) == (Delivery.FAILED, True)
        assert Scan.objects.count() == 3


def test_unknown_codes_are_the_connections_own_and_a_meaning_reads_history_anew(own: Own, client: Any) -> None:
    own.mapped(for_csv(source=own.source, always={"carrier": "ups"}))
    own.send(client, BODY)
    own.read()

    with in_merchant(own.ann):
        known = {"A1": "", "T7": "", "Z9": ""}
        assert (codes.of_source(own.source), set(CarrierCode.objects.values_list("carrier", flat=True))) == (known, {""})
        assert codes.give_all(own.source, {"A1": "info_received", "T7": "in_transit", "Z9": "delivered", "new": "exception"}) == [
            "A1", "T7", "Z9", "new",
        ]  # fmt: skip
        assert codes.give_all(own.source, {"A1": "info_received"}) == []
        while codes.reread():
            pass

        assert Shipment.objects.get().status == "delivered"
        assert list(CarrierCode.objects.order_by("code").values_list("code", "scans")) == [("A1", 1), ("T7", 1), ("Z9", 1), ("new", 0)]


def test_another_mapping_replaces_what_the_one_before_misread(own: Own, client: Any) -> None:
    own.mapped(for_csv(source=own.source, zone="UTC"))
    own.send(client, BODY)
    own.send(client, BODY.replace(b"N1;24", b"N1;25"))
    own.read()

    own.mapped(for_csv(source=own.source, zone="Europe/Berlin", version=2))
    now = clock.machine_now()
    with in_merchant(own.ann):
        replay.begin(own.row, now.replace(year=now.year - 1), now.replace(year=now.year + 1), what="all", by="Ann")
        while replay.work():
            pass
    own.read()

    with in_merchant(own.ann):
        assert [f"{scan.occurred_at:%d %H:%M}" for scan in Scan.objects.order_by("occurred_at")] == [
            "23 06:10",
            "23 14:40",
            "24 10:05",
            "25 10:05",
        ]
        assert set(Scan.objects.values_list("extra__mapping", flat=True)) == {2}


def test_an_order_is_found_by_its_number(own: Own, client: Any) -> None:
    with in_merchant(own.ann):
        source = Connection.objects.get(kind=Connection.API).pk
        (order,) = record_orders([order_data(number="#1043")], connection_id=source)
    own.mapped(for_nested(source=own.source))

    own.send(client, nested())
    own.read()

    with in_merchant(own.ann):
        assert dict(Shipment.objects.values_list("number", "order")) == {"N1": order.id, "N2": None}


def test_the_kind_reads_nothing_without_its_mapping() -> None:
    with pytest.raises(registry.Unreadable):
        registry.adapter_with("custom", None).read("tracking", BODY, {})
