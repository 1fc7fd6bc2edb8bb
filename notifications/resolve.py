"""What a person decides about a message that ended in doubt or failed: send it again, or take it for arrived."""

from django.db.models import Q

from notifications import wake
from notifications.models import MOVES, Message, State
from postpurchase.lib import clock
from postpurchase.lib.states import move

AGAIN = Q(state__in=[State.UNKNOWN, State.FAILED])


def send_again(message: Message) -> None:
    """Due now, once more. Raises IllegalMove for a message that is neither in doubt nor failed: those cannot repeat by mistake."""
    move(message, State.DUE, MOVES, only_if=AGAIN, due_at=clock.business_now(), expires_at=None, reason="", lease_token=None)
    wake.sender()


def it_arrived(message: Message) -> None:
    """Somebody has seen it arrive: the doubt is over. Raises IllegalMove for a message that was not in doubt."""
    move(message, State.SENT, MOVES, only_if=Q(state=State.UNKNOWN), sent_at=message.handed_at, reason="confirmed_by_hand")
