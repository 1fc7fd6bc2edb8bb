"""Default flows once everything has come: marketing, each for those who agreed, and held back while a parcel is in trouble."""

from django.utils.translation import gettext_noop as _

from notifications.definition import Branch, Definition, Split, Trigger, Until, Wait
from notifications.library.parts import ENDS_ASKING, MORNING, Default, after_delivery, asking, asks, request

HOW_TO = asking(after_delivery(1), request("how_to", "not_delivered", "no_guide", days=14), gap=180)
FOLLOW_UP = asking(after_delivery(3), request("follow_up", "not_delivered"))
REVIEW = asking(
    after_delivery(14, use_days=True),
    request("review_request", "not_delivered"),
    Split(
        id="asked", branches=[Branch(name="Asked", when=asks("messages.sent", "has_any", ["review_request"]), next="clicked")], otherwise=""
    ),
    Until(id="clicked", when=asks("messages.clicked", "has_any", ["review_request"]), days=7, next="", timeout="morning"),
    Wait(id="morning", anchor="here", at=MORNING),
    request("review_reminder", "not_delivered", id="reminder", days=14),
)
REFILL = Definition(
    triggers=[Trigger(event="order.delivered", when=asks("lines.use_days", "gte", 1))],
    key="order",
    stream="marketing",
    steps=[after_delivery(30, use_days=True), request("refill", "no_website", "ordered_since", days=14, priority=3)],
    cancel_on=ENDS_ASKING,
)
WIN_BACK = asking(
    Wait(id="wait", days=90, anchor="placed", at=MORNING),
    request("win_back", "no_website", "ordered_since", days=14, priority=1),
    starts="order.placed",
)

FLOWS = (
    Default(
        "how-to", _("First use"), _("Sends your guide the day after delivery, at most twice a year to the same person."), HOW_TO, on=False
    ),
    Default("follow-up", _("Follow-up"), _("Asks three days after the last parcel how it was, with help to get started."), FOLLOW_UP),
    Default(
        "review-request",
        _("Review request"),
        _("Asks for a review once the products have been in use, and once more a week later; never while something is wrong."),
        REVIEW,
    ),
    Default("refill", _("Refill"), _("Offers to order again when products with days of use should be used up."), REFILL, on=False),
    Default("win-back", _("Win back"), _("Writes once when somebody has not ordered for 90 days."), WIN_BACK, on=False),
)
