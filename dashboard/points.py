"""The pick-up points that shoppers may choose on their page: the list, one of them, and what is done about it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from brands.page import keeping
from dashboard import links, lists
from dashboard.forms.point import PointForm
from dashboard.forms.point_file import PointsForm
from dashboard.page import act, note, page, show
from integrations.carriers import directory
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import audit, scope
from postpurchase.tenancy.models import Role
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui import words
from tracking import points as kept
from tracking import zones
from tracking.models import PickupPoint
from transfers.exporting.form import BOM, as_csv

KEYS = ("-added_at", "-id")


@page(Role.ADMIN)
def points(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    """Newest first. `?as=csv`: all of them as a file, which can be taken in again."""
    if request.GET.get("as") == "csv":
        response = StreamingHttpResponse(_file(scope.merchant_id()), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="pick-up-points.csv"'
        return response
    return listed(request, PointForm())


def _file(merchant_id: object) -> Iterator[bytes]:
    """A page at a time, each in a scope of its own: the request's is over when it is read."""
    yield BOM.encode() + as_csv([[*kept.TOLD, "on"]], zones.named("UTC"))
    after: UUID | None = None
    while True:
        with in_merchant(merchant_id):
            rows = kept.beyond(after)
        if not rows:
            return
        yield as_csv([[*kept.told(row).values(), "yes" if row.on else "no"] for row in rows], zones.named("UTC"))
        after = rows[-1].pk


@act(Role.ADMIN)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new one. Pressed twice it is there once, and the second press says so."""
    form = PointForm(request.POST)
    if form.is_valid():
        try:
            row = kept.add(form.told)
        except kept.Known:
            form.add_error("name", _("You have this point already. Look for it in the list."))
        else:
            _log(request, "point.added", row, {name: (None, said) for name, said in form.told.items() if said})
            notes.success(request, _("Added. Shoppers near it can choose it from now on."))
            return redirect(links.to(request, "points"))
    return listed(request, form, status=422)


@page(Role.ADMIN)
def point(request: HttpRequest, slug: str, point_id: UUID) -> HttpResponse:
    """One, to change it, switch it off, or take it out."""
    row = get_object_or_404(PickupPoint, pk=point_id)
    return _one(request, row, PointForm(initial=_written(row)))


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str, point_id: UUID) -> HttpResponse:
    """Make it say something else."""
    row, form = _locked(point_id), PointForm(request.POST)
    before = kept.told(row)
    if form.is_valid():
        try:
            kept.change(row, form.told)
        except kept.Known:
            form.add_error("name", _("Another point says the same. Change it, or take one of the two out."))
            row.refresh_from_db()
        else:
            if changes := audit.changed(before, form.told):
                _log(request, "point.changed", row, changes)
                notes.success(request, _("Changed. Requests that were made before keep what it said then."))
            return redirect(links.to(request, "points"))
    return _one(request, row, form, status=422)


@act(Role.ADMIN)
def switch(request: HttpRequest, slug: str, point_id: UUID) -> HttpResponse:
    """On (on=1) or off. The same once more changes nothing."""
    row, on = _locked(point_id), request.POST.get("on") == "1"
    if row.on != on:
        kept.switch(row, on=on)
        _log(request, "point.switched", row, {"on": (not on, on)})
        notes.success(request, _("Shoppers can choose it again.") if on else _("Shoppers can choose it no longer."))
    return redirect(links.to(request, "point", point_id=row.pk))


@act(Role.ADMIN)
def remove(request: HttpRequest, slug: str, point_id: UUID) -> HttpResponse:
    """Take it out of the list."""
    row = _locked(point_id)
    _log(request, "point.removed", row, {name: (said, None) for name, said in kept.told(row).items() if said})
    row.delete()
    notes.success(request, _("“%s” is removed.") % row)
    return redirect(links.to(request, "points"))


def _locked(point_id: UUID) -> PickupPoint:
    return get_object_or_404(PickupPoint.objects.select_for_update(), pk=point_id)


def _log(request: HttpRequest, what: str, row: PickupPoint, changes: audit.Changes) -> None:
    note(request, what, subject=to_public("pup", row.pk), words=row.name, changes=changes)


def _written(row: PickupPoint) -> dict[str, str]:
    """What its form begins with: the carrier as people write it."""
    return kept.told(row) | {"carrier": directory.display(row.carrier) if row.carrier else ""}


def listed(request: HttpRequest, form: PointForm, file_form: PointsForm | None = None, status: int = 200) -> HttpResponse:
    """The list, with the forms of one point and of a file."""
    found = lists.one_page(request, PickupPoint.objects.all(), KEYS)
    live = keeping.live()
    context = {
        "rows": [_row(request, row) for row in found.items],
        "pager": lists.pager(request, found, "added_at"),
        "form": form,
        "add_url": links.to(request, "point-add"),
        "file_form": file_form or PointsForm(),
        "file_url": links.to(request, "point-file"),
        "all_url": f"{links.to(request, 'points')}?as=csv",
        "asked": live is not None and "pickup" in live.asks,
        "page_url": links.to(request, "tracking-page"),
    }
    return show(request, "dashboard/points.html", "points", {"points": context}, status)


def _row(request: HttpRequest, row: PickupPoint) -> dict[str, Any]:
    return {
        "name": row.name,
        "address": row.address,
        "country": words.country(row.country),
        "carrier": directory.display(row.carrier) if row.carrier else _("Any carrier"),
        "on": row.on,
        "at": row.added_at,
        "url": links.to(request, "point", point_id=row.pk),
    }


def _one(request: HttpRequest, row: PickupPoint, form: PointForm, status: int = 200) -> HttpResponse:
    context = {
        **_row(request, row),
        "form": form,
        "list_url": links.to(request, "points"),
        **{f"{name}_url": links.to(request, f"point-{name}", point_id=row.pk) for name in ("change", "switch", "remove")},
    }
    return show(request, "dashboard/point.html", "points", {"point": context}, status)
