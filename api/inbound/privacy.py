"""What a shop passes on: a person wants to see or have erased what we hold, or the shop itself leaves."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from api.inbound.rounded import true_ids
from integrations import inbox
from integrations.models import Connection
from integrations.types import Outcome, PrivacyRequest, Recorded, ShopClosed
from notifications.models import Consent, Message, MessageBody, State
from orders import erase
from orders.models import Customer, Order
from postpurchase.lib import clock
from tracking.models import Scan, Shipment


class Exported(Recorded):
    """The answer to a data request, kept with the delivery that asked."""

    export: dict[str, Any] = {}


def answer_requests(requests: Sequence[PrivacyRequest], *, connection_id: uuid.UUID) -> list[Recorded]:
    """Erase at once (`redact`), or export and keep the export in the delivery's result (`data_request`). A result per request, in order."""
    return [_redact(asked, connection_id) if asked.kind == "redact" else _export(asked) for asked in requests]


def _export(asked: PrivacyRequest) -> Recorded:
    found = erase.export(asked.email)
    return Exported(Outcome.CREATED if found["orders"] or found["customers"] else Outcome.UNCHANGED, export=found)


def _redact(asked: PrivacyRequest, connection_id: uuid.UUID) -> Recorded:
    true = true_ids(connection_id, asked.order_external_ids)
    named = [true.get(external_id, external_id) for external_id in asked.order_external_ids]
    gone = erase.erase(email=asked.email, order_external_ids=named, connection_id=connection_id)
    _forget(gone.orders, [asked.email] if asked.email else [])
    inbox.blank(connection_id, traces=[asked.email, asked.email.lower(), asked.phone, *asked.order_external_ids])
    return Recorded(Outcome.UPDATED if gone.orders or gone.customers else Outcome.UNCHANGED)


def close_shops(closures: Sequence[ShopClosed], *, connection_id: uuid.UUID) -> list[Recorded]:
    """The connection is removed from now on; with `redact`, everybody it told us of is erased."""
    Connection.objects.filter(pk=connection_id, removed_at=None).update(removed_at=clock.machine_now())
    if any(closure.kind == "redact" for closure in closures):
        _redact_all(connection_id)
    return [Recorded(Outcome.UPDATED) for _ in closures]


def _redact_all(connection_id: uuid.UUID) -> None:
    theirs = Order.objects.filter(connection_id=connection_id)
    elsewhere = Order.objects.filter(customer=OuterRef("pk")).exclude(connection_id=connection_id)
    people = Customer.objects.filter(Exists(theirs.filter(customer=OuterRef("pk"))), ~Exists(elsewhere))
    known = list(people.values_list("pk", "email"))
    gone = erase.erase(order_external_ids=list(theirs.values_list("external_id", flat=True)), connection_id=connection_id)
    Customer.objects.filter(pk__in=[pk for pk, _ in known]).update(**erase.PERSON, erased_at=clock.business_now())
    _forget(gone.orders, [email for _, email in known if email])
    inbox.blank(connection_id)


def _forget(orders: Iterable[uuid.UUID], emails: Iterable[str]) -> None:
    """What parcels and messages hold of the people of these orders: who signed, what was written to whom, what they agreed to."""
    ids = list(orders)
    Shipment.objects.filter(order_id__in=ids).update(signed_by="")
    Scan.objects.filter(shipment__order_id__in=ids).update(signed_by="")
    Consent.objects.filter(address__in=[email.lower() for email in emails]).delete()
    messages = Message.objects.filter(order_id__in=ids)
    messages.filter(state=State.DUE).update(state=State.CANCELLED, reason="the person was erased")
    MessageBody.objects.filter(message__order_id__in=ids).delete()
    messages.exclude(state__in=(State.CLAIMED, State.HANDING)).update(to_address="", subject="", context={}, error="")
