"""How a connection of the merchant's own making is read: a sample, where things stand in it, and what its scans would look like."""

from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard import links
from dashboard.connection import found
from dashboard.forms import mapping as forms
from dashboard.forms.mapping import MappingForm, SampleForm
from dashboard.page import act, note, page, show
from integrations.carriers.custom import layout
from integrations.carriers.custom.mapping import Mapping, read, source_of, stored
from integrations.carriers.custom.parts import parts
from integrations.carriers.custom.reading import Row, rows
from integrations.connections import again
from integrations.models import Connection, InboundDelivery
from integrations.registry import Unreadable
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Role
from postpurchase.ui.parcels import PARCELS
from tracking import codes
from tracking.models import Poller

KIND = "custom"
SHOWN = 12  # scans of the sample on the page
MOST_FAULTS = 8
MOST_FILE = 20 * 1024 * 1024
REASONS = {
    ("number", "missing"): lazy("no parcel number"),
    ("time", "missing"): lazy("no time"),
    ("time", "time"): lazy("“%s” is not read as a time"),
    ("time", "year"): lazy("“%s” cannot be its year"),
}


@page(Role.ADMIN)
def mapping(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """The mapping as it is kept; the latest call, if there is one, is the sample."""
    row = _own(connection_id)
    kept = read(row.mapping) if row.mapping else None
    how = kept.layout if kept else None
    latest = InboundDelivery.objects.filter(connection=row).exclude(body=b"").order_by("-id").values_list("body", flat=True).first()
    body = bytes(latest or b"")[: forms.MOST_SAMPLE]
    how = how or layout.detect(body)
    text = body.decode(layout.UTF8 if how.encoding == "utf-8" else how.encoding, "replace")
    sample = SampleForm({"sample": text, **msgspec.structs.asdict(how)} if body or kept else None)
    return _page(request, row, sample, None)


@act(Role.ADMIN)
def look(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """The page with another sample, or the preview of what is chosen now. Keeps nothing."""
    asked = None if "again" in request.POST else request.POST
    return _page(request, _own(connection_id), SampleForm(request.POST), asked)


@act(Role.ADMIN)
def keep(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """Keep it. What came in the last 30 days is read again with it; meanings of codes reach all of history."""
    row = _own(connection_id)
    sample = SampleForm(request.POST)
    if not sample.is_valid():
        return _page(request, row, sample, request.POST, 422)
    form = _form(row, sample, request.POST)
    if not form.is_valid():
        return _page(request, row, sample, request.POST, 422)
    kept, wanted = read(row.mapping) if row.mapping else None, form.mapping
    changed = kept is None or wanted != kept
    if changed:
        version = kept.version + 1 if kept else 1
        row.mapping = stored(msgspec.structs.replace(wanted, source=source_of(row.pk), version=version))
        row.save(update_fields=["mapping"])
    meant = codes.give_all(source_of(row.pk), forms.meanings(request.POST, codes.MOST_OF_SOURCE))
    if changed or meant:
        told = {"what": (None, sorted(wanted.places)), "codes": (None, meant)}
        note(request, "connection.mapped", subject=to_public("con", row.pk), words=str(row), changes=told)
    notes.success(request, _again(request, row) if changed else _("The meanings are kept. Parcels that have these codes are read anew."))
    return redirect(links.to(request, "connection", connection_id=row.pk))


@act(Role.ADMIN)
def file(request: HttpRequest, slug: str, connection_id: UUID) -> HttpResponse:
    """Take a file of theirs as if they had sent it, cut into parts that the inbox takes."""
    row = _own(connection_id)
    given = request.FILES.get("file")
    if given is None or not given.size:
        raise IllegalMove(_("Choose a file first."))
    if (given.size or 0) > MOST_FILE:
        raise IllegalMove(_("The file is larger than 20 MB. Split it in several."))
    if not row.mapping:
        raise IllegalMove(_("Say first where things stand in it: open the mapping."))
    try:
        count = again.take_file(row, parts(given.read(), read(row.mapping).layout))
    except Unreadable as error:
        raise IllegalMove(str(error)) from error
    note(request, "connection.file_taken", subject=to_public("con", row.pk), words=str(row), changes={"deliveries": (None, count)})
    notes.success(request, _("The file is read within seconds.") if count else _("This file was taken before. Nothing is read twice."))
    return redirect(links.to(request, "connection", connection_id=row.pk))


def _own(connection_id: UUID) -> Connection:
    row = found(connection_id)
    if row.kind != KIND:
        raise Http404
    return row


def _again(request: HttpRequest, row: Connection) -> str:
    try:
        begun = again.of_mapping(row, by=str(request.user))
    except IllegalMove:
        return _("The mapping is kept and holds for what comes. Read the last 30 days again when nothing else is under way.")
    return _("The mapping is kept. What came in the last 30 days is read again with it.") if begun else _("The mapping is kept.")


def _form(row: Connection, sample: SampleForm, posted: Any) -> MappingForm:
    kept = read(row.mapping) if row.mapping else None
    how = sample.layout
    asks = Poller.objects.filter(connection=row, asking=True).exclude(url="").exists()
    return MappingForm(posted, body=forms.decoded(sample.body, how)[0], kept=kept, how=how, asks=asks)


def _page(request: HttpRequest, row: Connection, sample: SampleForm, posted: QueryDict | None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "name": row.label,
        "connections_url": links.to(request, "connections"),
        "here_url": links.to(request, "connection", connection_id=row.pk),
        "urls": {name: links.to(request, f"connection-mapping-{name}", connection_id=row.pk) for name in ("look", "keep")},
        "sample": sample,
        "form": None,
        "problem": "",
    }
    if sample.is_bound and sample.is_valid():
        context |= _mapped(row, sample, posted)
    return show(request, "dashboard/mapping.html", "connections", {"mapping": context}, status)


def _mapped(row: Connection, sample: SampleForm, posted: QueryDict | None) -> dict[str, Any]:
    """The choices, and what they come to."""
    problem = forms.decoded(sample.body, sample.layout)[1]
    form = _form(row, sample, posted if posted and "entries" in posted else None)
    shown = _written(sample)
    if problem:
        return {"problem": problem, "shown": shown, "form": form if row.mapping else None}
    now = form.mapping if form.is_bound and form.is_valid() else _unchecked(form)
    preview = rows(msgspec.structs.replace(now, layout=sample.layout), sample.body) if sample.body.strip() else []
    given = forms.meanings(posted or {}, codes.MOST_OF_SOURCE)
    known = codes.of_source(source_of(row.pk))
    means = {code: "" for one in preview if (code := one.scan.code)} | known | given
    return {
        "form": form,
        "shown": shown,
        "places": [form[f"at_{name}"] for name in ("number", "time", "clock", "code", "text")],
        "more": [form[name] for name in form.fields if name.startswith("at_") and name[3:] not in MAIN],
        "always": [form[f"always_{name}"] for name in ("carrier", "code", "country")],
        "times": [form[name] for name in ("times", "pattern", "zone")],
        "rows": [_row(one, means) for one in preview if not one.faults][:SHOWN],
        "faults": _faults(preview),
        "count": len(preview),
        "codes": [{"code": code, "status": status} for code, status in list(means.items())[: codes.MOST_OF_SOURCE]],
        "choices": [{"value": name, "word": look.word} for name, look in PARCELS.items()],
    }


MAIN = ("number", "time", "clock", "code", "text")


def _written(sample: SampleForm) -> list[Any]:
    """The fields that say how the sample is written, as they were recognised."""
    how = sample.layout
    shown = SampleForm(initial=msgspec.structs.asdict(how))
    names = ("form", "encoding", "delimiter", "header") if how.form == "csv" else ("form", "encoding")
    return [shown[name] for name in names]


def _unchecked(form: MappingForm) -> Mapping:
    """What the form would say where it is as it was drawn, or as far as it is right."""
    if form.is_bound:
        form.full_clean()
        return form.mapping
    drawn = MappingForm({**form.initial}, body=[], kept=form.kept, how=form.how)
    for name, field in form.fields.items():
        drawn.fields[name] = field
    drawn.full_clean()
    return drawn.mapping


def _row(one: Row, means: dict[str, str]) -> dict[str, Any]:
    scan = one.scan
    status = means.get(scan.code) or codes.said(scan.text, scan.code)
    return {
        "number": scan.number,
        "at": scan.occurred_at or scan.local_time,
        "status": status,
        "text": scan.text or scan.code,
        "place": ", ".join(part for part in (scan.place.city, scan.place.country) if part),
    }


def _faults(preview: list[Row]) -> list[str]:
    said = []
    for one in preview:
        for fault in one.faults:
            reason = str(REASONS[fault.field, fault.reason])
            reason = reason % fault.told if "%s" in reason else reason
            said.append(_("Entry %(n)s: %(fault)s") % {"n": one.number, "fault": reason})
    more = len(said) - MOST_FAULTS
    return said[:MOST_FAULTS] + ([_("and %s more") % more] if more > 0 else [])
