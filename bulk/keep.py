"""Keep a list's address under a name, for oneself or for the team; rename it, take it away, bring it back."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bulk.models import SavedFilter
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove

MOST = 30  # a person sees of one list, the team's included
FORGOTTEN = timedelta(days=1)  # after that one that was taken away cannot be brought back


def seen_by(user_id: int, subject: str) -> QuerySet[SavedFilter]:
    """The filters of a list that a person sees: the team's and their own, by name."""
    mine = SavedFilter.objects.filter(Q(user=None) | Q(user_id=user_id), subject=subject, removed_at=None)
    return mine.order_by("name", "id")[:MOST]


def add(user_id: int | None, subject: str, name: str, query: str) -> SavedFilter:
    """Keep it; the team's where there is no person. Raises IllegalMove for a name that is taken, and for one too many."""
    if SavedFilter.objects.filter(Q(user=None) | Q(user_id=user_id), subject=subject, removed_at=None).count() >= MOST:
        raise IllegalMove(_("There are %s kept filters on this list already. Take one away first.") % MOST)
    with _free(name):
        return SavedFilter.objects.create(user_id=user_id, subject=subject, name=name, query=query)


def rename(row: SavedFilter, name: str) -> None:
    """Call it something else. Raises IllegalMove for a name that is taken."""
    with _free(name):
        SavedFilter.objects.filter(pk=row.pk).update(name=name)
    row.name = name


def remove(row: SavedFilter) -> None:
    """Take it away; restore() brings it back for a day. Safe to repeat."""
    SavedFilter.objects.filter(pk=row.pk, removed_at=None).update(removed_at=clock.business_now())


def restore(row: SavedFilter) -> None:
    """Bring it back. Safe to repeat. Raises IllegalMove where its name has been given to another meanwhile."""
    with _free(row.name):
        SavedFilter.objects.filter(pk=row.pk).update(removed_at=None)


@contextlib.contextmanager
def _free(name: str) -> Iterator[None]:
    """The database says whether a name is free."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise IllegalMove(_("A filter of this list is called “%s” already. Choose another name.") % name) from error
