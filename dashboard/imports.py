"""Imports: all of them, a new one, and sample files."""

import csv
import io
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import links, lists
from dashboard.forms.transfer import UploadForm
from dashboard.page import act, note, page, show
from integrations.models import Connection
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Role
from transfers import samples
from transfers.importing import upload
from transfers.models import Import, Kind
from transfers.reading.limits import Unreadable

KEYS = ("-created_at", "-id")
GOOD = ("created", "updated", "unchanged", "stale")


@page(Role.ADMIN)
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first."""
    found = lists.one_page(request, Import.objects.defer("headers", "sample", "mapping"), KEYS)
    context = {
        "rows": [_row(request, row) for row in found.items],
        "pager": lists.pager(request, found, "created_at"),
        "new_url": links.to(request, "import-new"),
        "samples": _samples(request),
    }
    return show(request, "dashboard/imports.html", "imports", {"imports": context})


@page(Role.ADMIN)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty form."""
    return _form_page(request, UploadForm(connections=_connections()))


@act(Role.ADMIN)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the file and go on to its columns."""
    form = UploadForm(request.POST, request.FILES, connections=_connections())
    if form.is_valid():
        given = form.cleaned_data
        connection = UUID(given["connection"]) if given.get("connection") else None
        try:
            row = upload.begin(given["kind"], given["file"].name, given["file"].chunks(), by=str(request.user), connection_id=connection)
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            note(request, "import.uploaded", subject=to_public("imp", row.pk), words=row.file_name, changes={"of": (None, row.kind)})
            return redirect(links.to(request, "import", import_id=row.pk))
    return _form_page(request, form, status=422)


@page(Role.ADMIN)
def sample(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """A file to begin with."""
    if kind not in Kind.values:
        raise Http404
    text = io.StringIO(newline="")
    csv.writer(text).writerows(samples.ROWS[kind])
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}-sample.csv"'
    return response


def taken(row: Import) -> int:
    """How many orders, customers or parcels of an import we hold now."""
    return sum(row.counts.get(name, 0) for name in GOOD)


def _form_page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "act_url": links.to(request, "import-add"),
        "imports_url": links.to(request, "imports"),
        "samples": _samples(request),
    }
    return show(request, "dashboard/import_new.html", "imports", {"import_new": context}, status)


def _connections() -> list[tuple[str, str]]:
    """Our own first, then every source that tells of orders."""
    own = [("", _("No shop that is connected here"))]
    rows = Connection.objects.filter(removed_at=None).exclude(kind__in=("import", Connection.API_TEST)).order_by("created_at", "id")
    return own + [(str(row.pk), f"{row.label} {row.account}".strip()) for row in rows]


def _samples(request: HttpRequest) -> list[dict[str, str]]:
    return [{"label": str(kind.label), "url": links.to(request, "import-sample", kind=kind.value)} for kind in Kind]


def _row(request: HttpRequest, row: Import) -> dict[str, Any]:
    bad = row.errors
    return {
        "url": links.to(request, "import", import_id=row.pk),
        "name": row.file_name,
        "kind": row.get_kind_display(),
        "badge": f"import.{row.state}",
        "taken": taken(row) if row.state not in ("draft", "checking", "checked") else None,
        "refused": ngettext("%(n)s row", "%(n)s rows", bad) % {"n": bad} if bad else "",
        "by": row.by,
        "at": row.created_at,
    }
