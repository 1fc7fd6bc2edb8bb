"""The audit log: who did what, whether the log is whole, and one entry."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import audit_words, exports, links, lists
from dashboard.audit_names import Names
from dashboard.page import act, page, show
from postpurchase.jobs import tasks
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import audit as log
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import ApiKey, AuditCheck, AuditEntry, Membership, Role
from postpurchase.ui import words
from transfers.models import Subject

KEYS = ("-number",)
SINCE = {"1d": 1, "7d": 7, "30d": 30, "90d": 90}
MOST = 200  # people and keys to choose from


@page(Role.ADMIN)
def audit(request: HttpRequest, slug: str) -> HttpResponse:
    """The entries that the address describes, newest first."""
    asked = request.GET
    found = lists.one_page(request, wanted(asked), KEYS)
    names = Names(found.items)
    context = {
        "filters": lists.chips(asked, _filters(asked)),
        "pager": lists.pager(request, found, "at"),
        "rows": [_row(request, entry, names) for entry in found.items],
        "filtered": any(asked.get(name) for name in ("who", "act", "since", "subject", "after")),
        "here_url": links.to(request, "audit"),
        "check": _check(AuditCheck.objects.first()),
        "check_url": links.to(request, "audit-check"),
        "export": exports.begin_from_list(request, Subject.AUDIT),
    }
    return show(request, "dashboard/audit.html", "audit", {"audit": context})


@act(Role.ADMIN)
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the whole log read through. The page says what was found."""
    log.ask()
    tasks.check_log.enqueue(scope.merchant_id())
    notes.success(request, _("The log is being read through."))
    return redirect(links.to(request, "audit"))


@page(Role.ADMIN)
def entry(request: HttpRequest, slug: str, entry_id: UUID) -> HttpResponse:
    """One entry with all it says."""
    row = get_object_or_404(AuditEntry.objects.prefetch_related("origins"), pk=entry_id)
    names = Names([row])
    context = {
        "act": audit_words.act(row.act),
        "subject": names.subject(row),
        "who": names.actor(row.actor),
        "at": row.at,
        "audit_url": links.to(request, "audit"),
        "changes": [
            {"field": audit_words.field(name), "before": _said(before, names), "after": _said(after, names)}
            for name, (before, after) in row.changes.items()
        ],
        "facts": _facts(row, names),
        "more_url": links.to(request, "audit", {"subject": row.subject}) if row.subject else "",
        "theirs_url": links.to(request, "audit", {"who": row.actor}),
    }
    return show(request, "dashboard/audit_entry.html", "audit", {"entry": context})


def wanted(asked: QueryDict) -> Any:
    """The entries that an address asks for."""
    rows = AuditEntry.objects.all()
    for name, column in (("who", "actor"), ("act", "act"), ("subject", "subject")):
        if value := asked.get(name):
            rows = rows.filter(**{column: value.replace("\0", "")})
    if since := asked.get("since"):
        days = SINCE.get(since)
        rows = rows.filter(number__gte=_first_since(days)) if days else rows.none()
    return rows


def _first_since(days: int) -> int:
    """Times run with the numbers: what is asked by time is found by number, without reading what lies between."""
    since = clock.machine_now() - timedelta(days=days)
    first = AuditEntry.objects.filter(at__gte=since).order_by("at", "number").values_list("number", flat=True).first()
    return first if first is not None else 1 << 62


def _filters(asked: QueryDict) -> list[lists.Filter]:
    team = Membership.objects.select_related("user").order_by("user__name", "user__email")[:MOST]
    people = [(log.person(row.user_id), str(row.user)) for row in team]
    keys = [(to_public("key", row.pk), _("API key %s") % row.label) for row in ApiKey.objects.order_by("-created_at", "-id")[:MOST]]
    since = [("1d", _("last 24 hours")), ("7d", _("last 7 days")), ("30d", _("last 30 days")), ("90d", _("last 90 days"))]
    who, subject = asked.get("who", ""), asked.get("subject", "")
    gone = [] if not who or who in dict(people + keys) else _who_left(who)
    return [
        lists.Filter("who", _("Who"), [*people, *keys, ("system", _("Postpurchase")), *gone]),
        lists.Filter("act", _("Act"), sorted(((name, str(word)) for name, word in audit_words.ACTS.items()), key=lambda pair: pair[1])),
        lists.Filter("since", _("When"), since),
        lists.Filter("subject", _("About"), [(subject, _of(subject))] if subject else []),
    ]


def _who_left(who: str) -> list[lists.Choice]:
    """Somebody who acted here once, and nobody else: an address that was made up must not name people of other shops."""
    last = AuditEntry.objects.filter(actor=who.replace("\0", "")).first()
    return [(who, Names([last]).actor(who))] if last else []


def _of(subject: str) -> str:
    """What a subject was last called."""
    last = AuditEntry.objects.filter(subject=subject.replace("\0", "")).order_by("-number").first()
    return (Names([last]).subject(last) if last else "") or subject


def _row(request: HttpRequest, row: AuditEntry, names: Names) -> dict[str, Any]:
    return {
        "url": links.to(request, "audit-entry", entry_id=row.pk),
        "act": audit_words.act(row.act),
        "subject": names.subject(row),
        "what": ", ".join(audit_words.field(name) for name in row.changes),
        "who": names.actor(row.actor),
        "machine": not row.actor.startswith("person:"),
        "at": row.at,
    }


def _check(row: AuditCheck | None) -> dict[str, Any] | None:
    """What the last reading found; `working` while one is asked for."""
    if row is None:
        return None
    entries = ngettext("%(n)s entry", "%(n)s entries", row.entries) % {"n": words.number(row.entries)}
    return {
        "working": row.checked_at is None or row.checked_at < row.asked_at,
        "broken_at": row.broken_at,
        "since": row.since,
        "entries": entries,
        "checked_at": row.checked_at,
        "head": bytes(row.head).hex(),
    }


def _said(given: Any, names: Names) -> str:
    return audit_words.value(given, names.people)


def _facts(row: AuditEntry, names: Names) -> list[dict[str, Any]]:
    origin = next(iter(row.origins.all()), None)
    address = origin.address if origin else _("No longer kept") if row.origin else ""
    said = [
        (_("Who"), names.actor(row.actor), False),
        (_("From"), address, bool(origin)),
        (_("Request"), row.request_id, True),
        (_("About"), row.subject if "_" in row.subject else "", True),
        (_("Number"), words.number(row.number), False),
        (_("Fingerprint"), bytes(row.hash).hex(), True),
        (_("Id"), to_public("aud", row.pk), True),
    ]
    return [{"label": label, "value": value, "mono": mono} for label, value, mono in said if value]
