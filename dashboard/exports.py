"""Exports: asked for, being written, ready to download for seven days."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from dashboard import bulk_jobs, links, lists
from dashboard.forms.transfer import ExportForm
from dashboard.page import act, may, note, page, show
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import Role
from transfers import store
from transfers.exporting import ask, tasks
from transfers.models import Export, Form, Progress, Subject

LONGEST = 2000  # characters of an address
KEYS = ("-created_at", "-id")
TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.JSON: "application/jsonl; charset=utf-8",
}


@page(Role.AGENT)
def exports(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first. Those whose week is over are gone."""
    return _page(request, ExportForm(subjects=_subjects(request)))


@act(Role.AGENT)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Have one written: of everything, or of what the list of `query` shows."""
    form = ExportForm(request.POST, subjects=_subjects(request))
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    query = bulk_jobs.picked_query(given["subject"], request.POST.getlist("row")) or _asked(given["query"])
    row = ask.begin(given["subject"], given["form"] or Form.CSV, by=str(request.user), query=query)
    tasks.work_on_export.enqueue(scope.merchant_id(), str(row.pk))
    told = {"form": (None, row.form), "filter": (None, row.query)}
    note(request, "export.asked", subject=to_public("exp", row.pk), words=row.subject, changes=told)
    notes.success(request, _("The file is being written. It appears here when it is ready; you need not wait."))
    return redirect(links.to(request, "exports"))


@page(Role.AGENT)
def file(request: HttpRequest, slug: str, export_id: UUID) -> StreamingHttpResponse:
    """The file itself."""
    row = get_object_or_404(_kept(request).select_related("file"), pk=export_id)
    if row.file is None or row.state != Progress.DONE:
        raise Http404
    if request.method == "GET":
        note(request, "export.downloaded", subject=to_public("exp", row.pk), words=row.subject, changes={"rows": (None, row.rows)})
    response = StreamingHttpResponse(store.pieces(scope.merchant_id(), row.file.pk), content_type=TYPES[Form(row.form)])
    response["Content-Disposition"] = f'attachment; filename="{row.file.name}"'
    response["Content-Length"] = str(row.file.size)
    response["Cache-Control"] = "private, no-store"
    return response


def begin_from_list(request: HttpRequest, subject: str) -> dict[str, str]:
    """What a list's Export button wants; {} for those who may not."""
    query = links.changed_text(request.GET.urlencode(), after="")
    if not may(request, Role.AGENT) or len(query) > LONGEST:
        return {}
    return {"url": links.to(request, "export-add"), "subject": subject, "query": query}


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{max(1, count // 1000)} kB"


def _asked(query: str) -> str:
    """A list's filters, without the page that one is on. Raises IllegalMove for an address that is too long to keep."""
    asked = links.changed_text(query, after="")
    if len(asked) > LONGEST:
        raise IllegalMove(_("These filters are too long to be kept. Take one off."))
    return asked


def _subjects(request: HttpRequest) -> list[str]:
    """What the person may export: the audit log is for those who may read it."""
    return [subject for subject in Subject.values if subject != Subject.AUDIT or may(request, Role.ADMIN)]


def _kept(request: HttpRequest) -> Any:
    return Export.objects.filter(expires_at__gt=clock.business_now(), subject__in=_subjects(request))


def _page(request: HttpRequest, form: ExportForm, status: int = 200) -> HttpResponse:
    found = lists.one_page(request, _kept(request).select_related("file"), KEYS)
    rows = [_row(request, row) for row in found.items]
    context = {
        "form": form,
        "act_url": links.to(request, "export-add"),
        "rows": rows,
        "working": any(row["working"] for row in rows),
        "pager": lists.pager(request, found, "created_at"),
    }
    return show(request, "dashboard/exports.html", "exports", {"exports": context}, status)


def _row(request: HttpRequest, row: Export) -> dict[str, Any]:
    ready = row.state == Progress.DONE and row.file is not None
    return {
        "name": row.get_subject_display(),
        "form": row.get_form_display(),
        "filtered": bool(row.query),
        "badge": f"export.{row.state}",
        "working": row.state == Progress.RUNNING,
        "problem": row.problem,
        "rows": row.rows,
        "size": _size(row.file.size) if ready and row.file else "",
        "url": links.to(request, "export-file", export_id=row.pk) if ready else "",
        "by": row.by,
        "at": row.created_at,
        "expires_at": row.expires_at,
    }
