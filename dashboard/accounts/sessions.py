"""Where somebody is signed in, and how to end it."""

import re
from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

MOST = 50  # shown, newest first
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))


class WhichForm(forms.Form):
    """The number of a log-in."""

    session = forms.IntegerField(min_value=1)


def rows(request: HttpRequest) -> list[dict[str, Any]]:
    """The person's log-ins that still hold, this one first."""
    here = request.session.session_key
    held = UserSession.objects.filter(user_id=request.user.pk).order_by("-created_at", "-pk")[:MOST]
    found = [
        {"id": one.pk, "device": device(one.user_agent), "ip": one.ip, "at": one.created_at, "current": one.session_key == here}
        for one in held
    ]
    return sorted(found, key=lambda row: not row["current"])


def device(agent: str) -> str:
    """ "Firefox on Windows", from what the browser said of itself."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if re.search(mark, agent)), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Another program")


@require_POST
@login_required
def end(request: HttpRequest) -> HttpResponse:
    """End one of one's own log-ins. Somebody else's is as unknown as one that never was."""
    form = WhichForm(request.POST)
    found = UserSession.objects.filter(user_id=request.user.pk, pk=form.cleaned_data["session"]).first() if form.is_valid() else None
    if found is None:
        raise Http404
    found.end()
    notes.success(request, _("That log-in has ended."))
    return redirect("account")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's log-ins but this."""
    for one in UserSession.objects.filter(user_id=request.user.pk).exclude(session_key=request.session.session_key):
        one.end()
    notes.success(request, _("All other log-ins have ended."))
    return redirect("account")
