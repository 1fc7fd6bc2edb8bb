"""Ask for an act on many rows, and stop it."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bulk.acts import ACTS
from bulk.models import Job
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove, move
from transfers.exporting import sources
from transfers.models import STANDINGS, Standing

AT_ONCE = 3  # acts of a merchant that are under way


def count(subject: str, query: str) -> int:
    """How many rows the list of that address has."""
    return sources.listed(subject, query).count()


def begin(subject: str, act: str, query: str, *, by: str, once: str) -> Job:
    """A job; the same `once` is the same job. Raises IllegalMove where nothing is found, and while AT_ONCE are under way."""
    if act not in ACTS.get(subject, {}):
        raise IllegalMove(_("There is no such act for this list."))
    if known := Job.objects.filter(once=once).first():
        return known
    if Job.objects.filter(state=Standing.RUNNING).count() >= AT_ONCE:
        raise IllegalMove(_("%s acts are under way. Wait for one to end.") % AT_ONCE)
    total = count(subject, query)
    if not total:
        raise IllegalMove(_("There is no row to do this to any more."))
    try:
        with transaction.atomic():
            return Job.objects.create(subject=subject, act=act, query=query, by=by, once=once, total=total)
    except IntegrityError:  # the other click of two came first
        return Job.objects.get(once=once)


def stop(job: Job) -> None:
    """Go no further; what was done stays. Raises IllegalMove for one that is over."""
    move(job, Standing.CANCELLED, STANDINGS, lease_until=None, lease_token=uuid.uuid4(), finished_at=clock.business_now())
