"""/api/v1/flows/{key}/results"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api.v1 import result_shapes as shapes
from api.v1.flows import flow_of
from api.v1.openapi import parameter, told
from api.v1.resource import Resource, answer, bad_query, key_of, query_of
from api.v1.show import same
from notifications.definition import Definition, Send, read
from notifications.results.arms import Judged, Lift, trials_of
from notifications.results.counts import Period, Result, by_step
from notifications.results.interval import Interval
from postpurchase.tenancy.models import Brand
from postpurchase.ui import words
from tracking import zones

USUAL, MOST = 30, 366  # days


class FlowResults(Resource):
    """What came of a flow."""

    scopes = {"GET": "messages:read"}

    @told("Ask what came of a flow", gives=shapes.FlowResults, one=True, params=[
        parameter("since", "The first day (2026-11-01), by the shop's clock; 30 days up to `until` if absent"),
        parameter("until", "The last day; today if absent"),
    ])  # fmt: skip
    def get(self, request: Request, key: str) -> HttpResponse:
        """Of the messages that it sent in the period, by step: what people did with them, and the orders credited to their last touch.
        Then its A/B tests: verdicts by their rules, and what the messages added for whom a test holds people out. Live orders only: a
        test key is told of none.
        """
        flow = flow_of(key)
        if flow.live is None:
            raise Http404
        with timezone.override(zones.named(Brand.objects.order_by("id")[0].time_zone)):
            first, last = _days(request)
            period = Period(_start(first), _start(last + timedelta(days=1)))
        plan, live = read(flow.live.definition), key_of(request).live
        found = by_step(flow.pk, period) if live else {}
        tests = trials_of(flow, plan, period) if live else []
        steps = [_step(node, found.get(node, Result())) for node in _nodes(plan, found)]
        return answer(shapes.FlowResults(flow.key, first, last, steps, [_test(one) for one in tests]))


def _days(request: Request) -> tuple[date, date]:
    query = query_of(request, "since", "until")
    last = _day(query.get("until", ""), "until") or words.now().date()
    first = _day(query.get("since", ""), "since") or last - timedelta(days=USUAL - 1)
    if not timedelta() <= last - first < timedelta(days=MOST):
        raise bad_query("since", f"must be at most {MOST} days before until, and not after it")
    return first, last


def _day(text: str, name: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        raise bad_query(name, "must be a day, as 2026-11-30")
    return found


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone()).astimezone(UTC)


def _nodes(plan: Definition, found: dict[str, Result]) -> list[str]:
    known = [step.id for step in plan.steps if isinstance(step, Send)]
    return [*known, *sorted(found.keys() - set(known))]


def _step(node: str, one: Result) -> shapes.StepResults:
    revenue = [shapes.Revenue(currency, amount) for currency, amount in sorted(one.revenue.items())]
    return shapes.StepResults(**same(vars(one), shapes.StepResults, step=node, unsubscribed=one.left, revenue=revenue))


def _test(one: Judged) -> shapes.TestResults:
    verdict = one.verdict
    state: Literal["runs", "won", "no_difference"] = "runs" if not verdict.over else "won" if verdict.won else "no_difference"
    arms = [
        shapes.ArmResults(arm.name, arm.holdout, arm.people, *((arm.ripe, arm.hits) if verdict.over else (None, None))) for arm in one.arms
    ]
    winner = one.arms[verdict.best].name if verdict.won else ""
    return shapes.TestResults(one.step.id, one.step.goal, state, winner, _range(verdict.margin), arms, _lift(one.lift))


def _lift(lift: Lift | None) -> shapes.Lift | None:
    if lift is None:
        return None
    return shapes.Lift(lift.written[1], lift.written[0], lift.held[1], lift.held[0], _range(lift.interval), _earned(lift))


def _earned(lift: Lift) -> shapes.Earned | None:
    written, held = lift.written_spent, lift.held_spent
    return shapes.Earned(lift.currency, written.mean, held.mean, _range(lift.revenue)) if written.people and held.people else None


def _range(found: Interval | None) -> shapes.Range | None:
    return shapes.Range(found.value, found.low, found.high) if found else None
