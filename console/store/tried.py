"""What Northlight tries out: when it best asks how it was, at which hour, and whether asking brings orders at all."""

from msgspec.structs import replace

from notifications.definition import Arm, Definition, Step, Trial, Wait, stored
from notifications.editing.publish import publish, save_draft
from notifications.library import DEFAULTS
from notifications.library.parts import MORNING, asking, request
from notifications.models import Flow
from notifications.walk import arm_of

FLOW = "follow-up"
SOON, LATER, HELD = "After three days", "After six days", "No letter"
AGAIN = {SOON: 0.2, LATER: 0.11, HELD: 0.07}  # how many of each order again in the days after
WHO = Trial(
    id="who", people=200, goal="ordered",
    arms=[Arm(name=SOON, share=35, next="wait"), Arm(name=LATER, share=35, next="longer"), Arm(name=HELD, share=30, next="", holdout=True)],
)  # fmt: skip


def plan() -> Definition:
    """The default flow, in two arms at the hour at which people read, and one that is not written to."""
    steps = asking(
        WHO,
        Wait(id="wait", days=3, anchor="delivered", at=MORNING, best_time=True, next="email"),
        Wait(id="longer", days=6, anchor="delivered", at=MORNING, best_time=True, next="email-later"),
        request("follow_up", "not_delivered"),
        request("follow_up", "not_delivered", id="email-later"),
    )
    steps.steps[3].next = ""  # type: ignore[union-attr] # the ways do not meet
    return steps


def arm(address: str) -> int:
    """The place of the arm that the person with this address is in."""
    return arm_of(WHO, address, FLOW)


def begin() -> None:
    """Publish it for the merchant in scope, and have reviews asked for at the hour at which people read."""
    _live(FLOW, plan())
    review = next(one for one in DEFAULTS if one.key == "review-request").definition
    _live("review-request", replace(review, steps=[_at_best(step) for step in review.steps]))


def _at_best(step: Step) -> Step:
    return replace(step, best_time=True) if isinstance(step, Wait) and step.id == "wait" else step


def _live(key: str, definition: Definition) -> None:
    flow = Flow.objects.get(key=key)
    save_draft(flow, stored(definition), revision=flow.draft_revision)
    publish(flow, revision=flow.draft_revision)
