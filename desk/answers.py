"""What somebody does about a case. Each takes `once`, drawn with the page: a second click finds the step done and changes nothing."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from desk.models import MOVES, Case, State, Step
from desk.review import of_orders, review
from notifications import direct
from notifications.models import Message
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove, move
from postpurchase.tenancy.models import Membership, User
from tracking import wishes
from tracking.models import Wish

TOLD, ASKED, SNOOZED, ASSIGNED, DONE, REOPENED = "told", "asked", "snoozed", "assigned", "done", "reopened"
# What a shopper may be told of each trouble, the likeliest first; the link is always true.
FITTING = {
    "late_vs_promise": ("delayed",),
    "late_vs_edd": ("delayed",),
    "stalled": ("delayed",),
    "no_scan_after_label": ("delayed",),
    "repeated_attempts": ("attempt_failed",),
    "pickup_expiring": ("collect_last", "collect_reminder"),
}
ALWAYS = "tracking_link"


def options(case: Case) -> list[str]:
    """Templates that fit what is wrong with the parcel."""
    return list(dict.fromkeys([*(name for kind in case.kinds for name in FITTING.get(kind, ())), ALWAYS]))


def draft(case: Case, template: str) -> Message:
    """The message as `tell` would write it, not kept: for a preview. Raises IllegalMove."""
    _ensure_told(case, template)
    order = case.shipment.order
    return direct.draft(template, order, shipment_id=case.shipment_id)


def tell(case: Case, template: str, *, by: User, once: str) -> Message | None:
    """Write to the shopper about the parcel, now. None where it was done already. Raises IllegalMove."""
    _ensure_told(case, template)
    if _known(case, once):
        return None
    order = case.shipment.order
    message = direct.write(template, order, dedupe=f"case:{case.pk}:{once}", shipment_id=case.shipment_id)
    _note(case, TOLD, by, once, text=template, message=message.pk)
    return message


def ask_carrier(case: Case, letter: str, *, by: User, once: str) -> bool:
    """Keep the letter that went to the carrier. Whether it is new."""
    return not _known(case, once) and _note(case, ASKED, by, once, text=letter)


def snooze(case: Case, until: datetime, *, by: User, once: str) -> bool:
    """Not in the queue until then, or until something else is wrong with the parcel. Raises IllegalMove for what is past or over."""
    if _known(case, once):
        return False
    if until <= clock.business_now():
        raise IllegalMove(_("Choose a day that is still to come."))
    _move(case, State.SNOOZED, until=until, answered=case.kinds)
    return _note(case, SNOOZED, by, once, text=until.isoformat())


def take(case: Case, member_id: UUID, *, by: User, once: str) -> bool:
    """It is one's own. Whether that is new."""
    if _known(case, once) or case.assignee_id == member_id:
        return False
    Case.objects.filter(pk=case.pk).update(assignee=member_id)
    return _note(case, ASSIGNED, by, once, text=str(by.pk))


def assign(case: Case, member: Membership | None, *, by: User, once: str) -> bool:
    """Whose it is; None: nobody's. Whether that is new."""
    if _known(case, once) or case.assignee_id == (member.pk if member else None):
        return False
    case.assignee = member
    case.save(update_fields=["assignee"])
    return _note(case, ASSIGNED, by, once, text=str(member.user_id) if member else "")


def finish(case: Case, note: str, *, by: User, once: str) -> bool:
    """Answered. It opens again where something else goes wrong. Raises IllegalMove for a case that is over."""
    if _known(case, once):
        return False
    _move(case, State.DONE, until=None, answered=case.kinds)
    return _note(case, DONE, by, once, text=note)


def reopen(case: Case, *, by: User, once: str) -> bool:
    """Back into the queue. Raises IllegalMove for one whose trouble is over."""
    if _known(case, once):
        return False
    if not case.kinds:
        raise IllegalMove(_("Nothing is wrong with this parcel any more."))
    _move(case, State.OPEN, until=None, answered=[])
    return _note(case, REOPENED, by, once)


def settle(wish: Wish, state: str) -> None:
    """Answer what a shopper asked for; it waits in the queue no longer. Raises IllegalMove for what has its answer."""
    wishes.settle(wish, state)
    if parcels := of_orders([wish.order_id]):
        review(parcels)


def _move(case: Case, state: State, *, until: datetime | None, answered: list[str]) -> None:
    try:
        move(case, state, MOVES, until=until, answered=answered)
    except IllegalMove as error:
        raise IllegalMove(_("That is no longer possible: the case is “%s” now.") % State(case.state).label) from error


def _ensure_told(case: Case, template: str) -> None:
    order = case.shipment.order
    if order is None:
        raise IllegalMove(_("The parcel belongs to no order that we know."))
    if not order.email:
        raise IllegalMove(_("The order has no email address."))
    if order.cancelled_at:
        raise IllegalMove(_("The order is cancelled."))
    if template not in options(case):
        raise IllegalMove(_("This message does not fit what is wrong with the parcel now."))


def _known(case: Case, once: str) -> bool:
    """The caller has locked the case, so that of two clicks one comes after the other."""
    return Step.objects.filter(case=case, once=once).exists()


def _note(case: Case, act: str, by: User, once: str, *, text: str = "", message: UUID | None = None) -> bool:
    Step.objects.create(case=case, act=act, by=by, once=once, text=text, message=message)
    return True
