"""Messages outside any flow: a look-up's answer, a code, a test send, a resend."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from notifications import language, wake
from notifications.models import Guarantee, Message, Stream
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove


def write(
    template: str,
    order: Order,
    *,
    to: str = "",
    context: dict[str, Any] | None = None,
    expires_in: timedelta | None = None,
    dedupe: str = "",
    locale: str = "",
    shipment_id: uuid.UUID | None = None,
) -> Message:
    """A transactional message about an order, due now, sent at least once. `dedupe` makes a repeat the same message.

    `locale`: the language, where it is not the order's own (notifications/language.py).
    """
    fresh = draft(template, order, to=to, context=context, locale=locale, shipment_id=shipment_id)
    columns = ("customer_id", "shipment_id", "template", "stream", "guarantee", "to_address", "locale", "context", "due_at")
    message, _ = Message.objects.get_or_create(
        dedupe_key=f"direct:{template}:{order.pk}:{dedupe or uuid.uuid4()}",
        defaults={"order": order, "expires_at": fresh.due_at + expires_in if expires_in else None}
        | {name: getattr(fresh, name) for name in columns},
    )
    wake.sender()
    return message


def draft(
    template: str,
    order: Order,
    *,
    to: str = "",
    context: dict[str, Any] | None = None,
    locale: str = "",
    shipment_id: uuid.UUID | None = None,
) -> Message:
    """The message that `write` would write, not kept."""
    return Message(
        order=order, customer_id=order.customer_id, shipment_id=shipment_id, template=template, stream=Stream.TRANSACTIONAL,
        guarantee=Guarantee.AT_LEAST_ONCE, to_address=to or order.email, locale=locale or language.of(order), context=context or {},
        due_at=clock.business_now(),
    )  # fmt: skip


def again(template: str, order: Order, *, once: str) -> Message:
    """Write to the shopper, because somebody of the team asks for it. The same `once` is the same message. Raises IllegalMove."""
    if order.cancelled_at:
        raise IllegalMove(_("The order is cancelled."))
    if not order.email:
        raise IllegalMove(_("The order has no email address."))
    return write(template, order, dedupe=f"again:{once}")
