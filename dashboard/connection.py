"""One connection: how it fares, how it is wired, its inbox, and what can be done about it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import asks, links
from dashboard.forms.connection import ReadAgainForm, SecretForm
from dashboard.inbox import inbox_of
from dashboard.page import act, may, note, page, show
from dashboard.wiring import KINDS
from integrations import registry
from integrations.connections import health, keep, replay
from integrations.connections.health import Health
from integrations.models import Connection, Replay
from postpurchase.lib import clock
from postpurchase.lib.ids import from_public, to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from tracking.polling import keep as polling

MOST_CHOSEN = 100


@page(Role.VIEWER)
def connection(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """The connection with its inbox. `?view=` narrows it to a result, `?topic=` to a topic."""
    return one_page(request, found(connection_id))


@act(Role.ADMIN)
def switch(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """Resume (on=1) or pause."""
    row, on = found(connection_id), request.POST.get("on") == "1"
    keep.switch(row, on=on)
    _log(request, "connection.switched", row, {"on": (not on, on)})
    paused = _("It is paused. What it sends is kept for 30 days and read when you resume it.")
    notes.success(request, _("It is on. What was kept meanwhile is read within seconds.") if on else paused)
    return _back(request, row)


@act(Role.ADMIN)
def secret(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """Another secret: the one entered, or one of ours, shown now and not again. `of` names the one that the page was drawn with."""
    row = found(connection_id)
    at_once = bool(request.POST.get("end"))
    if registry.adapter(row.kind).makes_secret:
        form = SecretForm(request.POST)
        if not form.is_valid():
            return one_page(request, row, secret_form=form, status=422)
        keep.change_secret(row, form.cleaned_data["secret"].strip(), at_once=at_once)
        _log(request, "connection.key_changed", row, {"at_once": (None, at_once)})
        notes.success(request, _("The secret is kept, encrypted. What is signed with it is taken from now on."))
        return _back(request, row)
    if request.POST.get("of", "") != _of(row):
        raise IllegalMove(_("The secret was changed after this page was drawn."))
    made = keep.change_secret(row, at_once=at_once)
    _log(request, "connection.key_changed", row, {"at_once": (None, at_once)})
    return one_page(request, row, secret=made)


@act(Role.ADMIN)
def old_secret(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """End the old secret before its week is over."""
    row = found(connection_id)
    row.end_old_secret()
    _log(request, "connection.old_key_ended", row)
    notes.success(request, _("The old secret has ended. Only what is signed with the new one is taken."))
    return _back(request, row)


@act(Role.ADMIN)
def again(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """Read the chosen deliveries again."""
    row = found(connection_id)
    chosen = [pk for text in request.POST.getlist("delivery")[:MOST_CHOSEN] if (pk := from_public("ind", text))]
    count = replay.again(row, chosen)
    if count:
        _log(request, "connection.read_again", row, {"rows": (None, count)})
    said = ngettext("%(n)s delivery is read again.", "%(n)s deliveries are read again.", count) % {"n": words.number(count)}
    notes.success(request, said if count else _("Nothing that can be read again was chosen."))
    return _back(request, row)


@act(Role.ADMIN)
def replay_time(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """Read a range of time again."""
    row, form = found(connection_id), ReadAgainForm(request.POST)
    if not form.is_valid():
        return one_page(request, row, replay_form=form, status=422)
    given = form.cleaned_data
    begun = replay.begin(row, given["since"], given["until"], what=given["what"], by=str(request.user))
    if begun:
        told = {"since": (None, given["since"]), "until": (None, given["until"]), "what": (None, given["what"])}
        _log(request, "connection.replayed", row, told)
    notes.success(request, _("The replay has begun.") if begun else _("Nothing in this time is to be read again."))
    return _back(request, row)


@page(Role.ADMIN)
def remove(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """Ask before removing it."""
    row = found(connection_id)
    fare = health.of(keep.kept().filter(pk=row.pk))[row.pk]
    context = _base(request, row) | {
        "waiting": fare.waiting + fare.held,
        "delete_url": links.to(request, "connection-delete", connection_id=row.pk),
    }
    return show(request, "dashboard/connection_remove.html", "connections", {"connection": context})


@act(Role.ADMIN)
def delete(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """Remove it."""
    row = found(connection_id)
    _log(request, "connection.removed", row)
    keep.remove(row)
    polling.forget(row)
    notes.success(request, _("“%s” is removed.") % row)
    return redirect(links.to(request, "connections"))


def _log(request: HttpRequest, what: str, row: Connection, changes: audit.Changes | None = None) -> None:
    note(request, what, subject=to_public("con", row.pk), words=str(row), changes=changes)


def found(connection_id: UUID) -> Connection:
    """The connection. Raises Http404, also for a removed one and for one that cannot receive."""
    return get_object_or_404(keep.kept(), pk=connection_id)


def took(time: timedelta) -> str:
    """How long reading took, in one unit."""
    seconds = time.total_seconds()
    if seconds < 1:
        return _("%s ms") % words.number(round(seconds * 1000))
    if seconds < 120:
        return _("%s s") % words.number(round(seconds))
    return _("%s min") % words.number(round(seconds / 60)) if seconds < 7200 else _("%s h") % words.number(round(seconds / 3600))


def one_page(
    request: HttpRequest,
    row: Connection,
    *,
    secret: str = "",
    secret_form: SecretForm | None = None,
    replay_form: ReadAgainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The connection's page; with a `secret` it is shown, and nobody keeps the page."""
    editable = may(request, Role.ADMIN)
    fare = health.of(keep.kept().filter(pk=row.pk))[row.pk]
    theirs = registry.adapter(row.kind).makes_secret
    context = _base(request, row) | {
        "badge": f"inbound.{fare.badge(row)}",
        "paused_at": row.paused_at,
        "secret": secret,
        "secret_set": bool(row.secret_sealed),
        "secret_at": row.secret_made_at,
        "secret_of": _of(row),
        "secret_form": (secret_form or SecretForm()) if editable and theirs else None,
        "old_secret_until": row.old_secret_until if row.has_old_secret else None,
        "stats": _stats(request, row, fare),
        "wiring": _wiring(row, fare),
        "acts": _acts(request, row) if editable else None,
        "replay_form": replay_form or (_replay_form() if editable and not row.paused_at and _has_sent(fare) else None),
        "replay": _replay(row),
        "asks": asks.of(request, row, editable=editable),
        "own": asks.own(request, row, editable=editable),
        **inbox_of(request, row, editable=editable),
    }
    response = show(request, "dashboard/connection.html", "connections", {"connection": context}, status)
    if secret:
        response["Cache-Control"] = "no-store"
    return response


def _base(request: HttpRequest, row: Connection) -> dict[str, Any]:
    return {
        "name": row.label,
        "kind": registry.adapter(row.kind).name,
        "account": row.account,
        "connections_url": links.to(request, "connections"),
        "here_url": links.to(request, "connection", connection_id=row.pk),
    }


def _back(request: HttpRequest, row: Connection) -> HttpResponse:
    return redirect(links.to(request, "connection", connection_id=row.pk))


def _of(row: Connection) -> str:
    return row.secret_made_at.isoformat() if row.secret_made_at else ""


def _acts(request: HttpRequest, row: Connection) -> dict[str, str]:
    """Where the forms of the page lead."""
    names = ("switch", "secret", "old-secret", "again", "replay", "remove")
    return {name.replace("-", "_"): links.to(request, f"connection-{name}", connection_id=row.pk) for name in names}


def _wiring(row: Connection, fare: Health) -> dict[str, Any]:
    """The address, and the steps that are done and left. `done`: it has sent something that was proved."""
    known = KINDS[row.kind]
    return {
        "address": settings.BASE_URL + reverse("inbound", args=[to_public("con", row.pk)]),
        "address_step": known.address_step,
        "topics_step": known.topics_step,
        "secret_step": known.secret_step,
        "topics": registry.adapter(row.kind).topics,
        "done": _has_sent(fare),
    }


def _has_sent(fare: Health) -> bool:
    return bool(fare.last_at or fare.waiting)


def _stats(request: HttpRequest, row: Connection, fare: Health) -> list[dict[str, str]]:
    here = links.to(request, "connection", connection_id=row.pk)
    lag = clock.machine_now() - fare.waiting_since if fare.waiting_since else fare.last_took
    behind = _("The oldest that waits") if fare.waiting_since else _("The latest, until it was recorded")
    rows: list[tuple[str, int, str, str, str]] = [
        (_("Failed"), fare.failed, _("24 h"), "", "failed"),
        (_("Parked"), fare.parked, _("24 h"), _("Wait for their order"), "parked"),
        (_("Waiting"), fare.waiting + fare.held, "", _("To be read"), "kept" if row.paused_at else "waiting"),
    ]
    counts = [
        {"label": label, "value": words.number(count), "unit": unit, "note": note, "url": f"{here}?view={view}"}
        for label, count, unit, note, view in rows
    ]
    said = {"value": took(lag), "note": behind} if lag is not None else {"value": "–", "note": ""}
    return [*counts, {"label": _("Lag"), "unit": "", "url": "", **said}]


def _replay_form() -> ReadAgainForm:
    now = clock.business_now()
    return ReadAgainForm(initial={"since": now - timedelta(hours=24), "until": now, "what": "unread"})


def _replay(row: Connection) -> dict[str, Any] | None:
    """The latest replay of a time, and how far it is."""
    last = Replay.objects.filter(connection=row).order_by("-id").first()
    if last is None:
        return None
    return {
        "working": last.finished_at is None,
        "share": min(100, last.done * 100 // max(1, last.total)),
        "done": last.done,
        "total": last.total,
        "by": last.by,
        "since": last.since,
        "until": last.until,
        "finished_at": last.finished_at,
    }
