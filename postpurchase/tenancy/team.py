"""Who is on a merchant's team: invite, join, change a role, remove. A merchant always keeps an owner."""

import uuid
from datetime import timedelta

from django.core import signing
from django.db import models
from django.utils.translation import gettext as _

from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Invitation, Membership, Role, User

LASTS = timedelta(days=7)
SIGNER = signing.Signer(salt="invitation")


class NotYours(Exception):
    """Only an owner may make, change or remove an owner."""


class Closed(Exception):
    """The invitation opens nothing any more; the text says why."""


def change_role(row: Membership, role: Role, *, by: Role) -> None:
    """Give somebody another role. Raises NotYours, and IllegalMove for the last owner."""
    if Role.OWNER in (role, row.role) and by != Role.OWNER:
        raise NotYours
    if role != Role.OWNER:
        _keep_an_owner(row)
    Membership.objects.filter(pk=row.pk).update(role=role)
    row.role = role


def remove(row: Membership, *, by: Role) -> None:
    """Take somebody off the team; their next request is a stranger's. Raises NotYours, and IllegalMove for the last owner."""
    if row.role == Role.OWNER and by != Role.OWNER:
        raise NotYours
    _keep_an_owner(row)
    row.delete()


def _keep_an_owner(row: Membership) -> None:
    """Of two owners who leave at once, one waits here and is then the last."""
    owners = list(Membership.objects.select_for_update().filter(role=Role.OWNER).order_by("id").values_list("pk", flat=True))
    if owners == [row.pk]:
        raise IllegalMove(_("A shop needs an owner, and this is the last one. Make somebody else an owner first."))


def invite(email: str, role: Role, *, by: User, role_of_inviter: Role) -> Invitation:
    """Ask somebody to join, for seven days. An open invitation to that address is replaced: its link ends. Raises NotYours."""
    if role == Role.OWNER and role_of_inviter != Role.OWNER:
        raise NotYours
    now = clock.machine_now()
    open_invitations().filter(email=email).update(revoked_at=now)
    return Invitation.objects.create(email=email, role=role, invited_by=by, created_at=now, expires_at=now + LASTS)


def open_invitations() -> models.QuerySet[Invitation]:
    """Those neither accepted nor revoked; some may have expired."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None)


def revoke(row: Invitation) -> None:
    """End an invitation. Raises IllegalMove when it was accepted or revoked meanwhile."""
    if not open_invitations().filter(pk=row.pk).update(revoked_at=clock.machine_now()):
        raise IllegalMove(_("This invitation was accepted or withdrawn meanwhile."))


def accept(row: Invitation, user: User) -> Membership:
    """Join the team. Raises Closed; of two who press at once, one joins."""
    ensure_open(row)
    if not open_invitations().filter(pk=row.pk).update(accepted_at=clock.machine_now()):
        raise Closed(_("It was used already, or the shop has withdrawn it."))
    member, _made = Membership.objects.get_or_create(user=user, defaults={"role": row.role})
    return member


def ensure_open(row: Invitation) -> None:
    """Raises Closed, with the reason in words."""
    if row.accepted_at:
        raise Closed(_("It was used already. If it was you, sign in."))
    if row.revoked_at:
        raise Closed(_("The shop has withdrawn it, or sent you a newer one."))
    if row.expires_at <= clock.machine_now():
        raise Closed(_("It was good for seven days. Ask the shop to send it again."))


def token(row: Invitation) -> str:
    """What the link in the mail carries: the id, signed."""
    return SIGNER.sign(row.pk.hex)


def from_token(text: str) -> uuid.UUID | None:
    """The id, or None for a text that we have not signed."""
    try:
        return uuid.UUID(SIGNER.unsign(text))
    except (signing.BadSignature, ValueError):
        return None
