"""Deleting one's account: refused while a shop would be left without an owner, and what is erased then."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import audit, gates, team
from postpurchase.tenancy.models import DELETED, Invitation, Membership, Role, User
from postpurchase.tenancy.scope import in_merchant


@require_safe
@never_cache
@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """What will happen; or which shops stand in the way, with the way out."""
    return _page(request)


@require_POST
@login_required
@reauthentication_required
def delete(request: HttpRequest) -> HttpResponse:
    """Delete it. Nothing is done while one shop stands in the way."""
    try:
        with transaction.atomic():
            _leave_all(request.user, audit.caller(request))
            _forget(request.user)
    except IllegalMove:
        return _page(request, status=409)
    logout(request)
    return render(request, "account/deleted.html", {})


def alone_in(user: Any) -> list[dict[str, str]]:
    """The shops of which they are the only owner."""
    found = []
    for merchant_id, slug, name in gates.merchants_of(user.pk):
        with in_merchant(merchant_id):
            owners = list(Membership.objects.filter(role=Role.OWNER).values_list("user_id", flat=True)[:2])
            others = Membership.objects.exclude(user_id=user.pk).exists()
        if owners == [user.pk]:
            at = {"slug": slug}
            urls = {"team_url": reverse("dashboard:team", kwargs=at), "close_url": reverse("dashboard:close", kwargs=at)}
            found.append({"name": name, "others": "1" if others else "", **urls})
    return found


def _leave_all(user: Any, by: audit.Caller) -> None:
    """Raises IllegalMove at the first shop that would be left without an owner."""
    for merchant_id, _slug, _name in sorted(gates.merchants_of(user.pk)):  # by id: two who leave the same shops never wait crosswise
        with in_merchant(merchant_id):
            for row in Membership.objects.filter(user_id=user.pk):
                team.remove(row, by=Role.OWNER)
                audit.record(by, "team.left", subject=audit.person(user.pk))
            Invitation.objects.filter(email=user.email).update(email=f"deleted-{user.pk}{DELETED}")


def _forget(user: Any) -> None:
    """Nothing of the person stays but a row without a name, so that what they did in shops keeps its place."""
    for one in UserSession.objects.filter(user_id=user.pk):
        one.end()
    EmailAddress.objects.filter(user_id=user.pk).delete()
    Authenticator.objects.filter(user_id=user.pk).delete()
    row = User.objects.get(pk=user.pk)
    row.email, row.name, row.is_active = f"deleted-{row.pk}{DELETED}", _("Deleted account"), False
    row.set_unusable_password()
    row.save()


def _page(request: HttpRequest, status: int = 200) -> HttpResponse:
    return render(request, "account/delete.html", {"alone_in": alone_in(request.user)}, status=status)
