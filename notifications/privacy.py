"""A person's right to see and to have erased what we hold of them, over orders, parcels and messages."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from integrations import inbox
from integrations.models import Connection
from notifications.consent import address_hash
from notifications.models import Consent, Engagement, Link, Message, MessageBody, Preference, State
from orders import erase as of_orders
from orders.models import Order
from tracking.models import Following, Scan, Shipment

SHOWN = ("template", "stream", "to_address", "locale", "subject", "state", "reason", "due_at", "sent_at", "order_id")


def erase(email: str) -> of_orders.Erased:
    """Anonymise the person of that email at the merchant in scope: orders, parcels, messages, consents, and what came in about them.

    Amounts, lines and dates stay, and so does an opt-out, of which only a keyed hash is kept. Repeating it is harmless.
    """
    gone = of_orders.erase(email=email)
    forget(gone.orders, [email])
    for pk in Connection.objects.values_list("pk", flat=True):
        inbox.blank(pk, traces=[email, email.lower()])
    return gone


def forget(orders: Iterable[UUID], emails: Sequence[str]) -> None:
    """What parcels and messages hold of the people of these orders: who signed, what was written to whom, what they agreed to."""
    ids = list(orders)
    Shipment.objects.filter(order_id__in=ids).update(signed_by="")
    Scan.objects.filter(shipment__order_id__in=ids).update(signed_by="")
    Following.objects.filter(shipment__order_id__in=ids).update(details={})
    Consent.objects.filter(Q(address__in=[email.lower() for email in emails]) | Q(order_id__in=ids)).delete()
    Preference.objects.filter(address_hash__in=[address_hash(email) for email in emails]).delete()
    messages = Message.objects.filter(order_id__in=ids)
    messages.filter(state__in=(State.DUE, State.HELD)).update(state=State.CANCELLED, reason="the person was erased")
    MessageBody.objects.filter(message__order_id__in=ids).delete()
    Link.objects.filter(message__order_id__in=ids).delete()
    Engagement.objects.filter(message__order_id__in=ids).update(agent="")
    messages.exclude(state__in=(State.CLAIMED, State.HANDING)).update(to_address="", subject="", context={}, error="")


def export(email: str) -> dict[str, Any]:
    """All that we hold about the person of that email, as plain data: customers, orders, parcels with scans, messages, consents."""
    told = of_orders.export(email)
    mine = Order.objects.filter(pk__in=[order["id"] for order in told["orders"]])
    parcels = Shipment.objects.filter(order__in=mine).order_by("created_at", "pk")
    return told | {
        "parcels": list(parcels.values("id", "order_id", "carrier", "number", "status", "shipped_at", "delivered_at", "signed_by")),
        "scans": list(
            Scan.objects.filter(shipment__order__in=mine).order_by("occurred_at", "pk")
            .values("shipment_id", "occurred_at", "status", "text", "city", "country", "signed_by")
        ),
        "messages": list(Message.objects.filter(order__in=mine).order_by("due_at", "pk").values("id", *SHOWN)),
        "consents": list(
            Consent.objects.filter(Q(address=email.lower()) | Q(order__in=mine)).order_by("at", "pk")
            .values("channel", "purpose", "address", "given", "pending", "text", "text_version", "source", "proof", "at")
        ),
    }  # fmt: skip
