"""Default flows about the order itself: from the till to the carrier, and money that goes back."""

from django.utils.translation import gettext_noop as _

from notifications.definition import Branch, Send, Split, Trigger, Until, Wait
from notifications.definition.conditions import Not, Some
from notifications.library.parts import DAY, MORNING, Default, asks, of_order

UNPAID = asks("order.payment", "any_of", ["pending", "unpaid", "awaiting_payment", "payment_pending"])
HELD = asks("order.fulfilment", "any_of", ["on_hold", "on-hold", "held", "in_review"])
WAITING = Some(of=[UNPAID, HELD])
NO_STOCK = Some(
    of=[
        asks("order.fulfilment", "any_of", ["backordered", "backorder", "on_backorder", "on-backorder", "out_of_stock"]),
        asks("order.tags", "has_any", ["backordered", "backorder"]),
    ]
)
WORKDAYS = [0, 1, 2, 3, 4]

CONFIRMATION = of_order(
    Send(id="email", template="confirmation", useless_after_hours=72, anchor="placed", priority=9),
    starts=[Trigger(event="order.placed")],
)
ON_HOLD = of_order(
    Until(id="cleared", when=Not(of=WAITING), days=1, next="", timeout="why"),
    Split(id="why", branches=[Branch(name="Not paid", when=UNPAID, next="payment")], otherwise="check"),
    Send(id="payment", template="payment_pending", unless=["shipped_already", "imported"], useless_after_hours=72, next=""),
    Send(id="check", template="on_hold", unless=["shipped_already", "imported"], useless_after_hours=72, next=""),
    starts=[Trigger(event=event, when=WAITING) for event in ("order.placed", "order.changed")],
)
BACKORDERED = of_order(
    Wait(id="look", minutes=15),  # a shop marks an order and may think better of it
    Split(id="still", branches=[Branch(name="Still out of stock", when=NO_STOCK, next="email")], otherwise=""),
    Send(id="email", template="backordered", unless=["shipped_already", "imported"], useless_after_hours=72),
    starts=[Trigger(event=event, when=NO_STOCK) for event in ("order.placed", "order.changed")],
)
PROCESSING_LATE = of_order(
    Until(id="shipped", events=[Trigger(event="shipment.created")], days=5, next="", timeout="held"),
    Split(
        id="held",
        branches=[
            Branch(name="Waits for payment or a check", when=WAITING, next=""),
            Branch(name="Waits for stock", when=NO_STOCK, next=""),
        ],
        otherwise="workday",
    ),
    Wait(id="workday", anchor="here", at=MORNING, weekdays=WORKDAYS),
    Send(
        id="email", template="processing_late", unless=["shipped_already", "imported"], hold_while=["in_time"], useless_after_hours=30 * DAY
    ),
    starts=[Trigger(event="order.placed")],
)
REFUNDED = of_order(  # nothing ends it: money goes back after a cancellation too
    Send(id="email", template="refunded", unless=["imported"], useless_after_hours=72),
    starts=[Trigger(event="order.refunded")],
    ends=[],
)

FLOWS = (
    Default(
        "confirmation", _("Order confirmation"), _("Says at once what was bought, where it goes and when it should arrive."), CONFIRMATION
    ),
    Default(
        "on-hold",
        _("Waiting for payment or a check"),
        _("Says after a day that an order is not packed yet because the payment is missing or somebody looks it over."),
        ON_HOLD,
        on=False,
    ),
    Default(
        "backordered",
        _("Out of stock"),
        _("Says that an order waits for stock, where the shop marks it as backordered."),
        BACKORDERED,
    ),
    Default(
        "processing-late",
        _("Not shipped yet"),
        _("Says first that an order has not left after five days, where you promised it sooner."),
        PROCESSING_LATE,
    ),
)
REFUND = Default("refunded", _("Refund"), _("Says how much money is on its way back, and how long banks take."), REFUNDED)
