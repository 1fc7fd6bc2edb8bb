"""Hold back what is planned, and let it go again: nothing is lost, and nothing is sent meanwhile."""

from django.db.models import Q

from notifications import wake
from notifications.models import MOVES, Message, State
from postpurchase.lib.states import move

BY_HAND = "held_by_hand"
HELD = Q(state=State.HELD)


def hold(message: Message) -> None:
    """Not sent until it is released. What ends its flow calls it off all the same. Raises IllegalMove for one that is not planned."""
    move(message, State.HELD, MOVES, reason=BY_HAND)


def release(message: Message) -> None:
    """Planned again, for when it was due; the guards are asked then, as of any. Raises IllegalMove for one that is not held."""
    move(message, State.DUE, MOVES, only_if=HELD, reason="", lease_token=None)
    wake.sender()
