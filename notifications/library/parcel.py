"""Default flows about a parcel on its way."""

from django.utils.translation import gettext_noop as _

from notifications.definition import Missing, Send, Trigger, Until, Wait
from notifications.library.parts import MORNING, Default, asks, moved, news, of_parcel

COLLECTED = asks("shipment.status", "is_not", "available_for_pickup")
SHIPPED = of_parcel(news("shipped", digest=120), starts=[Trigger(event="shipment.created")])
FIRST_SCAN = of_parcel(news("first_scan", hours=24), starts=[moved("in_transit")])
TOMORROW = of_parcel(
    Wait(id="wait", days=1, before=True, anchor="estimate", at=MORNING, missing=Missing(days=14, next="")),
    news("arriving_tomorrow", hours=12, unless=("overtaken", "not_tomorrow")),
    starts=[Trigger(event="shipment.created")],
)
OUT = of_parcel(news("out_for_delivery", hours=12), starts=[moved("out_for_delivery")])
COLLECT = of_parcel(
    news("ready_to_collect", hours=24),
    Until(id="collected", when=COLLECTED, days=2, next="", timeout="morning"),
    Wait(id="morning", anchor="here", at=MORNING),
    news("collect_reminder", id="reminder", hours=24),
    Until(id="collected-late", when=COLLECTED, days=2, next="", timeout="last-morning"),
    Wait(id="last-morning", anchor="here", at=MORNING),
    news("collect_last", id="last-call", hours=24),
    starts=[moved("available_for_pickup")],
)
ATTEMPT = of_parcel(
    news("attempt_failed", hours=24),
    Until(
        id="again",
        events=[Trigger(event="shipment.health_opened", where={"flag": ["repeated_attempts"]})],
        days=7,
        next="second",
        timeout="",
    ),
    news("attempt_failed", id="second", hours=24),
    starts=[moved("attempt_failed")],
)
DELAYED = of_parcel(
    Wait(id="hold", minutes=30),
    Send(id="email", template="delayed", unless=["not_delayed"], useless_after_hours=48),
    starts=[
        Trigger(event="shipment.estimate_changed", where={"slipped": [True]}),
        Trigger(event="shipment.health_opened", where={"flag": ["stalled", "late_vs_promise", "late_vs_edd"]}),
    ],
)
DELIVERED = of_parcel(news("delivered"), starts=[moved("delivered")])
RETURNING = of_parcel(news("returning", hours=96), starts=[moved("returning", "returned")])

FLOWS = (
    Default("shipped", _("Shipped"), _("Tells the shopper that a parcel is on its way, with its tracking link."), SHIPPED),
    Default(
        "first-scan", _("First scan"), _("Says that the carrier has the parcel, when it scans it for the first time."), FIRST_SCAN, on=False
    ),
    Default(
        "arriving-tomorrow",
        _("Arriving tomorrow"),
        _("Says on the morning before that a parcel should come the next day."),
        TOMORROW,
        on=False,
    ),
    Default("out-for-delivery", _("Out for delivery"), _("Says that the parcel comes today."), OUT),
    Default(
        "ready-to-collect",
        _("Ready to collect"),
        _("Says where a parcel waits, reminds after two days, and once more before it goes back."),
        COLLECT,
    ),
    Default(
        "attempt-failed",
        _("Delivery attempt failed"),
        _("Says why a parcel could not be handed over, and what the shopper can do."),
        ATTEMPT,
    ),
    Default("delayed", _("Delayed"), _("Says first that a parcel is late or stands still, before the shopper has to ask."), DELAYED),
    Default("delivered", _("Delivered"), _("Says where the parcel was left, and what to do if it is not there."), DELIVERED),
    Default(
        "returned", _("Back to the sender"), _("Says that a parcel comes back to you, and asks what the shopper would like."), RETURNING
    ),
)
