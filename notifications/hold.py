"""Hold back what is planned, and let it go again: nothing is lost, and nothing is sent meanwhile."""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from notifications import wake
from notifications.models import MOVES, Message, State
from postpurchase.lib.states import IllegalMove, move

BY_HAND = "held_by_hand"
HELD = Q(state=State.HELD)


def hold(message: Message) -> None:
    """Not sent until it is released. What ends its flow calls it off all the same. Raises IllegalMove for one that is not planned."""
    try:
        move(message, State.HELD, MOVES, reason=BY_HAND)
    except IllegalMove as error:
        raise IllegalMove(_("Only a planned message can be held back, and this one is not planned any more.")) from error


def release(message: Message) -> None:
    """Planned again, for when it was due; the guards are asked then, as of any. Raises IllegalMove for one that is not held."""
    try:
        move(message, State.DUE, MOVES, only_if=HELD, reason="", lease_token=None)
    except IllegalMove as error:
        raise IllegalMove(_("This message is not held back.")) from error
    wake.sender()


def hold_all(waiting: QuerySet[Message]) -> None:
    """Hold back what is planned among these. Raises IllegalMove where nothing is."""
    _each(waiting.filter(state=State.DUE), hold, _("Nothing is planned."))


def release_all(waiting: QuerySet[Message]) -> None:
    """Release what is held among these. Raises IllegalMove where nothing is."""
    _each(waiting.filter(HELD), release, _("Nothing is held back."))


def _each(rows: QuerySet[Message], act: Callable[[Message], None], nothing: str) -> None:
    found = list(rows.select_for_update(of=("self",)))
    if not found:
        raise IllegalMove(nothing)
    for row in found:
        act(row)
