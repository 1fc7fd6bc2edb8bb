"""What Northlight tries out: when it best asks how it was, at which hour, and whether asking brings orders at all."""

from notifications.definition import Arm, Definition, Trial, Wait, stored
from notifications.editing.publish import publish, save_draft
from notifications.library.parts import MORNING, asking, request
from notifications.models import Flow
from notifications.walk import arm_of

FLOW = "follow-up"
SOON, LATER, HELD = "After three days", "After six days", "Held out"
AGAIN = {SOON: 0.19, LATER: 0.09, HELD: 0.05}  # how many of each order again in the days after
WHO = Trial(
    id="who", people=200, goal="ordered",
    arms=[Arm(name=SOON, share=40, next="wait"), Arm(name=LATER, share=40, next="longer"), Arm(name=HELD, share=20, next="", holdout=True)],
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
    """Publish it, for the merchant in scope."""
    flow = Flow.objects.get(key=FLOW)
    save_draft(flow, stored(plan()), revision=flow.draft_revision)
    publish(flow, revision=flow.draft_revision)
