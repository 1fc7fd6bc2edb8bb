"""Ask for a backtest, and stop it."""

import uuid
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backtest import work
from backtest.models import Backtest
from notifications.definition import loose, stored
from notifications.editing.publish import draft_of, problems_of
from notifications.models import Flow
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove, move
from transfers.models import STANDINGS, Standing

AT_ONCE = 2  # backtests of a merchant that are under way
LEAST, MOST = 7, 90  # days


def begin(flow: Flow, *, days: int, by: str, once: str) -> Backtest:
    """A backtest of the draft (of what is live, where there is none); the same `once` is the same one.

    Raises IllegalMove for a draft with faults, for days out of bounds, and while AT_ONCE are under way.
    """
    if known := Backtest.objects.filter(once=once).first():
        return known
    if not LEAST <= days <= MOST:
        raise IllegalMove(_("Choose from %(least)s to %(most)s days.") % {"least": LEAST, "most": MOST})
    draft = loose(draft_of(flow))
    if found := problems_of(draft):
        first = found[0]
        raise IllegalMove(_("The draft has a fault: %s") % (f"{first.step}: {first.text}" if first.step else first.text))
    if Backtest.objects.filter(state=Standing.RUNNING).count() >= AT_ONCE:
        raise IllegalMove(_("%s backtests are under way. Wait for one to end, or stop it.") % AT_ONCE)
    now = clock.business_now()
    row = Backtest(
        flow=flow, definition=stored(draft), live=flow.live, days=days, since=now - timedelta(days=days), until=now, by=by, once=once
    )
    row.total = work.orders_of(row).count()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # the other click of two came first
        return Backtest.objects.get(once=once)
    return row


def stop(row: Backtest) -> None:
    """Go no further; what was found stays. Raises IllegalMove for one that is over."""
    move(row, Standing.CANCELLED, STANDINGS, lease_until=None, lease_token=uuid.uuid4(), finished_at=clock.business_now())
