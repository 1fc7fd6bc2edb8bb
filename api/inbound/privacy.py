"""What a shop passes on: a person wants to see or have erased what we hold, or the shop itself leaves."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from api.inbound.rounded import true_ids
from desk import privacy as of_desk
from integrations import inbox
from integrations.models import Connection
from integrations.types import Outcome, PrivacyRequest, Recorded, ShopClosed
from notifications import privacy
from orders import erase
from orders.models import Customer, Order
from postpurchase.lib import clock


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
    privacy.forget(gone.orders, [asked.email] if asked.email else [])
    of_desk.forget(gone.orders)
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
    privacy.forget(gone.orders, [email for _, email in known if email])
    of_desk.forget(gone.orders)
    inbox.blank(connection_id)
