"""What the API says of a flow's results."""

from datetime import date
from typing import Literal

from msgspec import Struct


class Revenue(Struct):
    """Minor units of a currency, less refunds."""

    currency: str
    amount: int


class StepResults(Struct):
    """A step's messages, each counted once. `delivered` is what providers report; opens and clicks are people's."""

    step: str
    sent: int
    delivered: int
    opened: int
    clicked: int
    unsubscribed: int
    orders: int
    revenue: list[Revenue]


class Range(Struct):
    """A difference with its 95 % interval. Of shares, 0.012 is 1.2 percentage points; of amounts, minor units."""

    value: float
    low: float
    high: float


class ArmResults(Struct):
    """An arm of a test: everybody in it so far; and of the first people, once the test is over, how many reached the goal."""

    name: str
    holdout: bool
    people: int
    judged: int | None
    reached: int | None


class Earned(Struct):
    """What one person spent in orders within 30 days, less refunds, in minor units of the shop's own currency: each side's mean, and the
    first less the second with Welch's 95 % interval. `difference` is null where either side has fewer than 100 people or 10 orderers.
    """

    currency: str
    written_to: float
    held_out: float
    difference: Range | None


class Lift(Struct):
    """People written to and people held out who came in the period, and how many of them ordered again within 30 days. `difference` is
    null where either side has fewer than 100; `revenue` is null where either side has nobody.
    """

    written_to: int
    written_to_ordered: int
    held_out: int
    held_out_ordered: int
    difference: Range | None
    revenue: Earned | None


class TestResults(Struct):
    """An A/B test, judged once, by the rule that was set before it began. `lead` is that of the best arm over the next."""

    step: str
    goal: Literal["clicked", "ordered"]
    state: Literal["runs", "won", "no_difference"]
    winner: str
    lead: Range | None
    arms: list[ArmResults]
    lift: Lift | None


class FlowResults(Struct):
    """What came of the messages that a flow sent from `since` to `until`, both days in it."""

    flow: str
    since: date
    until: date
    steps: list[StepResults]
    tests: list[TestResults]
