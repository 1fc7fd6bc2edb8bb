"""The flows that every new merchant starts with."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from notifications.definition import Definition, Send, Trigger, Wait, stored
from notifications.models import Flow, FlowVersion

ENDS = ["order.cancelled"]


@dataclass(frozen=True)
class Default:
    """A flow as it is shipped."""

    key: str
    name: str
    purpose: str
    definition: Definition


def _at_once(
    template: str, *triggers: Trigger, key: str = "shipment", hours: int = 72, unless: tuple[str, ...] = ("overtaken",)
) -> Definition:
    send = Send(id="email", template=template, unless=list(unless), useless_after_hours=hours)
    return Definition(triggers=list(triggers), key=key, stream="transactional", steps=[send], cancel_on=ENDS)  # type: ignore[arg-type]


def _moved(status: str) -> Trigger:
    return Trigger(event="shipment.moved", where={"new": [status]})


CONFIRMATION = Definition(
    triggers=[Trigger(event="order.placed")],
    key="order",
    stream="transactional",
    steps=[Send(id="email", template="confirmation", useless_after_hours=72, anchor="placed")],
    cancel_on=ENDS,
)
DELAYED = Definition(
    triggers=[
        Trigger(event="shipment.estimate_changed", where={"slipped": [True]}),
        Trigger(event="shipment.health_opened", where={"flag": ["stalled", "late_vs_promise", "late_vs_edd"]}),
    ],
    key="shipment",
    stream="transactional",
    steps=[
        Wait(id="hold", minutes=30),
        Send(id="email", template="delayed", unless=["not_delayed"], useless_after_hours=48),
    ],
    cancel_on=ENDS,
)


def _asks(template: str, wait: Wait) -> Definition:
    unless = ["not_delivered", "refunded", "problem_open"]
    return Definition(
        triggers=[Trigger(event="order.delivered")],
        key="order",
        stream="marketing",
        steps=[wait, Send(id="email", template=template, unless=unless, useless_after_hours=24 * 60)],
        cancel_on=[*ENDS, "order.refunded"],
    )


DEFAULTS = (
    Default(
        "confirmation", _("Order confirmation"), _("Says at once what was bought, where it goes and when it should arrive."), CONFIRMATION
    ),
    Default(
        "shipped",
        _("Shipped"),
        _("Tells the shopper that a parcel is on its way, with its tracking link."),
        _at_once("shipped", Trigger(event="shipment.created")),
    ),
    Default(
        "out-for-delivery",
        _("Out for delivery"),
        _("Says that the parcel comes today."),
        _at_once("out_for_delivery", _moved("out_for_delivery"), hours=12),
    ),
    Default(
        "delivered",
        _("Delivered"),
        _("Says where the parcel was left, and what to do if it is not there."),
        _at_once("delivered", _moved("delivered")),
    ),
    Default("delayed", _("Delayed"), _("Says first that a parcel is late or stands still, before the shopper has to ask."), DELAYED),
    Default(
        "follow-up",
        _("Follow-up"),
        _("Asks three days after the last parcel how it was, with help to get started."),
        _asks("follow_up", Wait(id="wait", days=3, anchor="delivered", at="10:00")),
    ),
    Default(
        "review-request",
        _("Review request"),
        _("Asks for a review once the products have been in use; never while something is wrong."),
        _asks("review_request", Wait(id="wait", days=14, use_days=True, anchor="delivered", at="10:00")),
    ),
)


def install() -> list[Flow]:
    """Give the merchant in scope the default flows that it lacks, switched on. Safe to repeat."""
    have = set(Flow.objects.values_list("key", flat=True))
    return [_install(default, position) for position, default in enumerate(DEFAULTS) if default.key not in have]


def _install(default: Default, position: int) -> Flow:
    flow = Flow.objects.create(key=default.key, name=default.name, purpose=default.purpose, position=position)
    flow.live = FlowVersion.objects.create(flow=flow, number=1, definition=stored(default.definition))
    flow.save(update_fields=["live"])
    return flow
