"""A shop with a lively past, made by the real engine and the real dispatch: time stops at each moment at which something is due."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Min

from notifications import awake, dispatch
from notifications.models import Enrolment, Message, State
from postpurchase.events.tasks import relay_batch
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.shop import Post, Shop
from tests.factories import consent_data

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Past(Shop):
    """Hands that let every message go out, and every wait end, in the very moment it is due."""

    def quiet(self) -> None:
        """All that is due now."""
        for _ in range(20):
            while relay_batch(self.merchant.pk):
                pass
            if not awake.wake_portion(self.merchant.pk) + dispatch.drain(Post()):
                return

    def until(self, when: datetime) -> None:
        """Time goes on, from one thing that is due to the next."""
        self.quiet()
        while (coming := self._next()) and coming <= when:
            self.hands.move_to(max(coming, self.hands.at))
            self.quiet()
        self.hands.move_to(max(when, self.hands.at))

    def _next(self) -> datetime | None:
        with in_merchant(self.merchant):
            due = Message.objects.filter(state=State.DUE).aggregate(at=Min("due_at"))["at"]
            wake = Enrolment.objects.filter(state="active", wake_at__isnull=False).aggregate(at=Min("wake_at"))["at"]
        return min((at for at in (due, wake) if at), default=None)


def live(shop: Past, seed: int, orders: int) -> None:
    """Orders with parcels that arrive, slip, stall, get lost or are refused; some cancelled, refunded, unsubscribed, without consent."""
    drawn = random.Random(seed)  # a past that can be had again
    acts = sorted((at, place, act) for place in range(orders) for at, act in _story(shop, drawn, place))
    for at, _, act in acts:
        shop.until(at)
        act()
        shop.quiet()
    shop.until(shop.hands.at + 40 * DAY)


Act = Callable[[], object]


def _story(shop: Past, drawn: random.Random, place: int) -> list[tuple[datetime, Act]]:
    start = shop.hands.at + drawn.randrange(20 * 24 * 60) * timedelta(minutes=1)
    number, name = f"#{place}", f"Mia{place % 7} Berg"
    given = drawn.random() < 0.8
    consent = lambda: consent_data(at=shop.hands.at, marketing_email=given)  # noqa: E731
    told: list[tuple[datetime, Act]] = [(start, lambda: shop.order(number, name, consent=consent(), locale=drawn.choice(("de", "en"))))]
    if drawn.random() < 0.12:
        told.append((start + drawn.randrange(1, 200) * HOUR, lambda: _cancel(shop, number, name, start)))
    parcels: list[str] = []
    shipped = start + drawn.randrange(2, 70) * HOUR
    told.append((shipped, lambda: parcels.append(shop.parcel(number, lines=("jacket", "socks", "cap")))))
    told += _way(shop, drawn, parcels, shipped)
    if drawn.random() < 0.2:
        told.append((shipped + drawn.randrange(1, 400) * HOUR, lambda: shop.refund(number, 20_000 if place % 2 else 500, "scratched")))
    return told


def _way(shop: Past, drawn: random.Random, parcels: list[str], shipped: datetime) -> list[tuple[datetime, Act]]:
    told: list[tuple[datetime, Act]] = [(shipped + HOUR, lambda: shop.estimate(parcels[0], 3))]
    at = shipped
    for status in ("in_transit", "out_for_delivery", "delivered"):
        at += drawn.randrange(3, 60) * HOUR
        told.append((at, lambda status=status: shop.scan(parcels[0], status, "Kassel", status)))  # type: ignore[misc]
        if drawn.random() < 0.3:
            told.append((at + timedelta(minutes=7), lambda: shop.estimate(parcels[0], drawn.choice((2, 4, 6)))))
        if status == "out_for_delivery" and drawn.random() < 0.2:
            told.append((at + 2 * HOUR, lambda: shop.scan(parcels[0], "attempt_failed", "Kassel", "nobody in")))
    return told[: 3 if drawn.random() < 0.1 else len(told)]


def _cancel(shop: Past, number: str, name: str, placed: datetime) -> None:
    shop.order(number, name, placed_at=placed, cancelled_at=shop.hands.at, updated_at=shop.hands.at)
