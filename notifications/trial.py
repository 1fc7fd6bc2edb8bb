"""A step of a flow tried out on a real order: drawn for the team, or sent to one of them."""

from typing import Any

from django.conf import settings

from notifications import language, wake
from notifications.definition import Definition, Send
from notifications.models import Channel, EmailDesign, Guarantee, Message, Stream
from notifications.pen import address_of
from notifications.render import DRAFT
from orders.models import Order
from postpurchase.lib import clock
from tracking.models import Shipment


def sample(step: Send, plan: Definition, order: Order, *, locale: str = "") -> Message:
    """The message that the step would write for this order, unsaved; about the newest parcel where the flow is about parcels.

    `locale`: in another language than the one it would be in.
    """
    return Message(stream=plan.stream, **_about(step, plan, order, locale))


def send_test(step: Send, plan: Definition, order: Order, *, to: str, once: str, locale: str = "") -> Message:
    """Send the step's email for this order to somebody of the team, marked as a test. The same `once` is the same message.

    It is no marketing, whoever reads it: consent is not asked. The guards refuse an address that is not on the team.
    """
    values = _about(step, plan, order, locale) | {"to_address": to, "test": True, "stream": Stream.TRANSACTIONAL}
    values |= {"guarantee": Guarantee.AT_LEAST_ONCE, "context": {"unsubscribe_url": settings.BASE_URL}}  # nobody is unsubscribed by a test
    message, _ = Message.objects.get_or_create(dedupe_key=f"test:{step.template}:{order.pk}:{once}", defaults=values)
    wake.sender()
    return message


def of_design(design: EmailDesign, order: Order, *, locale: str = "") -> Message:
    """The message that a design would be for this order, unsaved; about its newest parcel, where it has one."""
    return Message(stream=design.stream, **_design_about(design, order, locale))


def send_design(design: EmailDesign, order: Order, *, to: str, once: str, locale: str = "") -> Message:
    """Send a design's draft for this order to somebody of the team, marked as a test. The same `once` is the same message."""
    context: dict[str, Any] = {DRAFT: design.draft}
    if design.stream == Stream.MARKETING:
        context["unsubscribe_url"] = settings.BASE_URL
    values = _design_about(design, order, locale) | {"to_address": to, "test": True, "stream": Stream.TRANSACTIONAL}
    values |= {"guarantee": Guarantee.AT_LEAST_ONCE, "context": context}
    message, _ = Message.objects.get_or_create(dedupe_key=f"test:{design.template}:{order.pk}:{once}", defaults=values)
    wake.sender()
    return message


def _design_about(design: EmailDesign, order: Order, locale: str) -> dict[str, Any]:
    return _message(design.template, order, newest_parcel(order), locale)


def _message(template: str, order: Order, shipment: Shipment | None, locale: str) -> dict[str, Any]:
    return {
        "template": template,
        "order": order,
        "customer_id": order.customer_id,
        "shipment": shipment,
        "to_address": order.email,
        "locale": locale or language.of(order),
        "due_at": clock.business_now(),
    }


def _about(step: Send, plan: Definition, order: Order, locale: str) -> dict[str, Any]:
    made = _message(step.template, order, newest_parcel(order) if plan.key == "shipment" else None, locale)
    if step.channel == Channel.SMS.value:
        made |= {"channel": Channel.SMS, "to_address": address_of(order, step.channel)}
    return made


def newest_parcel(order: Order) -> Shipment | None:
    """The parcel that was made last and not taken back."""
    return Shipment.objects.filter(order=order, cancelled_at=None).order_by("-created_at", "-id").first()
