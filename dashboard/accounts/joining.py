"""An invitation from its mail to a place on the team: by somebody with an account, or by somebody new."""

import logging
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages as notes
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.accounts import letters
from dashboard.forms.join import JoinForm
from postpurchase.events import bus
from postpurchase.events.catalogue import MemberJoined
from postpurchase.post import write as post
from postpurchase.tenancy import audit, gates, team
from postpurchase.tenancy.models import Invitation, Role, User
from postpurchase.tenancy.scope import in_merchant

log = logging.getLogger(__name__)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def write(request: HttpRequest, row: Invitation) -> None:
    """The mail, kept with the invitation. If it does not arrive, the team page has "Send again"."""
    shop = row.merchant.name
    url = settings.BASE_URL + reverse("invitation", kwargs={"token": team.token(row)})
    post.put(row.email, letters.invitation(shop, str(request.user), str(Role(row.role).label), url))


@require_safe
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What one is asked to, and the way in. Looking changes nothing."""
    row = _found(token)
    if row is None:
        return _gone(request, _("The link is cut short or was altered. Copy all of it from the mail."), status=404)
    with in_merchant(row.merchant):
        return _page(request, row, token, JoinForm())


@require_POST
@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Join: as who is signed in, if the invitation is theirs, or as somebody new."""
    row = _found(token)
    if row is None:
        return _gone(request, _("The link is cut short or was altered. Copy all of it from the mail."), status=404)
    with in_merchant(row.merchant):
        who = _standing(request, row)
        form = JoinForm(request.POST)
        if who in ("other", "known") or (who == "new" and not form.is_valid()):
            return _page(request, row, token, form, status=403 if who == "other" else 422)
        try:
            with transaction.atomic():
                user = _newcomer(row, form) if who == "new" else request.user
                member = team.accept(row, user)  # type: ignore[arg-type]
                by = audit.caller(request, user=user)
                audit.record(by, "team.joined", subject=audit.person(member.user_id), changes={"role": (None, member.role)})
                bus.publish(MemberJoined(member_id=member.pk))
        except team.Closed as closed:
            return _gone(request, str(closed))
    if who == "new":
        login(request, user, backend=BACKEND)  # type: ignore[arg-type]
        UserSession.objects.create_from_request(request)
    merchant = row.merchant
    notes.success(request, _("Welcome to the team of %s.") % merchant.name)
    return redirect("dashboard:home", slug=merchant.slug)


def _found(token: str) -> Invitation | None:
    invitation_id = team.from_token(token)
    merchant_id = gates.by_invitation(invitation_id) if invitation_id else None
    if invitation_id is None or merchant_id is None:
        return None
    with in_merchant(merchant_id):
        return Invitation.objects.select_related("invited_by", "merchant").get(pk=invitation_id)


def _standing(request: HttpRequest, row: Invitation) -> str:
    """Who looks at it: mine (whom it is for), other (signed in as somebody else), known (has an account), new."""
    if request.user.is_authenticated:
        return "mine" if request.user.email == row.email else "other"
    return "known" if User.objects.filter(email=row.email).exists() else "new"


def _newcomer(row: Invitation, form: JoinForm) -> User:
    """The link came to the address, so it is theirs."""
    return User.objects.create_user(row.email, form.cleaned_data["password"], name=form.cleaned_data["name"])


def _page(request: HttpRequest, row: Invitation, token: str, form: JoinForm, status: int = 200) -> HttpResponse:
    try:
        team.ensure_open(row)
    except team.Closed as closed:
        return _gone(request, str(closed))
    context: dict[str, Any] = {
        "shop": row.merchant.name,
        "by": str(row.invited_by) if row.invited_by else "",
        "role": Role(row.role).label,
        "email": row.email,
        "who": _standing(request, row),
        "form": form,
        "accept_url": reverse("invitation-accept", kwargs={"token": token}),
        "here": reverse("invitation", kwargs={"token": token}),
    }
    return render(request, "account/invitation.html", {"invitation": context}, status=status)


def _gone(request: HttpRequest, why: str, status: int = 410) -> HttpResponse:
    return render(request, "account/invitation_gone.html", {"why": why}, status=status)
