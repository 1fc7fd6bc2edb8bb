"""manage.py seed: the demo store, some 1,800 orders of a believable shop, played through the product's own intake."""

import json
import os
import random
from argparse import ArgumentParser
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from console.store import found, pace, people, tried
from console.store.crowd import Crowd
from console.store.keep import KeepSender
from console.store.life import Act
from console.store.play import play, settle
from orders.models import Order
from postpurchase.embedded.process import MARK
from postpurchase.lib import clock, crypto, memory
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tracking.models import ENDED, Shipment, Status
from tracking.tasks import BATCH, forecast_batch

FIRST_NUMBER = 1001
BUSY_HOURS = [1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 10, 9, 8, 8, 8, 9, 11, 13, 13, 10, 6, 3]


class Command(BaseCommand):
    """Founds Northlight and lives through its last days up to now."""

    help = "Make the demo store: Northlight, its team, and its orders of the last days, played through the product's own intake."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--orders, --days, --seed."""
        parser.add_argument("--orders", type=int, default=1800, help="about how many orders (default 1800)")
        parser.add_argument("--days", type=int, default=100, help="over how many days up to now (default 100)")
        parser.add_argument("--seed", type=int, default=17, help="what the random choices start from")

    def handle(self, *args: Any, **options: Any) -> None:
        """Found the shop, play its life, leave the welcome for the demo to print."""
        if Merchant.objects.filter(slug="northlight").exists():
            raise CommandError("the demo store is there already: `manage.py demo --fresh` starts over")
        memory.settle()
        now = clock.machine_now()
        begin = now - timedelta(days=options["days"])
        shop = found.found()
        dice = random.Random(options["seed"])
        moments = sorted(_moment(dice, begin, now) for _ in range(int(options["orders"] * people.FIRST_ONES)))
        acts = list(people.lives(dice, FIRST_NUMBER, moments, now))
        orders = people.orders_of(acts)
        self._live(shop, acts, begin, now, Crowd(shop.merchant, random.Random(options["seed"]), orders, begin, now))
        self._leave_welcome(shop)
        self.stdout.write(f"{sum(map(len, orders.values()))} orders over {options['days']} days")

    def _live(self, shop: found.Shop, acts: list[Act], begin: datetime, now: datetime, crowd: Crowd) -> None:
        def progress(at: datetime) -> None:
            crowd.look(at)
            self.stdout.write(f"{at:%d %b}: {100 * (at - begin) / (now - begin):.0f} %")

        merchant, connection = shop.merchant.pk, shop.api_connection.pk
        with clock.frozen(begin) as hands:
            with in_merchant(shop.merchant):
                tried.begin()
            play(merchant, connection, acts, hands, KeepSender(), until=now, pace=pace.up_to(now), progress=progress)
            while forecast_batch(merchant) == BATCH:  # promises are learned once, so that the pages about them have something to tell
                pass
            settle(merchant, KeepSender())

    def _leave_welcome(self, shop: found.Shop) -> None:
        folder = os.environ.get(MARK)
        if folder:
            rows = found.welcome(shop, _paths(shop))
            Path(folder, "welcome.json").write_text(json.dumps(rows, indent=1))


def _moment(dice: random.Random, begin: datetime, now: datetime) -> datetime:
    """When an order was placed: more of them lately, and in the evening."""
    share = dice.random() ** 0.8
    day = (begin + (now - begin) * share).date()
    hour = dice.choices(range(24), BUSY_HOURS)[0]
    at = datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)), now.tzinfo)
    return at if begin < at < now else begin + (now - begin) * share


def _paths(shop: found.Shop) -> dict[str, str]:
    """Tracking pages worth a look: one on the way, one late, one delivered."""
    with in_merchant(shop.merchant):
        newest = Shipment.objects.filter(order__isnull=False).order_by("-created_at")
        chosen = {
            "on the way": newest.filter(status=Status.IN_TRANSIT, health=[]).first(),
            "late": newest.exclude(status__in=ENDED).filter(health__contains=["late_vs_promise"]).first(),
            "delivered": newest.filter(status=Status.DELIVERED).first(),
        }
        orders = Order.objects.in_bulk([parcel.order_id for parcel in chosen.values() if parcel])
    return {name: f"/t/{crypto.link_token(orders[parcel.order_id].pk)}" for name, parcel in chosen.items() if parcel and parcel.order_id}
