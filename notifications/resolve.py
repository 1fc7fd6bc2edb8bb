"""What a person decides about a message that ended in doubt or failed: send it again, or take it for arrived."""

import contextlib
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from notifications import wake
from notifications.models import MOVES, Message, State
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove, move

AGAIN = Q(state__in=[State.UNKNOWN, State.FAILED])


def send_again(message: Message) -> None:
    """Due now, once more. Raises IllegalMove for a message that is neither in doubt nor failed: those cannot repeat by mistake."""
    with _in_words(message):
        move(message, State.DUE, MOVES, only_if=AGAIN, due_at=clock.business_now(), expires_at=None, reason="", lease_token=None)
    wake.sender()


def it_arrived(message: Message) -> None:
    """Somebody has seen it arrive: the doubt is over. Raises IllegalMove for a message that was not in doubt."""
    with _in_words(message):
        move(message, State.SENT, MOVES, only_if=Q(state=State.UNKNOWN), sent_at=message.handed_at, reason="confirmed_by_hand")


@contextlib.contextmanager
def _in_words(message: Message) -> Iterator[None]:
    """What is so instead, for a person, where a move is refused."""
    try:
        yield
    except IllegalMove as error:
        raise IllegalMove(standing(message)) from error


def standing(message: Message) -> str:
    """Why it can be neither sent again nor taken for arrived."""
    said = {
        State.SENT: _("This message has been sent and is not in doubt."),
        State.DUE: _("This message is already waiting to go out."),
        State.HELD: _("This message is held back. Release it to send it."),
        State.CLAIMED: _("This message is going out right now."),
        State.HANDING: _("This message is going out right now."),
        State.FAILED: _("This message failed: it did not arrive."),
    }
    return said.get(State(message.state), _("This message is over; it was not sent."))
