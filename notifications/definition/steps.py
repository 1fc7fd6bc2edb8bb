"""The form of a flow: triggers, a key, steps joined by `next`, and what ends it early. Stored as JSON in FlowVersion.definition."""

from datetime import date
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from notifications.definition.conditions import Condition
from notifications.definition.said import Said

Anchor = Literal["here", "trigger", "placed", "shipped", "delivered", "estimate"]
NodeId = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}$")]
Next = Annotated[str, Meta(pattern=r"^[a-z0-9-]{0,40}$", description="The step that follows; '' ends the flow")]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Time of day, local to the shopper")]
Words = Annotated[str, Meta(min_length=1, max_length=60)]
Guard = str


class Trigger(Struct, forbid_unknown_fields=True):
    """A fact that starts the flow, if each field in `where` has one of the listed values, and `when` holds."""

    event: str
    where: dict[str, list[str | bool]] = {}
    when: Condition | None = None


class Missing(Struct, forbid_unknown_fields=True):
    """While the anchor has not come: wait for it so many days from the trigger, then go on at `next`. Never 0: nothing is sent at once."""

    days: Annotated[int, Meta(ge=1, le=365)]
    next: Next


class Wait(Struct, tag_field="do", tag="wait", forbid_unknown_fields=True, kw_only=True):
    """Wait from an anchor: days on the calendar (or the products' own days of use) and minutes, or back from it; then until a time of
    day, on one of the weekdays (0 is Monday). Or until a day of the calendar. Clocks and days are the shopper's. The anchor `here` is the
    moment at which the step is reached.
    """

    id: NodeId
    days: Annotated[int, Meta(ge=0, le=365)] = 0
    minutes: Annotated[int, Meta(ge=0, le=1440)] = 0
    before: bool = False  # days and minutes count back from the anchor
    use_days: bool = False  # the longest use_days of the order's lines; `days` where no line has any
    anchor: Anchor = "trigger"
    missing: Missing | None = None
    on: date | None = None  # this day, whatever the anchor
    at: Clock | None = None
    weekdays: Annotated[list[Annotated[int, Meta(ge=0, le=6)]], Meta(max_length=7)] = []
    best_time: bool = False  # at the hour at which this person reads, near `at`
    next: Next | None = None


class Until(Struct, tag_field="do", tag="until", forbid_unknown_fields=True, kw_only=True):
    """Wait until one of the events happens to the order, or the condition holds; after days and minutes go on at `timeout` instead."""

    id: NodeId
    events: Annotated[list[Trigger], Meta(max_length=10)] = []
    when: Condition | None = None
    days: Annotated[int, Meta(ge=0, le=365)] = 0
    minutes: Annotated[int, Meta(ge=0, le=1440)] = 0
    next: Next | None = None
    timeout: Next = ""


class Send(Struct, tag_field="do", tag="send", forbid_unknown_fields=True, kw_only=True):
    """Write to the shopper, unless one of the named guards has a reason not to, and not while one of `hold_while` has."""

    id: NodeId
    template: Annotated[str, Meta(min_length=1, max_length=60)]
    channel: Literal["email", "sms"] = "email"
    unless: list[Guard] = []
    hold_while: list[Guard] = []
    guarantee: Literal["amo", "alo", "key"] = "amo"
    useless_after_hours: Annotated[int, Meta(ge=1, le=8760)] | None = None  # from the anchor
    anchor: Anchor = "trigger"
    priority: Annotated[int, Meta(ge=0, le=9)] = 5  # who goes first where a person's cap leaves room for one: 9 before 0
    digest_minutes: Annotated[int, Meta(ge=0, le=1440)] = 0  # waits so long for its like: two parcels, one mail
    next: Next | None = None


class Tell(Struct, tag_field="do", tag="tell", forbid_unknown_fields=True, kw_only=True):
    """Tell the team (as they want to be alerted), or the merchant's webhooks."""

    id: NodeId
    to: Literal["team", "webhook"]
    text: Annotated[str, Meta(min_length=1, max_length=300)]
    next: Next | None = None


class Branch(Struct, forbid_unknown_fields=True):
    """A way on, and when it is taken."""

    name: Words
    when: Condition
    next: Next


class Split(Struct, tag_field="do", tag="split", forbid_unknown_fields=True, kw_only=True):
    """Go on by the first branch whose condition holds, else by `otherwise`."""

    id: NodeId
    branches: Annotated[list[Branch], Meta(min_length=1, max_length=10)]
    otherwise: Next = ""


class Arm(Struct, forbid_unknown_fields=True):
    """A part of the people in a test. The holdout gets what would be without the rest."""

    name: Words
    share: Annotated[int, Meta(ge=1, le=99, description="Percent of people")]
    next: Next
    holdout: bool = False


class Trial(Struct, tag_field="do", tag="ab", forbid_unknown_fields=True, kw_only=True):
    """An A/B test: each person always gets the same arm. Judged once, by the rule that was set before it began."""

    id: NodeId
    arms: Annotated[list[Arm], Meta(min_length=2, max_length=5)]
    goal: Literal["clicked", "ordered"] = "ordered"
    people: Annotated[int, Meta(ge=100, le=1_000_000, description="In each arm before it is judged")] = 1000
    confidence: Annotated[int, Meta(ge=80, le=99, description="Percent")] = 95


class Tag(Struct, tag_field="do", tag="tag", forbid_unknown_fields=True, kw_only=True):
    """Put tags on the customer, or take them off."""

    id: NodeId
    add: Annotated[list[Words], Meta(max_length=10)] = []
    remove: Annotated[list[Words], Meta(max_length=10)] = []
    next: Next | None = None


class End(Struct, tag_field="do", tag="end", forbid_unknown_fields=True, kw_only=True):
    """Nothing more."""

    id: NodeId


Step = Wait | Until | Send | Tell | Split | Trial | Tag | End


class Definition(Struct, forbid_unknown_fields=True, kw_only=True):
    """A whole flow. It begins at its first step; a step without `next` goes on to the one below it in the list."""

    triggers: Annotated[list[Trigger], Meta(min_length=1, max_length=10)]
    key: Literal["order", "shipment"]  # one enrolment for each
    stream: Literal["transactional", "marketing"]
    steps: Annotated[list[Step], Meta(min_length=1, max_length=50)]
    cancel_on: list[str] = []
    person_gap_days: Annotated[int, Meta(ge=0, le=3650)] = 0  # the same person not again for so long; 0: with each order or parcel

    def step(self, node: str) -> Step:
        """The step of that id. Raises BadFlow."""
        for step in self.steps:
            if step.id == node:
                return step
        raise BadFlow([Problem(node, Said(_("there is no such step")))])

    @property
    def start(self) -> str:
        """The id of the first step."""
        return self.steps[0].id


class Problem(Struct, frozen=True):
    """What keeps a flow from running: the step ('' for the whole flow) and what to do about it."""

    step: str
    said: Said

    @property
    def text(self) -> str:
        """In the language of whoever reads it now."""
        return str(self.said)


class BadFlow(ValueError):
    """The definition cannot run. `problems` name the steps."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{one.step}: {one.text}" if one.step else one.text for one in problems))
        self.problems = problems


def ways(step: Step) -> list[str]:
    """Where a step may lead; '' is the end. The step must be linked."""
    if isinstance(step, Split):
        return [*(branch.next for branch in step.branches), step.otherwise]
    if isinstance(step, Trial):
        return [arm.next for arm in step.arms]
    if isinstance(step, End):
        return []
    found = [step.next or ""]
    if isinstance(step, Until):
        found.append(step.timeout)
    if isinstance(step, Wait) and step.missing:
        found.append(step.missing.next)
    return found
