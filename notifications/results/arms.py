"""Who went into which arm of an A/B test, and what they did within OUTCOME_DAYS: for its verdict, and for what a holdout proves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from notifications.definition import Definition, Trial
from notifications.models import Flow, FlowVersion
from notifications.results.counts import Period
from notifications.results.interval import Interval, Sums, difference, mean_difference
from notifications.results.judge import Tried, Verdict, judge
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.scope import merchant_id

OUTCOME_DAYS = 30
OUTCOME = timedelta(days=OUTCOME_DAYS)
FEW = 100  # people on either side; fewer prove nothing
FEW_ORDERERS = 10  # of them, before amounts are compared
MOST = 100_000  # people of a period, the first: more would make no interval worth reading narrower

# The first entries, each person once with their first; then of each whether they ordered again, and whether they clicked, in time.
ENTERED = """
WITH entries AS MATERIALIZED (
  SELECT d.reason AS arm, d.decided_at, d.id, e.id AS enrolment_id, e.order_id, o.customer_id,
    coalesce(nullif(o.email, ''), o.customer_id::text, o.id::text) AS person
  FROM notifications_decision AS d JOIN notifications_enrolment AS e ON e.id = d.enrolment_id JOIN orders_order AS o ON o.id = e.order_id
  WHERE d.merchant_id = %(merchant)s AND d.node = %(node)s AND d.verdict = 'arm' AND e.merchant_id = %(merchant)s
    AND e.flow_id = %(flow)s AND e.version_id = ANY(%(versions)s) AND o.merchant_id = %(merchant)s AND NOT o.test
    AND d.decided_at >= %(since)s AND d.decided_at < %(until)s
  ORDER BY d.decided_at, d.id LIMIT %(most)s),
people AS (SELECT DISTINCT ON (person) * FROM entries ORDER BY person, decided_at, id),
placed AS (SELECT *, row_number() OVER (PARTITION BY arm ORDER BY decided_at, id) AS place FROM people),
ripe AS (SELECT * FROM placed WHERE place <= %(people)s AND decided_at <= %(ripe)s),
done AS (SELECT arm, coalesce(bought.orders, 0) > 0 AS ordered, coalesce(bought.kept, 0) AS kept,
    %(clicks)s AND EXISTS (SELECT FROM notifications_message AS m JOIN notifications_engagement AS c ON c.message_id = m.id
      WHERE m.merchant_id = %(merchant)s AND m.enrolment_id = ripe.enrolment_id AND c.merchant_id = %(merchant)s AND c.kind = 'click'
      AND NOT c.machine AND c.at < decided_at + %(outcome)s) AS clicked
  FROM ripe CROSS JOIN LATERAL (SELECT count(*) AS orders, sum(CASE WHEN b.currency = %(currency)s THEN b.total - b.refunded_total
      WHEN b.shop_currency = %(currency)s AND b.total > 0
      THEN round((b.shop_totals->>'total')::numeric * (b.total - b.refunded_total) / b.total) END) AS kept
    FROM orders_order AS b WHERE b.merchant_id = %(merchant)s AND b.customer_id = ripe.customer_id AND b.id <> ripe.order_id
      AND NOT b.test AND b.cancelled_at IS NULL AND b.placed_at > decided_at AND b.placed_at < decided_at + %(outcome)s) AS bought)
SELECT arm, 0, count(*), count(*) FILTER (WHERE ordered), count(*) FILTER (WHERE clicked), sum(kept)::bigint, sum(kept * kept)::numeric
FROM done GROUP BY 1
UNION ALL SELECT arm, count(*), 0, 0, 0, 0, 0 FROM people GROUP BY 1"""


class Counted(NamedTuple):
    """Of an arm: people; ripe ones of the first, and of those who ordered and who clicked; what these spent, and its squares."""

    people: int = 0
    ripe: int = 0
    ordered: int = 0
    clicked: int = 0
    spent: int = 0
    squares: int = 0

    @property
    def sums(self) -> Sums:
        """What the ripe ones spent."""
        return Sums(self.ripe, self.spent, self.squares)

    def with_(self, other: Sequence[int]) -> "Counted":
        """Both together."""
        return Counted(*(int(one + more) for one, more in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Lift:
    """People who were written to beside those held out: (how many ordered again within OUTCOME_DAYS, of how many), and what they spent in
    these orders, less refunds, in minor units of `currency`, the shop's own ('' for a shop without orders).
    """

    written: tuple[int, int]
    held: tuple[int, int]
    written_spent: Sums
    held_spent: Sums
    currency: str

    @property
    def interval(self) -> Interval | None:
        """How much larger the share is that ordered again; None where either side has fewer than FEW people."""
        return difference(self.written, self.held) if min(self.written[1], self.held[1]) >= FEW else None

    @property
    def revenue(self) -> Interval | None:
        """How much more one person spent, in minor units; None where either side has fewer than FEW people or FEW_ORDERERS of them ordered:
        amounts are so uneven that an interval of fewer would not hold.
        """
        enough = self.interval and min(self.written[0], self.held[0]) >= FEW_ORDERERS
        return mean_difference(self.written_spent, self.held_spent) if enough else None


@dataclass(frozen=True)
class Judged:
    """A test with its arms, its verdict, and for one that holds people out what the messages added in the period."""

    step: Trial
    arms: list[Tried]
    verdict: Verdict
    lift: Lift | None


def trials_of(flow: Flow, plan: Definition, period: Period) -> list[Judged]:
    """Every A/B test of what is live. At most three queries for each, and one. A changed test is another one: it begins anew."""
    trials = [step for step in plan.steps if isinstance(step, Trial)]
    versions = list(FlowVersion.objects.filter(flow=flow).order_by("number").values_list("pk", "definition")) if trials else []
    return [_judged(flow.pk, step, _with(step.id, versions, flow.live_id), period) for step in trials]


def _with(node: str, versions: list[tuple[UUID, dict[str, Any]]], live: UUID | None) -> list[UUID]:
    """The versions that hold the test as the live one does."""
    held = {pk: next((one for one in plan["steps"] if one["id"] == node), None) for pk, plan in versions}
    return [pk for pk, step in held.items() if live and step == held[live]]


def _judged(flow_id: UUID, step: Trial, versions: list[UUID], period: Period) -> Judged:
    now = clock.business_now()
    needed = math.ceil(step.people * 150 / min(arm.share for arm in step.arms)) + 1000  # entries: a person may be among them twice
    currency = _currency()
    asked = {"flow": flow_id, "node": step.id, "versions": versions, "outcome": OUTCOME, "currency": currency}
    whole = Period(now - timedelta(days=3650), now + timedelta(days=1))
    found = _asked(whole, asked | {"people": step.people, "most": needed, "ripe": now - OUTCOME, "clicks": step.goal == "clicked"})
    arms = []
    for arm in step.arms:
        one = found.get(arm.name, Counted())
        arms.append(Tried(arm.name, one.people, one.ripe, one.clicked if step.goal == "clicked" else one.ordered, arm.holdout))
    lately = asked | {"people": MOST, "most": MOST, "ripe": now, "clicks": False}
    lift = _lift(step, _asked(period, lately), currency) if _holds(step) else None
    return Judged(step, arms, judge(arms, people=step.people, confidence=step.confidence), lift)


def _holds(step: Trial) -> bool:
    return {arm.holdout for arm in step.arms} == {True, False}


def _lift(step: Trial, found: dict[str, Counted], currency: str) -> Lift:
    sides = {True: Counted(), False: Counted()}
    for arm in step.arms:
        sides[arm.holdout] = sides[arm.holdout].with_(found.get(arm.name, Counted()))
    written, held = sides[False], sides[True]
    return Lift((written.ordered, written.ripe), (held.ordered, held.ripe), written.sums, held.sums, currency)


def _currency() -> str:
    """What amounts are compared in: the currency of the shop's newest order."""
    return Order.objects.newest_first().values_list("shop_currency", flat=True).first() or ""


def _asked(period: Period, given: dict[str, Any]) -> dict[str, Counted]:
    """Arm -> what is counted of it."""
    found: dict[str, Counted] = {}
    with connection.cursor() as cursor:
        cursor.execute(ENTERED, given | {"merchant": merchant_id(), "since": period.since, "until": period.until})
        for arm, *counts in cursor.fetchall():
            found[arm] = found.get(arm, Counted()).with_(counts)
    return found
