"""Live keys see live rows, test keys see test rows: two worlds in one merchant."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.models import Connection, WebhookDelivery, WebhookEndpoint, api_connection_id, api_test_connection_id
from integrations.webhooks import endpoints
from notifications.models import Message
from orders.models import Customer, Order
from postpurchase.events.models import DomainEvent
from postpurchase.tenancy.gates import Key
from tracking.models import Shipment


def connection_of(key: Key) -> UUID:
    """The connection that this key's writes belong to."""
    return api_connection_id(key.merchant_id) if key.live else api_test_connection_id()


def orders(key: Key) -> QuerySet[Order]:
    """The orders that this key may see."""
    found: QuerySet[Order] = Order.objects.filter(test=not key.live)
    return found


def customers(key: Key) -> QuerySet[Customer]:
    """Live: everybody but those with test orders only. Test: those with a test order."""
    theirs = Order.objects.filter(customer=OuterRef("pk"))
    with_test, with_live = Exists(theirs.filter(test=True)), Exists(theirs.filter(test=False))
    return Customer.objects.filter(with_live | ~with_test) if key.live else Customer.objects.filter(with_test)


def shipments(key: Key) -> QuerySet[Shipment]:
    """Parcels of the orders that this key may see; one without an order goes by who told us of it."""
    alone = Q(order=None, connection__kind=Connection.API_TEST)
    if key.live:
        return Shipment.objects.filter(Q(order__test=False) | Q(order=None) & ~alone)
    return Shipment.objects.filter(Q(order__test=True) | alone)


def messages(key: Key) -> QuerySet[Message]:
    """Messages about the orders that this key may see."""
    return Message.objects.filter(Q(order__test=not key.live) | Q(order=None, test=not key.live))


def events(key: Key) -> QuerySet[DomainEvent]:
    """Facts about the orders that this key may see; facts about none are live."""
    about = Exists(Order.objects.filter(pk=OuterRef("thread"), test=not key.live))
    return DomainEvent.objects.filter(about | Q(thread=None) if key.live else about)


def webhooks(key: Key) -> QuerySet[WebhookEndpoint]:
    """The endpoints of this key's world."""
    return endpoints.kept().filter(live=key.live)


def webhook_deliveries(key: Key) -> QuerySet[WebhookDelivery]:
    """What was told to the endpoints of this key's world."""
    return WebhookDelivery.objects.filter(endpoint__live=key.live, endpoint__removed_at=None).select_related("endpoint")


def of_test(found: Sequence[DomainEvent]) -> set[UUID]:
    """The ids of those facts that are about test orders, or about test keys' parcels and messages that belong to no order."""
    orders = set(Order.objects.filter(pk__in={event.thread for event in found if event.thread}, test=True).values_list("pk", flat=True))
    alone = {event.subject for event in found if event.thread is None}
    if alone:
        orders |= set(Shipment.objects.filter(pk__in=alone, connection__kind=Connection.API_TEST).values_list("pk", flat=True))
        orders |= set(Message.objects.filter(pk__in=alone, test=True).values_list("pk", flat=True))
    return {event.pk for event in found if (event.thread or event.subject) in orders}
