"""Kept filters: one's own are anybody's to keep, the team's an agent's."""

from uuid import UUID

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from bulk import keep
from bulk.models import SavedFilter
from dashboard import links, undo
from dashboard.forms.saved import KeepForm, NameForm
from dashboard.page import act, may
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Role


@act(Role.VIEWER)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the list's address under a name."""
    form = KeepForm(request.POST)
    given = _valid(form)
    if given["team"] and not may(request, Role.AGENT):
        raise PermissionDenied("the team's filters are an agent's to keep")
    row = keep.add(None if given["team"] else request.user.pk, given["subject"], given["name"], given["query"])
    notes.success(request, _("“%s” is kept.") % row.name)
    return _list(request, row)


@act(Role.VIEWER)
def rename(request: HttpRequest, slug: str, filter_id: UUID) -> HttpResponse:
    """Call it something else."""
    row = _mine_or_404(request, filter_id)
    keep.rename(row, _valid(NameForm(request.POST))["name"])
    return _list(request, row)


@act(Role.VIEWER)
def remove(request: HttpRequest, slug: str, filter_id: UUID) -> HttpResponse:
    """Take it away; for a day it can be brought back."""
    row = _mine_or_404(request, filter_id)
    keep.remove(row)
    undo.offer(request, _("“%s” is gone.") % row.name, "filter-restore", filter_id=row.pk)
    return _list(request, row)


@act(Role.VIEWER)
def restore(request: HttpRequest, slug: str, filter_id: UUID) -> HttpResponse:
    """Bring it back."""
    row = _mine_or_404(request, filter_id)
    keep.restore(row)
    notes.success(request, _("“%s” is back.") % row.name)
    return _list(request, row)


def _valid(form: forms.Form) -> dict[str, str]:
    """What the form says. Raises IllegalMove with the first thing to mend."""
    if not form.is_valid():
        raise IllegalMove(str(next(iter(form.errors.values()))[0]))
    return form.cleaned_data


def _mine_or_404(request: HttpRequest, filter_id: UUID) -> SavedFilter:
    mine = Q(user=request.user.pk) | (Q(user=None) if may(request, Role.AGENT) else Q(pk__in=[]))
    row: SavedFilter = get_object_or_404(SavedFilter, mine, pk=filter_id)
    return row


def _list(request: HttpRequest, row: SavedFilter) -> HttpResponse:
    return redirect(f"{links.to(request, row.subject)}?{row.query}")
