"""What stands round every list: the filters that are kept, the acts on many rows, the export."""

from typing import Any

from django.http import HttpRequest

from bulk import acts, keep
from dashboard import exports, links
from dashboard.page import may
from postpurchase.tenancy.models import Role


def context(request: HttpRequest, subject: str) -> dict[str, Any]:
    """saved (dashboard/_saved.html), bulk (dashboard/_bulk.html), export (dashboard/_export.html). One query."""
    return {"saved": _saved(request, subject), "bulk": _bulk(request, subject), "export": exports.begin_from_list(request, subject)}


def _saved(request: HttpRequest, subject: str) -> dict[str, Any]:
    here, team = links.changed_text(request.GET.urlencode(), after=""), may(request, Role.AGENT)
    rows = [
        {
            "name": row.name,
            "url": f"?{row.query}",
            "team": row.user_id is None,
            "current": row.query == here,
            "id": str(row.pk),
            "mine": row.user_id is not None or team,
            "rename_url": links.to(request, "filter-rename", filter_id=row.pk),
            "remove_url": links.to(request, "filter-remove", filter_id=row.pk),
        }
        for row in keep.seen_by(request.user.pk, subject)  # type: ignore[arg-type]
    ]
    new = bool(here) and not any(row["current"] for row in rows)
    return {"rows": rows, "add_url": links.to(request, "filter-add") if new else "", "subject": subject, "query": here, "may_team": team}


def _bulk(request: HttpRequest, subject: str) -> dict[str, Any] | None:
    known = acts.ACTS.get(subject, {})
    if not known or not may(request, Role.AGENT):
        return None
    return {
        "url": links.to(request, "job-ask"),
        "subject": subject,
        "query": links.changed_text(request.GET.urlencode(), after=""),
        "acts": [{"value": key, "label": str(one.word), "icon": one.icon} for key, one in known.items()],
    }
