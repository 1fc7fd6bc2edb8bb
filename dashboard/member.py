"""One person of the team: their role, and taking them off it."""

from uuid import UUID

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from dashboard import links
from dashboard.forms.team import RoleForm
from dashboard.page import act, note, page, show
from dashboard.team import role_of
from postpurchase.tenancy import audit
from postpurchase.tenancy import team as acts
from postpurchase.tenancy.models import Membership, Role


@page(Role.ADMIN)
def member(request: HttpRequest, slug: str, member_id: UUID) -> HttpResponse:
    """The form with their role."""
    row = _found(member_id)
    return _page(request, row, RoleForm(most=role_of(request), initial={"role": row.role}))


@act(Role.ADMIN)
def role(request: HttpRequest, slug: str, member_id: UUID) -> HttpResponse:
    """Another role. It holds from their next click on."""
    row, form = _found(member_id), RoleForm(request.POST, most=role_of(request))
    if not form.is_valid():
        return _page(request, row, form, status=422)
    before = row.role
    try:
        acts.change_role(row, Role(form.cleaned_data["role"]), by=role_of(request))
    except acts.NotYours as error:
        raise PermissionDenied("only an owner changes owners") from error
    note(request, "team.role_changed", subject=audit.person(row.user_id), changes=audit.changed({"role": before}, {"role": row.role}))
    notes.success(request, _("%(name)s is now %(role)s.") % {"name": row.user, "role": Role(row.role).label})
    return redirect(links.to(request, "team"))


@act(Role.ADMIN)
def remove(request: HttpRequest, slug: str, member_id: UUID) -> HttpResponse:
    """Take them off the team."""
    row = _found(member_id)
    try:
        acts.remove(row, by=role_of(request))
    except acts.NotYours as error:
        raise PermissionDenied("only an owner removes owners") from error
    note(request, "team.removed", subject=audit.person(row.user_id), changes={"role": (row.role, None)})
    notes.success(request, _("%s is no longer on the team.") % row.user)
    return redirect("account" if row.user_id == request.user.pk else links.to(request, "team"))


def _found(member_id: UUID) -> Membership:
    return get_object_or_404(Membership.objects.select_related("user"), pk=member_id)


def _page(request: HttpRequest, row: Membership, form: RoleForm, status: int = 200) -> HttpResponse:
    context = {
        "name": str(row.user),
        "email": row.user.email,
        "form": form if row.role != Role.OWNER or role_of(request) == Role.OWNER else None,
        "team_url": links.to(request, "team"),
        "role_url": links.to(request, "member-role", member_id=row.pk),
        "remove_url": links.to(request, "member-remove", member_id=row.pk),
    }
    return show(request, "dashboard/member.html", "team", {"member": context}, status)
