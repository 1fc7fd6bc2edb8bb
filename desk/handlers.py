"""Facts by which a parcel may come to need somebody, or no longer does."""

from desk import asked, visits
from desk.review import of_orders, review
from postpurchase.events.bus import on_many
from postpurchase.events.catalogue import (
    EstimateChanged,
    Fact,
    HealthOpened,
    HealthResolved,
    LinkAsked,
    OrderChanged,
    ShipmentCreated,
    ShipmentMoved,
    ShopperAsked,
)
from tracking.health import LATE
from tracking.models import Shipment, Status, Wish

SORTED_BY = {"promised_to", "total"}


@on_many(HealthOpened, HealthResolved, ShipmentMoved, ShipmentCreated, EstimateChanged)
def look_again(facts: list[Fact]) -> None:
    """At each parcel once. A move counts where it begins or ends a hold-up, another day or order where the parcel has a case."""
    moved = {fact.subject for fact in facts if isinstance(fact, HealthOpened | HealthResolved) or _held_up(fact)}
    sorted_anew = {fact.subject for fact in facts if isinstance(fact, EstimateChanged | ShipmentCreated)}
    joined = {fact.order_id for fact in facts if isinstance(fact, ShipmentCreated) and fact.order_id}
    if joined:  # what was asked for stands at the newest parcel: another one lets go of it
        asked_for = Shipment.objects.filter(order__in=joined, order__wishes__state=Wish.State.ASKED)
        sorted_anew |= set(asked_for.values_list("pk", flat=True))
    if wanted := moved | sorted_anew:
        review(wanted)


@on_many(OrderChanged)
def sort_anew(facts: list[OrderChanged]) -> None:
    """The queue goes by the order's promise and total."""
    orders = {fact.order_id for fact in facts if SORTED_BY & set(fact.fields)}
    if orders and (parcels := of_orders(orders)):
        review(parcels)


@on_many(HealthOpened)
def count_late_orders(facts: list[HealthOpened]) -> None:
    """Once for each order."""
    asked.note_late({fact.order_id for fact in facts if fact.order_id and fact.flag in LATE})


@on_many(LinkAsked)
def count_questions(facts: list[LinkAsked]) -> None:
    """Look-ups that found an order."""
    asked.note_asked([fact.order_id for fact in facts if fact.order_id])


@on_many(ShopperAsked)
def take_requests(facts: list[ShopperAsked]) -> None:
    """What a shopper asks for waits in the queue, too."""
    if parcels := of_orders({fact.order_id for fact in facts}):
        review(parcels)


@on_many(ShopperAsked)
def count_contacts(facts: list[ShopperAsked]) -> None:
    """What shoppers asked for on their pages."""
    asked_at = Wish.objects.filter(pk__in=[fact.wish_id for fact in facts]).values_list("order_id", "kind", "asked_at")
    visits.note_contacts(asked_at)


def _held_up(fact: Fact) -> bool:
    return isinstance(fact, ShipmentMoved) and Status.EXCEPTION in (fact.old, fact.new)
