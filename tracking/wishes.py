"""A shopper asks the shop for something on the way, and the shop answers. Nothing here talks to a carrier: the shop does."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F

from orders.models import Order
from postpurchase.events import bus
from postpurchase.events.catalogue import ShopperAsked
from postpurchase.lib import clock, states
from tracking.models import Wish

MOVES: states.Moves = {Wish.State.ASKED: frozenset({Wish.State.ACCEPTED, Wish.State.DECLINED})}


@dataclass(frozen=True)
class Asked:
    """What was asked for; `text` at most 500 characters."""

    kind: str
    text: str = ""
    day: date | None = None


def ask(order_id: UUID, asked: Asked) -> Wish:
    """Keep it and tell the shop. What waits already and says the same is left as it is: a second press tells nobody twice."""
    _touched(order_id)
    old = Wish.objects.filter(order_id=order_id, kind=asked.kind).first()
    if old and (old.state, old.text, old.day) == (Wish.State.ASKED, asked.text, asked.day):
        return old
    values = {"text": asked.text, "day": asked.day, "state": Wish.State.ASKED, "asked_at": clock.business_now(), "settled_at": None}
    row, _new = Wish.objects.update_or_create(order_id=order_id, kind=asked.kind, defaults=values)
    bus.publish(ShopperAsked(order_id=order_id, wish_id=row.pk, what=asked.kind))
    return row


def settle(row: Wish, state: str) -> None:
    """The shop's answer, which the page then says. Raises IllegalMove for one that has its answer."""
    _touched(row.order_id)
    states.move(row, state, MOVES, settled_at=clock.business_now())


def _touched(order_id: UUID) -> None:
    """Hold the order, and write its row anew: who keeps its page sees by that that there is something new."""
    Order.objects.filter(pk=order_id).update(number=F("number"))
