"""One import, from its columns to what became of it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import imports as listed
from dashboard import links
from dashboard.forms.transfer import ColumnsForm, LookForm
from dashboard.page import act, note, page, show
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from transfers import columns
from transfers.importing import refusals, tasks, upload
from transfers.models import WORKING, Import, Kind, RowError, Stage
from transfers.reading import layout
from transfers.reading.layout import Layout
from transfers.reading.limits import Unreadable

FIRST = 10  # errors on the page
EXAMPLES = 3  # rows of the file on the page


@page(Role.ADMIN)
def one(request: HttpRequest, slug: str, import_id: UUID) -> HttpResponse:
    """What is to be done next, or what became of it."""
    return _page(request, found(import_id))


@act(Role.ADMIN)
def look(request: HttpRequest, slug: str, import_id: UUID) -> HttpResponse:
    """Read the file's head with another encoding or delimiter."""
    row = _draft(import_id)
    how = upload.stored_layout(row)
    form = LookForm(request.POST, how=how)
    if form.is_valid():
        try:
            upload.look_again(row, Layout(how.form, form.cleaned_data["encoding"], form.cleaned_data["delimiter"], *_dates(how)))
        except Unreadable as error:
            form.add_error(None, str(error))
        else:
            return _back(request, row)
    return _page(request, row, look_form=form, status=422)


@act(Role.ADMIN)
def check(request: HttpRequest, slug: str, import_id: UUID) -> HttpResponse:
    """Check the whole file with the columns as they are now."""
    row = _draft(import_id)
    form = _columns_form(row, request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    upload.confirm(row, form.mapping, form.layout)
    tasks.work_on_import.enqueue(scope.merchant_id(), str(row.pk))
    return _back(request, row)


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str, import_id: UUID) -> HttpResponse:
    """Back to the columns."""
    row = found(import_id)
    if row.file_id is None:
        raise IllegalMove(_("The file is no longer kept. Upload it again."))
    upload.change(row)
    return _back(request, row)


@act(Role.ADMIN)
def run(request: HttpRequest, slug: str, import_id: UUID) -> HttpResponse:
    """Take the rows."""
    row = found(import_id)
    upload.run(row)
    note(request, "import.started", subject=to_public("imp", row.pk), words=row.file_name, changes={"rows": (None, row.rows)})
    tasks.work_on_import.enqueue(scope.merchant_id(), str(row.pk))
    return _back(request, row)


@act(Role.ADMIN)
def cancel(request: HttpRequest, slug: str, import_id: UUID) -> HttpResponse:
    """Stop it where it is."""
    row = found(import_id)
    before = row.state
    upload.cancel(row)
    note(request, "import.cancelled", subject=to_public("imp", row.pk), words=row.file_name, changes={"state": (before, Stage.CANCELLED)})
    return _back(request, row)


@page(Role.ADMIN)
def errors(request: HttpRequest, slug: str, import_id: UUID) -> StreamingHttpResponse:
    """The rows that cannot be taken, as they were, with what to mend: a file that can be mended and imported again."""
    row = found(import_id)
    response = StreamingHttpResponse(_errors(scope.merchant_id(), row), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rows-to-mend-{row.created_at:%Y-%m-%d}.csv"'
    return response


def _errors(merchant_id: object, row: Import) -> Iterator[bytes]:
    yield from refusals.as_csv(merchant_id, row)


def found(import_id: UUID) -> Import:
    """The import. Raises Http404."""
    return get_object_or_404(Import.objects.select_related("connection"), pk=import_id)


def _draft(import_id: UUID) -> Import:
    row = found(import_id)
    if row.state != Stage.DRAFT:
        raise IllegalMove(_("The columns of this import are settled."))
    if row.file_id is None:
        raise IllegalMove(_("The file is no longer kept. Upload it again."))
    return row


def _dates(how: Layout) -> tuple[str, str, str, bool]:
    return how.dates, how.decimal, how.currency, how.sure


def _back(request: HttpRequest, row: Import) -> HttpResponse:
    return redirect(links.to(request, "import", import_id=row.pk))


def _columns_form(row: Import, data: Any = None) -> ColumnsForm:
    return ColumnsForm(data, kind=row.kind, headers=row.headers, mapping=row.mapping, how=upload.stored_layout(row))


def _page(
    request: HttpRequest, row: Import, *, form: ColumnsForm | None = None, look_form: LookForm | None = None, status: int = 200
) -> HttpResponse:
    context = _base(request, row)
    if row.state == Stage.DRAFT:
        context |= _draft_parts(row, form or _columns_form(row), look_form)
    else:
        context |= {"outcomes": _outcomes(row), "errors": _first_errors(row), "more_errors": max(0, row.errors - FIRST)}
    return show(request, "dashboard/import.html", "imports", {"import": context}, status)


def _base(request: HttpRequest, row: Import) -> dict[str, Any]:
    acts = ("look", "check", "change", "run", "cancel", "errors")
    return {
        "name": row.file_name,
        "kind": str(row.get_kind_display()),
        "state": row.state,
        "badge": f"import.{row.state}",
        "working": row.state in WORKING,
        "splitting": row.state == Stage.CHECKING and not row.parts,
        "share": row.share,
        "rows": row.rows,
        "problem": row.problem,
        "taken": listed.taken(row),
        "bad": row.errors,
        "bad_said": ngettext("%(n)s row cannot be taken", "%(n)s rows cannot be taken", row.errors) % {"n": row.errors},
        "urls": {name: links.to(request, f"import-{name}", import_id=row.pk) for name in acts},
        "imports_url": links.to(request, "imports"),
        "list_url": links.to(request, "orders"),
        "source": str(row.connection) if row.connection else "",
        "by": row.by,
        "at": row.created_at,
        "finished_at": row.finished_at,
        "kept": row.file_id is not None,
    }


def _draft_parts(row: Import, form: ColumnsForm, look_form: LookForm | None) -> dict[str, Any]:
    how = upload.stored_layout(row)
    groups: dict[str, list[Any]] = {}
    for field in columns.FIELDS[row.kind]:
        groups.setdefault(str(field.group), []).append(
            {"bound": form[f"to_{field.key}"], "needed": field.needed, "example": _example(row, field.key)}
        )
    unread = [header for at, header in enumerate(row.headers) if at not in row.mapping.values()]
    return {
        "form": form,
        "look_form": (look_form or LookForm(how=how)) if how.form == "csv" else None,
        "groups": [{"name": name, "fields": fields} for name, fields in groups.items()],
        "written": [form[name] for name in ("dates", "decimal", "currency") if name in form.fields],
        "unsure": not how.sure,
        "headers": row.headers,
        "sample": [[*cells, *[""] * (len(row.headers) - len(cells))][: len(row.headers)] for cells in row.sample[:EXAMPLES]],
        "unread": unread,
        "encoding": layout.ENCODINGS.get(how.encoding, "") if how.form == "csv" else "Excel",
    }


def _example(row: Import, key: str) -> str:
    at = row.mapping.get(key, -1)
    return next((cells[at] for cells in row.sample if 0 <= at < len(cells) and cells[at]), "")[:60]


def _outcomes(row: Import) -> list[dict[str, Any]]:
    """The counts as stats, in the order in which people ask."""
    labels = {
        "new": _("New"),
        "known": _("Known already"),
        "created": _("New"),
        "updated": _("Brought up to date"),
        "unchanged": _("Unchanged"),
        "stale": _("Older than what we hold"),
        "refused": _("Cannot be taken"),
    }
    notes = {"known": _("will be compared"), "refused": ngettext("%(n)s row", "%(n)s rows", row.errors) % {"n": row.errors}}
    shown = [
        name
        for name in labels
        if row.counts.get(name) or name == ("new" if "new" in row.counts or row.state == Stage.CHECKED else "created")
    ]
    nouns = {Kind.ORDERS: _("orders"), Kind.CUSTOMERS: _("customers"), Kind.SHIPMENTS: _("parcels")}
    return [
        {
            "label": labels[name],
            "value": words.number(row.counts.get(name, 0)),
            "unit": nouns[Kind(row.kind)],
            "note": notes.get(name, ""),
            "url": "",
        }
        for name in shown
        if not (name == "created" and "new" in shown)
    ]


def _first_errors(row: Import) -> list[RowError]:
    return list(RowError.objects.filter(source=row).defer("cells").order_by("row", "id")[:FIRST]) if row.errors else []
