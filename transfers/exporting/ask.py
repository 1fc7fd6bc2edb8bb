"""Ask for an export."""

from datetime import timedelta

from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove
from transfers.models import Export, Progress

KEPT = timedelta(days=7)
AT_ONCE = 5  # exports of a merchant that are being written


def begin(subject: str, form: str, *, by: str, query: str = "") -> Export:
    """A new export of what the list of that address shows. Raises IllegalMove while AT_ONCE are under way."""
    if Export.objects.filter(state=Progress.RUNNING).count() >= AT_ONCE:
        raise IllegalMove(f"{AT_ONCE} exports are being written. Wait for one to be ready.")
    return Export.objects.create(subject=subject, form=form, by=by, query=query, expires_at=clock.business_now() + KEPT)
