"""The team: who belongs to it, who is asked to join, and leaving."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from dashboard import links
from dashboard.accounts import joining
from dashboard.forms.team import InviteForm
from dashboard.page import act, may, note, page, show
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import audit
from postpurchase.tenancy import team as acts
from postpurchase.tenancy.models import Invitation, Membership, Merchant, Role

MOST = 200  # people, and open invitations, on the page


@page(Role.ADMIN)
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody, what they may do, and who is asked to join."""
    return _page(request, InviteForm(most=role_of(request)))


@act(Role.ADMIN)
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask somebody to join, by mail."""
    people = frozenset(Membership.objects.values_list("user__email", flat=True))
    form = InviteForm(request.POST, most=role_of(request), team=people)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    row = acts.invite(given["email"], Role(given["role"]), by=request.user, role_of_inviter=role_of(request))  # type: ignore[arg-type]
    joining.write(request, row)
    note(request, "team.invited", subject=to_public("inv", row.pk), changes={"role": (None, row.role)})
    notes.success(request, _("The invitation is on its way to %s.") % row.email)
    return redirect(links.to(request, "team"))


@act(Role.ADMIN)
def again(request: HttpRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    """Send it again, for seven more days. The link sent before ends."""
    row = get_object_or_404(Invitation, pk=invitation_id)
    try:
        acts.revoke(row)
        fresh = acts.invite(row.email, Role(row.role), by=request.user, role_of_inviter=role_of(request))  # type: ignore[arg-type]
    except acts.NotYours as error:
        raise PermissionDenied("only an owner invites owners") from error
    joining.write(request, fresh)
    note(request, "team.invited_again", subject=to_public("inv", fresh.pk), changes={"role": (None, fresh.role)})
    notes.success(request, _("A new invitation is on its way to %s. The old link has ended.") % row.email)
    return redirect(links.to(request, "team"))


@act(Role.ADMIN)
def revoke(request: HttpRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    """Withdraw it."""
    row = get_object_or_404(Invitation, pk=invitation_id)
    acts.revoke(row)
    note(request, "team.withdrawn", subject=to_public("inv", row.pk))
    notes.success(request, _("The invitation to %s is withdrawn. Its link opens nothing any more.") % row.email)
    return redirect(links.to(request, "team"))


@act(Role.OWNER)
def two_factor(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether owners need a second factor (on=1). Whoever asks it of others has one."""
    on = request.POST.get("on") == "1"
    if on and not _with_factor([request.user.pk]):
        raise IllegalMove(_("You have no second factor yourself, so this would lock you out. Set one up in your account first."))
    shop = Merchant.objects.get(pk=request.member.merchant_id)  # type: ignore[attr-defined]
    Merchant.objects.filter(pk=shop.pk).update(two_factor_for_owners=on)
    note(request, "team.factor_rule", changes=audit.changed({"on": shop.two_factor_for_owners}, {"on": on}))
    notes.success(request, _("Owners now need a second factor.") if on else _("Owners may do without a second factor."))
    return redirect(links.to(request, "team"))


@page(Role.VIEWER)
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask before leaving."""
    return show(
        request, "dashboard/team_leave.html", "team", {"leave_url": links.to(request, "team-left"), "back_url": links.to(request, "home")}
    )


@act(Role.VIEWER)
def left(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave the team. The last owner cannot."""
    row = get_object_or_404(Membership, pk=request.member.id)  # type: ignore[attr-defined]
    acts.remove(row, by=role_of(request))
    note(request, "team.left", subject=audit.person(row.user_id))
    notes.success(request, _("You have left the team."))
    return redirect("account")


def role_of(request: HttpRequest) -> Role:
    """The person's own."""
    return Role(request.member.role)  # type: ignore[attr-defined]


def _page(request: HttpRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    merchant = Merchant.objects.get(pk=request.member.merchant_id)  # type: ignore[attr-defined]
    context = {
        "members": _members(request),
        "invitations": _invitations(request),
        "form": form,
        "invite_url": links.to(request, "team-invite"),
        "leave_url": links.to(request, "team-leave"),
        "two_factor": merchant.two_factor_for_owners,
        "two_factor_url": links.to(request, "team-two-factor") if may(request, Role.OWNER) else "",
    }
    return show(request, "dashboard/team.html", "team", {"team": context}, status)


def _members(request: HttpRequest) -> list[dict[str, Any]]:
    rows = list(Membership.objects.select_related("user").order_by("user__name", "user__email")[:MOST])
    safe = _with_factor([row.user_id for row in rows])
    return [
        {
            "name": str(row.user),
            "email": row.user.email,
            "role": Role(row.role).label,
            "factor": row.user_id in safe,
            "me": row.user_id == request.user.pk,
            "url": links.to(request, "member", member_id=row.pk),
        }
        for row in rows
    ]


def _with_factor(people: list[Any]) -> set[int]:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return set(Authenticator.objects.filter(user_id__in=people, type__in=kinds).values_list("user_id", flat=True))


def _invitations(request: HttpRequest) -> list[dict[str, Any]]:
    now = clock.machine_now()
    return [
        {
            "email": row.email,
            "role": Role(row.role).label,
            "until": row.expires_at,
            "expired": row.expires_at <= now,
            "again_url": links.to(request, "invitation-again", invitation_id=row.pk),
            "revoke_url": links.to(request, "invitation-revoke", invitation_id=row.pk),
        }
        for row in acts.open_invitations().order_by("-created_at", "-id")[:MOST]
    ]
