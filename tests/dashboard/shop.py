"""A small shop with a past: orders in every state a merchant meets, made by the product's own intake, flows and dispatcher."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.models import Connection
from integrations.senders.base import Envelope, Ready, Reply, Result
from integrations.types import EstimateData, OrderRefundData, PlaceData, ShippedLineData
from notifications import dispatch, library
from notifications.models import Flow
from orders.intake import record_orders
from orders.refunds import record_refunds
from postpurchase.events.tasks import relay_batch
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.factories import address_data, consent_data, customer_data, line_data, order_data, refund_data, scan_data, shipment_data
from tracking.estimates import record_estimates
from tracking.scans import record_scans
from tracking.shipments import record_shipments
from tracking.tasks import check_batch

NOW = datetime(2026, 11, 23, 13, 20, tzinfo=UTC)  # a Monday, 14:20 in Berlin
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOCKS = line_data(external_id="socks", title="Merino hiking socks, mid-weight", variant="Rust, 43–46", quantity=2, unit_price=1600)
CAP = line_data(external_id="cap", title="Five-panel cap", variant="", quantity=1, unit_price=2400)
JACKET = line_data(external_id="jacket", title="Fjällvind three-layer storm jacket with helmet hood", variant="Spruce, L", unit_price=7900)


class Post:
    """A mail server: takes everything, loses its answer for doubt@, refuses nobody@."""

    width = 1

    def deliver(self, window: Sequence[Envelope], ready: Ready) -> list[Reply]:
        return [self._answer(window[0]) if ready([0]) else Reply(Result.FENCED)]

    def _answer(self, envelope: Envelope) -> Reply:
        if envelope.to.startswith("doubt@"):
            return Reply(Result.LOST, "the connection closed after the message was handed over")
        if envelope.to.startswith("nobody@"):
            return Reply(Result.REFUSED, "550 5.1.1 no such user")
        return Reply(Result.SENT, "250 2.0.0 OK", "post-1")

    def close(self) -> None:
        pass


class Shop:
    """Hands that play the shop, the carriers and time."""

    def __init__(self, merchant: Merchant, hands: clock.Hands, numbers: str = "") -> None:
        self.merchant, self.hands, self.numbers = merchant, hands, numbers
        with in_merchant(merchant):
            self.api = Connection.objects.get(kind=Connection.API).pk
            Flow.objects.exists() or library.install()

    def order(self, number: str, name: str, email: str = "", **changes: Any) -> str:
        number = number.replace("#", f"#{self.numbers}")
        first, _, last = name.partition(" ")
        email = email or f"{first}.{last.split()[-1]}@example.com".lower()
        at = self.hands.at
        given: dict[str, Any] = {
            "external_id": number,
            "number": number,
            "placed_at": at,
            "email": email,
            "customer": customer_data(external_id=email, email=email, first_name=first, last_name=last, locale="en"),
            "shipping_address": address_data(name=name),
            "lines": [JACKET, SOCKS, CAP],
            "locale": "en",
            "consent": consent_data(at=at),
        }
        with in_merchant(self.merchant):
            (found,) = record_orders([order_data(**given | changes)], connection_id=self.api)
        assert not found.errors, found
        return number

    def parcel(self, order: str, *, carrier: str = "dhl", lines: tuple[str, ...] = ("jacket", "socks"), **changes: Any) -> str:
        shipped = [ShippedLineData(line_external_id=line, quantity=2 if line == "socks" else 1) for line in lines]
        data = shipment_data(order_external_id=order, carrier=carrier, lines=shipped, shipped_at=self.hands.at, **changes)
        with in_merchant(self.merchant):
            (found,) = record_shipments([data], connection_id=self.api)
        assert not found.errors, found
        return data.external_id

    def scan(self, parcel: str, status: str, city: str, text: str, country: str = "DE", **changes: Any) -> None:
        place = PlaceData(city=city, country=country)
        data = scan_data(
            shipment_external_id=parcel, occurred_at=self.hands.at, status=status, code=status, text=text, place=place, **changes
        )
        with in_merchant(self.merchant):
            (found,) = record_scans([data], connection_id=self.api)
        assert not found.errors, found

    def estimate(self, parcel: str, days: int) -> None:
        day = (self.hands.at + days * DAY).date()
        data = EstimateData(shipment_external_id=parcel, source="carrier", expected_on=day, told_at=self.hands.at)
        with in_merchant(self.merchant):
            record_estimates([data], connection_id=self.api)

    def refund(self, order: str, amount: int, reason: str) -> None:
        data = refund_data(amount=amount, reason=reason, lines=[], processed_at=self.hands.at)
        with in_merchant(self.merchant):
            record_refunds([OrderRefundData(order_external_id=order, refund=data)], connection_id=self.api)

    def settle(self) -> None:
        """Everything that is due is done: health, handlers, messages."""
        check_batch(self.merchant.pk)
        while relay_batch(self.merchant.pk):
            pass
        dispatch.drain(Post())
        while relay_batch(self.merchant.pk):
            pass

    def wait(self, by: timedelta) -> None:
        self.settle()
        self.hands.advance(by)


def fill(merchant: Merchant, now: datetime = NOW, *, more: int = 0, numbers: str = "") -> Shop:
    """Nine orders and their parcels, up to `now`; `more` delivered besides; `numbers` begin theirs. Returns the hands."""
    with eager.collected(), clock.frozen(now - 15 * DAY - more * HOUR / 4) as hands:
        shop = Shop(merchant, hands, numbers)
        for n in range(more):
            _delivered(shop, n)
        _stalled(shop)
        shop.wait(7 * DAY)
        _last_week(shop)
        shop.settle()
        hands.move_to(now - 34 * HOUR)
        _today(shop)
        shop.settle()
    return shop


def _delivered(shop: Shop, n: int) -> None:
    order = shop.order(f"#{600 + n}", f"Jonas Öberg{n}")
    parcel = shop.parcel(order, carrier=("dhl", "ups", "dpd")[n % 3], lines=("jacket", "socks", "cap"))
    shop.scan(parcel, "delivered", "Leipzig", "Delivered")
    shop.hands.advance(HOUR / 4)


def _stalled(shop: Shop) -> None:
    order = shop.order("#852", "Freja Østergaard", currency="KWD", shipping_address=address_data(name="Freja Østergaard", country="DK"))
    parcel = shop.parcel(order)
    shop.wait(6 * HOUR)
    shop.scan(parcel, "in_transit", "Padborg", "Arrived at the border hub", country="DK")


def _last_week(shop: Shop) -> None:
    anna = shop.order("#1043", "Anna Berg", tags=["VIP", "Trail club"], discount_codes=["TRAIL10"], order_discount=1350)
    shop.order("#1001", "Bruno Kahl", email="doubt@example.com")
    shop.order("#1002", "Clara Weiß", email="nobody@example.com")
    held = shop.parcel(shop.order("#997", "Oluwaseun Adeyemi-Clarke"), carrier="royal_mail")
    shop.wait(20 * HOUR)
    first, second = shop.parcel(anna), shop.parcel(anna, carrier="postnord", lines=("cap",))
    shop.estimate(first, 4)
    shop.wait(8 * HOUR)
    shop.scan(first, "in_transit", "Göteborg", "Accepted at the depot")
    shop.scan(second, "in_transit", "Göteborg", "Accepted at the depot")
    shop.scan(held, "in_transit", "London", "Accepted")
    shop.wait(2 * DAY)
    shop.scan(second, "delivered", "Munich", "In the letterbox", substatus="letterbox")
    shop.scan(held, "exception", "Leeds", "Address not found", substatus="address")
    shop.wait(2 * DAY)
    shop.estimate(first, 5)
    shop.wait(DAY)
    shop.scan(first, "in_transit", "Padborg", "Scanned after the strike")


def _today(shop: Shop) -> None:
    done = shop.parcel(shop.order("#1038", "Wolfgang Schmidt-Hohenberger"), lines=("jacket", "socks", "cap"))
    cancelled, placed = shop.order("#1100", "Édith Lefèvre"), shop.hands.at
    out, moving = (
        shop.parcel(shop.order("#1198", "Bartholomäus von Greifenstein-Oberndorff")),
        shop.parcel(shop.order("#1279", "Jonas Öberg")),
    )
    shop.wait(20 * HOUR)
    shop.scan(moving, "in_transit", "Malmö", "Sorted at the hub")
    ended = shop.hands.at
    shop.order("#1100", "Édith Lefèvre", placed_at=placed, updated_at=ended, cancelled_at=ended, cancel_reason="customer")
    shop.refund(cancelled, 4900, "Ordered twice")
    shop.wait(10 * HOUR)
    shop.scan(out, "out_for_delivery", "Freiburg", "On the van")
    shop.parcel(shop.order("#1281", "Siobhán O’Callaghan-Whitfield", test=True), carrier="royal_mail")
    shop.wait(4 * HOUR)
    shop.scan(done, "delivered", "Freiburg", "Left with a neighbour", substatus="neighbour")
    shop.order("#1284", "Yuki Takahashi", currency="JPY", lines=[line_data(external_id="a", unit_price=24800)], shipping_total=0)
