"""A world drawn from a seed: three shops, their customers, and what everybody does in sixty days."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from console.simulate.post import Post
from console.store.life import Act, life
from integrations.models import api_connection_id
from integrations.opening import open_merchant
from integrations.types import ScanData
from notifications import consent, privacy
from notifications.editing import publish
from notifications.library import install
from notifications.models import Flow, InFlight, Message, Stream
from postpurchase.lib import clock
from postpurchase.lib.ids import random_token
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant

START = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)  # three weeks before the clocks change in Europe, a day after in America
DAYS = 60
ZONES = ("Europe/Stockholm", "America/New_York", "Australia/Sydney")
ARMS = [{"name": "ask", "share": 80, "next": "rest"}, {"name": "none", "share": 20, "next": "", "holdout": True}]
MUCH = {"name": "much", "when": {"is": "field", "field": "order.total", "op": "gte", "value": 10_000}, "next": "ask"}
STEPS: list[dict[str, Any]] = [
    {"do": "until", "id": "there", "events": [{"event": "order.delivered"}], "days": 12, "next": "arms", "timeout": "look"},
    {"do": "tell", "id": "look", "to": "team", "text": "Not there after twelve days", "next": ""},
    {"do": "ab", "id": "arms", "arms": ARMS},
    {"do": "wait", "id": "rest", "days": 2, "anchor": "here", "at": "10:00", "next": "big"},
    {"do": "split", "id": "big", "branches": [MUCH], "otherwise": "tag"},
    {
        "do": "send",
        "id": "ask",
        "template": "follow_up",
        "unless": ["refunded"],
        "hold_while": ["problem_open"],
        "useless_after_hours": 480,
    },
    {"do": "tag", "id": "tag", "add": ["asked"]},
]
FORK = {
    "triggers": [{"event": "order.placed"}], "key": "order", "stream": "marketing", "cancel_on": ["order.cancelled"], "steps": STEPS,
}  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """What a person does at a time: the shopper or the merchant."""

    at: datetime
    name: str
    do: Callable[[], None]


@dataclass(frozen=True)
class Shop:
    """One shop with all that is going to happen to it."""

    merchant: Merchant
    connection: UUID
    acts: list[Act]
    deeds: list[Deed]


def shops(seed: int, customers: int, post: Post) -> list[Shop]:
    """Three shops; the same seed gives the same."""
    dice = random.Random(seed)
    return [_shop(dice, zone, customers, post) for zone in ZONES]


def _shop(dice: random.Random, zone: str, customers: int, post: Post) -> Shop:
    merchant = open_merchant("Simulated", f"sim-{random_token(60).lower().replace('_', '-')}", time_zone=zone)
    with in_merchant(merchant):
        install()
        flow = publish.create("Forks", "", FORK)
        publish.publish(flow, revision=1)
        Flow.objects.update(enabled=True)
        connection = api_connection_id(merchant.pk)
    acts, deeds = list[Act](), [_edit(dice, merchant.pk, flow) for _ in range(2)]
    for number in range(customers):
        placed = START + timedelta(minutes=dice.randrange(40 * 24 * 60))
        lived = life(dice, 1000 + number, placed)
        acts += _disturbed(dice, lived)
        deeds += _person(dice, merchant.pk, lived[0].item.email, placed, post)  # type: ignore[union-attr]
    return Shop(merchant, connection, sorted(acts, key=lambda act: act.at), sorted(deeds, key=lambda deed: deed.at))


def _disturbed(dice: random.Random, acts: list[Act]) -> list[Act]:
    """Some told twice, some scans late."""
    found = []
    for act in acts:
        late = timedelta(hours=dice.uniform(1, 40)) if isinstance(act.item, ScanData) and dice.random() < 0.05 else timedelta()
        found.append(replace(act, at=act.at + late))
        if dice.random() < 0.05:
            found.append(replace(act, at=act.at + timedelta(minutes=dice.randrange(1, 3000))))
    return found


def _person(dice: random.Random, merchant: UUID, email: str, placed: datetime, post: Post) -> list[Deed]:
    at = placed + timedelta(days=dice.uniform(0.1, 30))
    drawn = dice.random()
    if drawn < 0.1:
        return [Deed(at, "unsubscribes", lambda: _unsubscribe(merchant, email, post))]
    return [Deed(at, "is erased", lambda: _erase(merchant, email))] if drawn < 0.14 else []


def _unsubscribe(merchant: UUID, email: str, post: Post) -> None:
    with in_merchant(merchant):
        mail = Message.objects.filter(to_address=email, stream=Stream.MARKETING).order_by("id").first()
        if mail:
            consent.unsubscribe(mail)
            post.stopped[merchant, email] = clock.business_now()


def _erase(merchant: UUID, email: str) -> None:
    with in_merchant(merchant):
        privacy.erase(email)


def _edit(dice: random.Random, merchant: UUID, flow: Flow) -> Deed:
    days, policy = dice.randrange(1, 5), dice.choice(list(InFlight))

    def do() -> None:
        with in_merchant(merchant):
            row = Flow.objects.get(pk=flow.pk)
            steps = [step | {"days": days} if step["id"] == "rest" else step for step in STEPS]
            publish.save_draft(row, FORK | {"steps": steps}, revision=row.draft_revision)
            publish.publish(row, revision=row.draft_revision, in_flight=policy)

    return Deed(START + timedelta(days=dice.uniform(5, 50)), f"publishes ({policy})", do)
