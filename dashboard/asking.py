"""Carriers that tell nothing by themselves are asked: by which account, how often, and how that fares."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dashboard import links
from dashboard.connection import found
from dashboard.forms.asking import AskingForm
from dashboard.page import act, note, page, show
from integrations import registry
from integrations.carriers.asking import OWN, WAYS
from integrations.models import Connection
from postpurchase.lib.crypto import Undecipherable
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Role
from tracking.models import Poller
from tracking.polling import keep as acts


@page(Role.ADMIN)
def asking(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """The account and the pace."""
    row = _asked(connection_id)
    return _page(request, row, _form(row, acts.of(row)))


@act(Role.ADMIN)
def keep(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """Keep them; switched on, what is under way with these carriers is asked about soon."""
    row = _asked(connection_id)
    poller = acts.of(row)
    form = _form(row, poller, request.POST)
    if not form.is_valid():
        return _page(request, row, form, 422)
    given = form.cleaned_data
    wanted = {"asking": given["asking"], "a_minute": given["a_minute"], "url": given.get("url", "")}
    wanted["carriers"] = given.get("carriers") or list(WAYS[row.kind].carriers)
    before = {name: getattr(poller, name) if poller else None for name in ("asking", "carriers", "a_minute")}
    made = acts.put(row, form.account, **wanted)
    changes = {"on": (before["asking"], made.asking), "carriers": (before["carriers"], made.carriers)}
    note(request, "connection.asking", subject=to_public("con", row.pk), words=str(row), changes=changes)
    on = _("Parcels on their way are asked about from now on, the first within half an hour.")
    notes.success(request, on if made.asking else _("Nobody is asked any more. What they send by themselves is still read."))
    return redirect(links.to(request, "connection", connection_id=row.pk))


def _asked(connection_id: UUID) -> Connection:
    row = found(connection_id)
    if row.kind not in WAYS:
        raise Http404
    return row


def _form(row: Connection, poller: Poller | None, data: Any = None) -> AskingForm:
    way = WAYS[row.kind]
    try:
        kept = poller.account() if poller else {}
    except Undecipherable:
        kept = {}
    initial: dict[str, Any] = {"asking": True, "a_minute": way.a_minute}
    if poller:
        initial = {"asking": poller.asking, "a_minute": poller.a_minute, "url": poller.url, "carriers": ", ".join(poller.carriers)}
    initial["header"] = kept.get("header", "")
    return AskingForm(data, way=way, kind=row.kind, kept=kept, initial=initial)


def _page(request: HttpRequest, row: Connection, form: AskingForm, status: int = 200) -> HttpResponse:
    context = {
        "name": row.label,
        "kind": registry.adapter(row.kind).name,
        "own": row.kind == OWN,
        "tells": WAYS[row.kind].begin is not None,
        "form": form,
        "connections_url": links.to(request, "connections"),
        "here_url": links.to(request, "connection", connection_id=row.pk),
        "act_url": links.to(request, "connection-asking-keep", connection_id=row.pk),
    }
    return show(request, "dashboard/asking.html", "connections", {"asking": context}, status)
