"""Codes of carriers that no table of ours has: how often they come, and what they mean to the shop."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from dashboard import links, lists
from dashboard.page import act, may, note, page, show
from integrations.carriers.asking import OWN
from integrations.carriers.custom.mapping import source_of
from integrations.models import Connection
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Role
from postpurchase.ui.parcels import PARCELS
from tracking import codes as acts
from tracking.models import CarrierCode
from tracking.reading import is_own

KEYS = ("-last_seen_at", "-id")


@page(Role.VIEWER)
def codes(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest first; `?view=mapped` those that have a meaning."""
    view = request.GET.get("view", "")
    rows = {"": CarrierCode.objects.filter(status=""), "mapped": CarrierCode.objects.exclude(status="")}
    found = lists.one_page(request, rows.get(view, CarrierCode.objects.none()), KEYS)
    named = _own(found.items)
    shown = [_row(request, row, named) for row in found.items]
    context = {
        "views": lists.tabs(request.GET, [("", _("Without a meaning"), None), ("mapped", _("With a meaning"), None)], view),
        "rows": shown,
        "choices": [{"value": name, "word": look.word} for name, look in PARCELS.items()] if may(request, Role.ADMIN) else [],
        "working": any(row["total"] is not None for row in shown),
        "mapped": view == "mapped",
        "pager": lists.pager(request, found, "last_seen_at"),
    }
    return show(request, "dashboard/codes.html", "codes", {"codes": context})


@act(Role.ADMIN)
def give(request: HttpRequest, slug: str, code_id: UUID) -> HttpResponse:
    """Say what a code means; an empty `status` takes it back. The same once more changes nothing."""
    row, status = get_object_or_404(CarrierCode.objects.select_for_update(of=("self",)), pk=code_id), request.POST.get("status", "")
    if status and status not in PARCELS:
        raise IllegalMove(_("There is no such status: choose one of the list."))
    if status != row.status:
        note(request, "code.given", subject=to_public("ccd", row.pk), words=str(row), changes={"status": (row.status, status)})
        acts.give(row, status)
        notes.success(
            request, _("It holds from now on. The parcels that have the code already are read anew; nobody is told of what is past.")
        )
    return redirect(links.to(request, "codes", {"view": "mapped"} if status else {}))


def _own(rows: Sequence[CarrierCode]) -> dict[str, str]:
    """What the connections are called whose own mappings read such codes; a query where there is one."""
    if not any(is_own(row.source) for row in rows):
        return {}
    return {source_of(pk): label for pk, label in Connection.objects.filter(kind=OWN).values_list("pk", "label")}


def _row(request: HttpRequest, row: CarrierCode, named: dict[str, str]) -> dict[str, Any]:
    return {
        "id": to_public("ccd", row.pk),
        "code": row.code,
        "carrier": named.get(row.source) or row.carrier_name,
        "text": row.text,
        "scans": row.scans,
        "status": row.status,
        "at": row.last_seen_at,
        "done": row.redo_done,
        "total": row.redo_total,
        "url": links.to(request, "code-give", code_id=row.pk),
    }
