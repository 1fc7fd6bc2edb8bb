"""Who went into which arm of an A/B test, and what they did within OUTCOME_DAYS: for its verdict, and for what a holdout proves."""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from notifications.definition import Definition, Trial
from notifications.models import Flow, FlowVersion
from notifications.results.counts import Period
from notifications.results.interval import Interval, difference
from notifications.results.judge import Tried, Verdict, judge
from postpurchase.lib import clock
from postpurchase.tenancy.scope import merchant_id

OUTCOME_DAYS = 30
OUTCOME = timedelta(days=OUTCOME_DAYS)
FEW = 100  # people on either side; fewer prove nothing
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
done AS (SELECT arm,
    EXISTS (SELECT FROM orders_order AS b WHERE b.merchant_id = %(merchant)s AND b.customer_id = ripe.customer_id AND b.id <> ripe.order_id
      AND NOT b.test AND b.cancelled_at IS NULL AND b.placed_at > decided_at AND b.placed_at < decided_at + %(outcome)s) AS ordered,
    %(clicks)s AND EXISTS (SELECT FROM notifications_message AS m JOIN notifications_engagement AS c ON c.message_id = m.id
      WHERE m.merchant_id = %(merchant)s AND m.enrolment_id = ripe.enrolment_id AND c.merchant_id = %(merchant)s AND c.kind = 'click'
      AND NOT c.machine AND c.at < decided_at + %(outcome)s) AS clicked
  FROM ripe)
SELECT arm, 0, count(*), count(*) FILTER (WHERE ordered), count(*) FILTER (WHERE clicked) FROM done GROUP BY 1
UNION ALL SELECT arm, count(*), 0, 0, 0 FROM people GROUP BY 1"""


@dataclass(frozen=True)
class Lift:
    """People who were written to beside those held out: (how many ordered again within OUTCOME_DAYS, of how many)."""

    written: tuple[int, int]
    held: tuple[int, int]

    @property
    def interval(self) -> Interval | None:
        """How much larger the share is that ordered again; None where either side has fewer than FEW people."""
        return difference(self.written, self.held) if min(self.written[1], self.held[1]) >= FEW else None


@dataclass(frozen=True)
class Judged:
    """A test with its arms, its verdict, and for one that holds people out what the messages added in the period."""

    step: Trial
    arms: list[Tried]
    verdict: Verdict
    lift: Lift | None


def trials_of(flow: Flow, plan: Definition, period: Period) -> list[Judged]:
    """Every A/B test of what is live. At most two queries for each, and one. A changed test is another one: it begins anew."""
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
    asked = {"flow": flow_id, "node": step.id, "versions": versions, "outcome": OUTCOME}
    whole = Period(now - timedelta(days=3650), now + timedelta(days=1))
    found = _asked(whole, asked | {"people": step.people, "most": needed, "ripe": now - OUTCOME, "clicks": step.goal == "clicked"})
    arms = []
    for arm in step.arms:
        people, ripe, ordered, clicked = found.get(arm.name, (0, 0, 0, 0))
        arms.append(Tried(arm.name, people, ripe, clicked if step.goal == "clicked" else ordered, arm.holdout))
    lift = _lift(step, _asked(period, asked | {"people": MOST, "most": MOST, "ripe": now, "clicks": False})) if _holds(step) else None
    return Judged(step, arms, judge(arms, people=step.people, confidence=step.confidence), lift)


def _holds(step: Trial) -> bool:
    return {arm.holdout for arm in step.arms} == {True, False}


def _lift(step: Trial, found: dict[str, tuple[int, int, int, int]]) -> Lift:
    sides = {True: (0, 0), False: (0, 0)}
    for arm in step.arms:
        _people, of, ordered, _clicked = found.get(arm.name, (0, 0, 0, 0))
        sides[arm.holdout] = (sides[arm.holdout][0] + ordered, sides[arm.holdout][1] + of)
    return Lift(sides[False], sides[True])


def _asked(period: Period, given: dict[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    """Arm -> people, ripe ones of the first, and of those who ordered and who clicked."""
    found: dict[str, tuple[int, int, int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(ENTERED, given | {"merchant": merchant_id(), "since": period.since, "until": period.until})
        for arm, *counts in cursor.fetchall():
            before = found.get(arm, (0, 0, 0, 0))
            found[arm] = (before[0] + counts[0], before[1] + counts[1], before[2] + counts[2], before[3] + counts[3])
    return found
