"""What one can do about a parcel that needs somebody. A second click of the same press finds it done and changes nothing."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import links, undo
from dashboard.case import named, shown, whole
from dashboard.forms.work import AskForm, AssignForm, DoneForm, Once, SnoozeForm, TellForm
from dashboard.page import act, note
from dashboard.work import people
from desk import answers as acts
from desk.models import Case
from postpurchase.lib import ids
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Membership, Role
from postpurchase.ui import words


@act(Role.AGENT)
def tell(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """Write to the shopper."""
    case = _locked(case_id)
    form = TellForm(request.POST, options=named(acts.options(case)))
    if not form.is_valid():
        raise IllegalMove(_("Nothing was sent: this message does not fit what is wrong with the parcel now."))
    given = form.cleaned_data
    message = acts.tell(case, given["template"], by=_person(request), once=given["once"])
    if message:
        _log(request, "case.told", case, {"message": (None, given["template"])})
        notes.success(request, _("It goes out now, to %s.") % message.to_address)
    return _back(request, case)


@act(Role.AGENT)
def asked(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """Note that the letter went to the carrier."""
    case, form = _locked(case_id), AskForm(request.POST)
    if not form.is_valid():
        return shown(request, case, {"asked": form}, status=422)
    if acts.ask_carrier(case, form.cleaned_data["letter"], by=_person(request), once=form.cleaned_data["once"]):
        _log(request, "case.asked", case)
        notes.success(request, _("Noted: the carrier was asked. The letter is kept with the parcel."))
    return _back(request, case)


@act(Role.AGENT)
def snooze(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """Out of the queue until the morning of a day."""
    case, form = _locked(case_id), SnoozeForm(request.POST)
    if not form.is_valid():
        return shown(request, case, {"snooze": form}, status=422)
    until = datetime.combine(form.cleaned_data["until"], time.min, timezone.get_current_timezone())
    if until <= words.now():
        form.add_error("until", _("Choose a day that is still to come."))
        return shown(request, case, {"snooze": form}, status=422)
    if acts.snooze(case, until, by=_person(request), once=form.cleaned_data["once"]):
        _log(request, "case.snoozed", case, {"until": (None, until)})
        _offer_reopening(request, case, _("Put off until %s.") % words.short_day(until.date(), weekday=True))
    return redirect(links.to(request, "work"))


@act(Role.AGENT)
def assign(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """Give it to somebody of the team, or to nobody."""
    case, form = _locked(case_id), AssignForm(request.POST, team=people())
    if not form.is_valid():
        return shown(request, case, {"assign": form}, status=422)
    given = form.cleaned_data["member"]
    member = get_object_or_404(Membership.objects.select_related("user"), pk=given) if given else None
    before = case.assignee
    if acts.assign(case, member, by=_person(request), once=form.cleaned_data["once"]):
        _log(request, "case.assigned", case, {"person": (_mentioned(before), _mentioned(member))})
        notes.success(request, _("It is %s’s now.") % member.user if member else _("It is nobody’s now."))
    return _back(request, case)


@act(Role.AGENT)
def done(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """Seen to, with a note."""
    case, form = _locked(case_id), DoneForm(request.POST)
    if not form.is_valid():
        return shown(request, case, {"done": form}, status=422)
    if acts.finish(case, form.cleaned_data["note"], by=_person(request), once=form.cleaned_data["once"]):
        _log(request, "case.done", case)
        _offer_reopening(request, case, _("Done. It comes back if something else goes wrong with the parcel."))
    return redirect(links.to(request, "work"))


@act(Role.AGENT)
def reopen(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """Back into the queue."""
    case, form = _locked(case_id), Once(request.POST)
    if not form.is_valid():
        raise IllegalMove(_("Nothing was changed: open the parcel’s page and try again."))
    if acts.reopen(case, by=_person(request), once=form.cleaned_data["once"]):
        _log(request, "case.reopened", case)
        notes.success(request, _("It is back in the queue."))
    return _back(request, case)


def _locked(case_id: UUID) -> Case:
    found: Case = get_object_or_404(whole().select_for_update(of=("self",)), pk=case_id)
    return found


def _person(request: HttpRequest) -> Any:
    return request.user


def _mentioned(member: Membership | None) -> dict[str, int] | None:
    return {"person": member.user_id} if member else None


def _log(request: HttpRequest, what: str, case: Case, changes: dict[str, tuple[Any, Any]] | None = None) -> None:
    note(request, what, subject=ids.to_public("cse", case.pk), words=case.shipment.number, changes=changes)


def _offer_reopening(request: HttpRequest, case: Case, said: str) -> None:
    undo.offer(request, said, "case-reopen", {"once": ids.random_token()}, case_id=case.pk)


def _back(request: HttpRequest, case: Case) -> HttpResponse:
    return redirect(links.to(request, "case", case_id=case.pk))
