"""The work on backtests: a portion of orders, lived through on both sides, and its progress are one transaction."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from backtest import compare
from backtest.compare import Pair
from backtest.models import Backtest
from notifications.definition import Definition, loose
from notifications.models import Stream
from notifications.replay import load
from notifications.replay.engine import Replay
from notifications.replay.life import Moment
from notifications.replay.load import Past
from notifications.replay.shop import Shop
from notifications.replay.world import Happening, World
from orders.models import Order
from postpurchase.lib import clock, faults
from postpurchase.lib.ids import uuid7s
from postpurchase.tenancy.scope import in_merchant
from postpurchase.tenancy.statement import as_json, execute
from transfers import lease
from transfers.models import Standing

log = logging.getLogger(__name__)
PORTION, SLICE = 500, 20.0  # orders of a transaction; seconds of a task
EARLIER = timedelta(days=60)  # orders placed so long before the first day still have parcels and messages under way

KEEP = """
INSERT INTO backtest_outcome (id, merchant_id, backtest_id, order_id, subject, node, template, difference, verdict, reason, at,
    live_verdict, live_reason, live_at)
SELECT id, %(merchant)s, %(backtest)s, order_id, subject, node, template, difference, verdict, reason, at,
    live_verdict, live_reason, live_at
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id uuid, order_id uuid, subject uuid, node text, template text, difference text,
    verdict text, reason text, at timestamptz, live_verdict text, live_reason text, live_at timestamptz)
ON CONFLICT DO NOTHING"""


@dataclass(frozen=True)
class Sides:
    """What is tried, and what is live; None where nothing is."""

    flow_id: UUID
    draft: Definition
    live: Definition | None
    shop: Shop

    @property
    def plans(self) -> list[Definition]:
        """Both."""
        return [self.draft, *([self.live] if self.live else [])]

    @property
    def by_person(self) -> bool:
        """Whether a person's orders have to be lived through together: what one gets, or its trouble, holds back what the others get."""
        return any(plan.person_gap_days or plan.stream == Stream.MARKETING.value for plan in self.plans)


def slice_of(merchant_id: object, backtest_id: UUID, seconds: float = SLICE) -> bool:
    """Work on a backtest for a while. Whether there is more to do."""
    with in_merchant(merchant_id):
        row = lease.claim(Backtest, backtest_id, (Standing.RUNNING,))
        sides = sides_of(row) if row else None
    if row is None or sides is None:
        return False
    problem = _("Something went wrong on our side. Nothing was sent; start it again.")
    step = lambda: _portion(merchant_id, row, sides)  # noqa: E731
    return lease.work(merchant_id, row, step, seconds=seconds, failed=Standing.FAILED, problem=problem, over=lambda _: None)


def sides_of(row: Backtest) -> Sides:
    """The definitions of a backtest, with the shop."""
    return Sides(row.flow_id, loose(row.definition), loose(row.live.definition) if row.live else None, load.shop())


def orders_of(row: Backtest) -> QuerySet[Order]:
    """The orders that it is about."""
    found: QuerySet[Order] = Order.objects.filter(placed_at__gte=row.since - EARLIER, placed_at__lte=row.until, test=False)
    return found


def _portion(merchant_id: object, row: Backtest, sides: Sides) -> bool:
    """The next orders with their progress, or none of both. Whether there are more."""
    with in_merchant(merchant_id):
        found = list(_after(orders_of(row), row.cursor).values_list("placed_at", "pk", "customer_id")[:PORTION])
        pairs, entered = live_through([(pk, person) for _at, pk, person in found], row, sides)
        _keep(row, pairs)
        faults.reach("backtest.portion")
        more = len(found) == PORTION
        ended: dict[str, Any] = {} if more else {"state": Standing.DONE, "finished_at": clock.business_now()}
        cursor = f"{found[-1][0].isoformat()} {found[-1][1]}" if found else row.cursor
        summary = compare.add(row.summary, pairs, entered)
        lease.go_on(row, cursor=cursor, done=row.done + len(found), summary=summary, **ended)
    return more


def _after(orders: QuerySet[Order], cursor: str) -> QuerySet[Order]:
    orders = orders.order_by("placed_at", "pk")
    if not cursor:
        return orders
    at, pk = cursor.split(" ")
    return orders.filter(Q(placed_at__gt=at) | Q(placed_at=at, pk__gt=pk), placed_at__gte=at)


def live_through(orders: list[tuple[UUID, UUID | None]], row: Backtest, sides: Sides) -> tuple[list[Pair], tuple[int, int]]:
    """Both sides' lives of these orders; with how many entered on each. A person's orders go together where a side minds the others."""
    groups = _groups(orders, row) if sides.by_person else [Group([pk]) for pk, _person in orders]
    every = [pk for group in groups for pk in group.orders]
    past = load.past(every, sides.plans, sides.flow_id, [pk for group in groups for pk in group.aside])
    replays = [Replay(plan, sides.flow_id, sides.shop) if plan else None for plan in (sides.draft, sides.live)]
    pairs: list[Pair] = []
    entered = [0, 0]
    for group in groups:
        worlds = {pk: past.worlds[pk] for pk in (*group.orders, *group.aside) if pk in past.worlds}
        told = _merged(past, worlds)
        both = []
        for side, replay in enumerate(replays):
            moments = _life(replay, worlds, told, row.until) if replay and told else []
            entered[side] += sum(one.kind == "entered" and one.at >= row.since for one in moments)
            both.append(compare.fates(moments, row.since))
        pairs += compare.pairs(*both)
    return pairs, (entered[0], entered[1])


def _life(replay: Replay, worlds: dict[UUID, World], told: list[Happening], until: datetime) -> list[Moment]:
    if not any(one.fact.kind in replay.starts for one in told):
        return []
    return replay.run({pk: load.fresh(world) for pk, world in worlds.items()}, told, until)


def _merged(past: Past, worlds: Iterable[UUID]) -> list[Happening]:
    told = [past.happenings[pk] for pk in worlds]
    return told[0] if len(told) == 1 else sorted((one for mine in told for one in mine), key=lambda one: one.at)


@dataclass
class Group:
    """Orders that are lived through together, and those of the same person that are only looked at."""

    orders: list[UUID]
    aside: list[UUID] = field(default_factory=list)


def _groups(orders: list[tuple[UUID, UUID | None]], row: Backtest) -> list[Group]:
    """Whole people: each is lived through with their first order of the time, and skipped with the others."""
    people = {person for _pk, person in orders if person}
    theirs: dict[UUID, Group] = defaultdict(lambda: Group([]))
    known = Order.objects.filter(customer__in=people, placed_at__lte=row.until).order_by("placed_at", "pk")
    for person, pk, at, test in known.values_list("customer_id", "pk", "placed_at", "test"):
        group = theirs[person]
        (group.aside if test or at < row.since - EARLIER else group.orders).append(pk)
    return [Group([pk]) if person is None else theirs[person] for pk, person in orders if person is None or theirs[person].orders[0] == pk]


def _keep(row: Backtest, pairs: list[Pair]) -> None:
    rows = [_row(pair) | {"id": pk} for pair, pk in zip(pairs, uuid7s(len(pairs)), strict=True)]
    if rows:
        execute(KEEP, backtest=row.pk, rows=as_json(rows))


def _row(pair: Pair) -> dict[str, Any]:
    told = {"order_id": pair.order_id, "subject": pair.subject, "node": pair.node, "difference": pair.difference.value}
    for before, fate in (("", pair.draft), ("live_", pair.live)):
        told |= {f"{before}verdict": fate.verdict if fate else "", f"{before}reason": fate.reason if fate else ""}
        told[f"{before}at"] = fate.at if fate else None
    either = pair.draft or pair.live
    return told | {"template": either.template if either else ""}
