"""Who worked on a flow, kept in and read from the audit log: one entry for each sitting at a draft, not one for each edit."""

from django.http import HttpRequest

from dashboard.audit_names import Names
from dashboard.page import note
from notifications.models import Flow
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import AuditEntry

DRAFT, MADE = "flow.drafted", "flow.made"


def drafted(request: HttpRequest, row: Flow, *, fresh: bool) -> None:
    """Note that somebody works at a draft, once until somebody else does or it is published."""
    last = _last(row)
    mine = last and last.act in (DRAFT, MADE) and last.actor == audit.caller(request).actor
    if fresh or not mine:
        note(request, "flow.drafted", subject=f"flow:{row.key}", words=row.name)


def last_editor(row: Flow) -> str:
    """Who worked at the draft last, by name; '' where nobody knows."""
    last = _last(row)
    return Names([last]).actor(last.actor) if last else ""


def _last(row: Flow) -> AuditEntry | None:
    return AuditEntry.objects.filter(subject=f"flow:{row.key}", act__startswith="flow.").order_by("-number").first()


def publishers(row: Flow, numbers: list[int]) -> dict[int, str]:
    """Who published which of the versions, by name."""
    acts = ("flow.published", "flow.rolled_back")
    entries = [
        entry
        for entry in AuditEntry.objects.filter(subject=f"flow:{row.key}", act__in=acts).order_by("-number")[:500]
        if entry.changes.get("version", [None, 0])[1] in numbers
    ]
    names = Names(entries)
    return {entry.changes["version"][1]: names.actor(entry.actor) for entry in reversed(entries)}
