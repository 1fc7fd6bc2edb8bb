"""The steps that can be added, each with what it is for and how it begins."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard import flow_words
from notifications.definition import Arm, Branch, Definition, End, Missing, Send, Split, Step, Tag, Tell, Trial, Until, Wait
from notifications.definition.check import SURE
from notifications.definition.conditions import Asks
from notifications.editing.edit import fresh_id

EMAIL, WAIT, UNTIL, SPLIT, TRIAL, TELL, TAG, END = "email", "wait", "until", "split", "test", "tell", "tag", "end"


@dataclass(frozen=True)
class Kind:
    """A kind of step as the menu offers it."""

    name: str
    type: type
    label: str | Promise
    text: str | Promise

    @property
    def look(self) -> tuple[str, str]:
        """Tone and icon."""
        return flow_words.LOOKS[self.type]


KINDS = (
    Kind(EMAIL, Send, lazy("Write to the shopper"), lazy("An email or SMS, unless something speaks against it.")),
    Kind(WAIT, Wait, lazy("Wait"), lazy("Some days or hours, until a time of day, or around a date such as the delivery.")),
    Kind(UNTIL, Until, lazy("Wait until something happens"), lazy("With a longest time, after which another way is taken.")),
    Kind(SPLIT, Split, lazy("Branch by a question"), lazy("About the order, its parcels or the customer. Each answer has its own way.")),
    Kind(TRIAL, Trial, lazy("A/B test"), lazy("Shares people out at random and tells which way works better.")),
    Kind(TELL, Tell, lazy("Tell the team"), lazy("An alert to your people, or a call of your webhooks.")),
    Kind(TAG, Tag, lazy("Tag the customer"), lazy("Put a tag on, or take one off.")),
    Kind(END, End, lazy("End here"), lazy("Nothing more on this way.")),
)
FIRST = {"order.placed": "confirmation", "shipment.created": "shipped", "order.delivered": "delivered", "order.refunded": "refunded"}


def fresh(name: str, plan: Definition) -> Step:
    """A new step of that kind, ready to be put into the flow. Raises KeyError for no kind."""
    node = fresh_id((step.id for step in plan.steps), name)
    starts = {trigger.event for trigger in plan.triggers}
    if name == EMAIL:
        return Send(id=node, template=_first(plan))
    if name == WAIT:
        first = not any(isinstance(step, Wait | Until) for step in plan.steps)  # a later one follows what was waited for before
        anchor = "delivered" if first and starts <= SURE["delivered"] else "here"
        return Wait(id=node, days=1, anchor=anchor)  # type: ignore[arg-type]
    if name == SPLIT:
        asked = Asks(field="customer.returning", op="is", value=True)
        return Split(id=node, branches=[Branch(name=_("Yes"), when=asked, next="")])
    plain: dict[str, Step] = {
        UNTIL: Until(id=node, days=3),
        TRIAL: Trial(id=node, arms=[Arm(name="A", share=50, next=""), Arm(name="B", share=50, next="")]),
        TELL: Tell(id=node, to="team", text=_("Please look at this order.")),
        TAG: Tag(id=node),
        END: End(id=node),
    }
    return plain[name]


def _first(plan: Definition) -> str:
    """The message that a new step begins with: one of the flow's kind, and near what starts it."""
    return "follow_up" if plan.stream == "marketing" else FIRST.get(plan.triggers[0].event, "delayed")


def patience(step: Wait, plan: Definition) -> Wait:
    """The wait with an answer to what happens if its anchor never comes, where it may not: after 30 days they leave."""
    sure = bool(step.on) or {trigger.event for trigger in plan.triggers} <= SURE[step.anchor]
    if sure or step.missing:
        return step
    return Wait(**{name: getattr(step, name) for name in step.__struct_fields__} | {"missing": Missing(days=30, next="")})
