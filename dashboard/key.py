"""One API key: what it may do, when it was used, another in its place, and its end."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from dashboard import links
from dashboard.forms.key import RotateForm, right
from dashboard.page import act, note, page, show
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import keys as acts
from postpurchase.tenancy.models import ApiKey, Role


@page(Role.ADMIN)
def key(request: HttpRequest, slug: str, key_id: UUID) -> HttpResponse:
    """The key, without its text: nobody has that any more."""
    return one_page(request, _found(key_id))


@act(Role.ADMIN)
def rotate(request: HttpRequest, slug: str, key_id: UUID) -> HttpResponse:
    """Another key in its place, shown now and not again. Pressing twice makes one: a key is replaced once."""
    row, form = _found(key_id), RotateForm(request.POST)
    if not form.is_valid():
        return one_page(request, row, form=form, status=422)
    fresh, text = acts.rotate(row, overlap=timedelta(seconds=form.cleaned_data["overlap"]), by=request.user)  # type: ignore[arg-type]
    told = {
        "old_one_holds_until": (None, row.ends_at),
        "prefix": (row.prefix, fresh.prefix),
        "successor": (None, to_public("key", fresh.pk)),
    }
    note(request, "key.rotated", subject=to_public("key", row.pk), words=row.label, changes=told)
    return one_page(request, fresh, text=text)


@page(Role.ADMIN)
def end(request: HttpRequest, slug: str, key_id: UUID) -> HttpResponse:
    """Ask before it is revoked."""
    row = _found(key_id)
    context = _base(request, row) | {"last_used_at": row.last_used_at, "act_url": links.to(request, "key-revoke", key_id=row.pk)}
    return show(request, "dashboard/key_end.html", "keys", {"key": context})


@act(Role.ADMIN)
def revoke(request: HttpRequest, slug: str, key_id: UUID) -> HttpResponse:
    """It opens nothing from now on."""
    row = _found(key_id)
    acts.revoke(row)
    note(request, "key.revoked", subject=to_public("key", row.pk), words=row.label, changes={"prefix": (row.prefix, None)})
    notes.success(request, _("“%s” is revoked. Calls with it are refused from now on.") % row.label)
    return redirect(links.to(request, "keys"))


def badge_of(row: ApiKey) -> str:
    """Whether it opens something, and for how long."""
    if row.revoked_at:
        return "key.revoked"
    if row.ended:
        return "key.ended"
    return "key.ending" if row.ends_at else "key.on"


def one_page(request: HttpRequest, row: ApiKey, *, text: str = "", form: RotateForm | None = None, status: int = 200) -> HttpResponse:
    """The key's page; with its `text` that is shown, and nobody keeps the page."""
    context = _base(request, row) | {
        "badge": badge_of(row),
        "live": row.live,
        "text": text,
        "ends_at": None if row.ended else row.ends_at,
        "rights": [right(scope) for scope in row.scopes],
        "facts": _facts(row),
        "form": (form or RotateForm()) if not row.ended and not row.ends_at else None,
        "rotate_url": links.to(request, "key-rotate", key_id=row.pk),
        "end_url": "" if row.ended else links.to(request, "key-end", key_id=row.pk),
        "log_url": links.to(request, "audit", {"subject": to_public("key", row.pk)}),
    }
    response = show(request, "dashboard/key.html", "keys", {"key": context}, status)
    if text:
        response["Cache-Control"] = "no-store"
    return response


def _found(key_id: UUID) -> ApiKey:
    return get_object_or_404(ApiKey.objects.select_related("made_by"), pk=key_id)


def _base(request: HttpRequest, row: ApiKey) -> dict[str, Any]:
    return {
        "name": row.label,
        "prefix": f"{row.prefix}…",
        "keys_url": links.to(request, "keys"),
        "here_url": links.to(request, "key", key_id=row.pk),
    }


def _facts(row: ApiKey) -> list[dict[str, Any]]:
    ended = row.revoked_at or (row.ends_at if row.ended else None)
    said: list[tuple[str, str, Any, bool]] = [
        (_("Begins with"), row.prefix, None, True),
        (_("Orders"), _("Live orders") if row.live else _("Test orders"), None, False),
        (_("Last used"), "" if row.last_used_at else _("Never"), row.last_used_at, False),
        (_("Made"), "", row.created_at, False),
        (_("By"), str(row.made_by) if row.made_by else "", None, False),
        (_("Ended"), "", ended, False),
        (_("Id"), to_public("key", row.pk), None, True),
    ]
    return [{"label": label, "value": value, "at": at, "mono": mono} for label, value, at, mono in said if value or at]
