"""Addresses that are not written to. Of each only a keyed hash is kept, so one looks for an address, and never sees another's."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import exports, links, lists, wording
from dashboard.forms.suppression import AddForm, LiftForm
from dashboard.page import act, may, note, page, show
from notifications import suppressions as acts
from notifications.models import Stream, Suppression
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from transfers.models import Subject

KEYS = ("-at", "-id")
SHOWN = 12  # letters of a hash


@page(Role.AGENT)
def suppressions(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first. `?q=` an address: whether it is on the list."""
    return _page(request, AddForm())


@act(Role.AGENT)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add one address, or those of a list."""
    form = AddForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    one = [given["address"]] if given["address"] else []
    reason = acts.IMPORTED if given["file"] else acts.BY_HAND
    count = acts.add_all([*one, *given["file"]], scope=given["scope"], reason=reason)
    note(request, "suppression.added", changes={"rows": (None, count), "scope": (None, given["scope"])})
    notes.success(
        request, ngettext("%(n)s address is new on the list.", "%(n)s addresses are new on the list.", count) % {"n": words.number(count)}
    )
    if form.wrong:
        lines = ", ".join(str(place) for place in form.wrong[:10])
        notes.warning(request, _("These lines hold no address, and were passed over: %s") % lines)
    return redirect(links.to(request, "suppressions"))


@page(Role.ADMIN)
def lift(request: HttpRequest, slug: str, suppression_id: UUID) -> HttpResponse:
    """Ask why before one is lifted."""
    row = get_object_or_404(Suppression, pk=suppression_id)
    return _ask(request, row, LiftForm(asked=row.reason in acts.ASKED_FOR))


@act(Role.ADMIN)
def lifted(request: HttpRequest, slug: str, suppression_id: UUID) -> HttpResponse:
    """Lift it, with the reason."""
    row = get_object_or_404(Suppression.objects.select_for_update(), pk=suppression_id)
    form = LiftForm(request.POST, asked=row.reason in acts.ASKED_FOR)
    if not form.is_valid():
        return _ask(request, row, form, status=422)
    told = {"why": (None, form.cleaned_data["why"]), "scope": (row.scope, None), "reason": (row.reason, None)}
    note(request, "suppression.lifted", subject=to_public("sup", row.pk), words=_hash(row), changes=told)
    acts.lift(row, sure=bool(form.cleaned_data.get("sure")))
    notes.success(request, _("Lifted. Messages may go to that address again; marketing only with consent."))
    return redirect(links.to(request, "suppressions"))


def listed(asked: QueryDict) -> QuerySet[Suppression]:
    """What the address of the list asks for."""
    return acts.of(str(asked["q"])) if asked.get("q") else Suppression.objects.all()


def _page(request: HttpRequest, form: AddForm, status: int = 200) -> HttpResponse:
    found = lists.one_page(request, listed(request.GET), KEYS)
    context = {
        "asked": request.GET.get("q", ""),
        "rows": [_row(request, row) for row in found.items],
        "pager": lists.pager(request, found, "at"),
        "form": form,
        "add_url": links.to(request, "suppression-add"),
        "all_url": links.to(request, "suppressions"),
        "export": {} if request.GET.get("q") else exports.begin_from_list(request, Subject.SUPPRESSIONS),
    }
    return show(request, "dashboard/suppressions.html", "suppressions", {"suppressions": context}, status)


def _row(request: HttpRequest, row: Suppression) -> dict[str, Any]:
    return {
        "hash": _hash(row),
        "url": links.to(request, "suppression-lift", suppression_id=row.pk) if may(request, Role.ADMIN) else "",
        "channel": _("Text message") if row.channel == "sms" else _("Email"),
        "scope": _scope(row),
        "reason": wording.plain(wording.SUPPRESSED, row.reason),
        "at": row.at,
    }


def _hash(row: Suppression) -> str:
    return bytes(row.address_hash).hex()[:SHOWN]


def _scope(row: Suppression) -> str:
    return {Suppression.ALL: _("Nothing at all"), Stream.MARKETING: _("No marketing")}.get(row.scope, _("No order messages"))


def _ask(request: HttpRequest, row: Suppression, form: LiftForm, status: int = 200) -> HttpResponse:
    context = {
        **_row(request, row),
        "asked_for": row.reason in acts.ASKED_FOR,
        "form": form,
        "lift_url": links.to(request, "suppression-lifted", suppression_id=row.pk),
        "back_url": links.to(request, "suppressions"),
    }
    return show(request, "dashboard/suppression_lift.html", "suppressions", {"lifting": context}, status)
