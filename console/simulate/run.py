"""One seed: the clock jumps from one moment to the next at which anything happens, and at each of them everything due is done.

In some worlds the workers sleep now and then for hours, as where a machine is down: then much is due at once.
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.simulate import laws
from console.simulate.post import Post
from console.simulate.world import DAYS, START, Shop, shops
from console.store.play import settle, tell
from notifications import settle as in_flight
from notifications.models import Message, State
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant

END = START + timedelta(days=DAYS)
NAPS = (0, 2, 8, 24)  # hours that workers sleep on average between two looks; a seed draws one


@dataclass(frozen=True)
class Outcome:
    """What came of a seed. `log` is the SHA-256 of all that happened."""

    seed: int
    sent: int
    jumps: int
    log: str
    broken: list[str]


def run(seed: int, customers: int = 20) -> Outcome:
    """Live through sixty days of three shops."""
    random.seed(seed)  # retries wait a random moment longer
    post, dice, jumps = Post(seed), random.Random(f"naps of {seed}"), 0
    nap = dice.choice(NAPS)
    with clock.frozen(START) as hands:
        world = shops(seed, customers, post)
        ahead = {shop.merchant.slug: START for shop in world}
        while hands.at < END:
            rested = hands.at + timedelta(seconds=1, hours=nap * dice.uniform(0, 2))
            hands.move_to(min(END, max(rested, min(ahead.values()))))
            for shop in world:
                if ahead[shop.merchant.slug] <= hands.at:
                    _happen(shop, hands.at)
                    ahead[shop.merchant.slug] = _next(shop, settle(shop.merchant.pk, post))
            jumps += 1
        return Outcome(seed, sum(map(_sent, world)), jumps, _log(world), [*post.broken, *_broken(world, post)])


def _next(shop: Shop, due: datetime | None) -> datetime:
    """When anything happens in a shop: somebody does something, or what is planned falls due."""
    moments = [due, *(one[0].at for one in (shop.acts, shop.deeds) if one)]
    return min((moment for moment in moments if moment), default=END)


def _happen(shop: Shop, now: datetime) -> None:
    due = [act for act in shop.acts if act.at <= now]
    del shop.acts[: len(due)]
    tell(shop.merchant.pk, shop.connection, due)
    with eager.collected():
        while shop.deeds and shop.deeds[0].at <= now:
            shop.deeds.pop(0).do()
            in_flight.settle(shop.merchant.pk)


def _sent(shop: Shop) -> int:
    with in_merchant(shop.merchant):
        return Message.objects.filter(state=State.SENT).count()


def _broken(world: list[Shop], post: Post) -> Iterator[str]:
    for shop in world:
        with in_merchant(shop.merchant):
            yield from laws.broken(post)


def _log(world: list[Shop]) -> str:
    lines: list[str] = []
    for number, shop in enumerate(world):
        with in_merchant(shop.merchant):
            lines += [f"{number} {line}" for line in laws.story()]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
