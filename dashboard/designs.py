"""Emails of the merchant's own: all of them, and a new one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dashboard import links, wording
from dashboard.forms.design import NewForm
from dashboard.page import act, may, note, page, show
from notifications.designs import builtin, keeping
from notifications.models import EmailDesign, Stream
from postpurchase.tenancy.models import Brand, Role
from postpurchase.ui import tongue


@page(Role.VIEWER)
def designs(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them, the last changed first; a shop has at most 200."""
    return _page(request, NewForm(bases=_bases()))


@act(Role.ADMIN)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin one. The editor follows."""
    form = NewForm(request.POST, bases=_bases())
    if not form.is_valid():
        return _page(request, form, 422)
    brand: Brand = request.brand  # type: ignore[attr-defined]
    given = form.cleaned_data
    row = keeping.begin(given["name"], given["base"], given["stream"], tongue.nearest([brand.locale]) or "en")
    note(request, "design.begun", subject=f"design:{row.key}", words=row.name)
    return redirect(links.to(request, "design", key=row.key))


def _bases() -> list[tuple[str, str]]:
    return [(name, wording.template(name)) for name in builtin.DRAWN]


def _page(request: HttpRequest, form: NewForm, status: int = 200) -> HttpResponse:
    rows = EmailDesign.objects.select_related("live").defer("live__content").order_by("-changed_at", "-id")[: keeping.MOST]
    context = {
        "rows": [_row(request, row) for row in rows],
        "form": form if may(request, Role.ADMIN) else None,
        "add_url": links.to(request, "design-add"),
    }
    return show(request, "dashboard/designs.html", "designs", {"designs": context}, status)


def _row(request: HttpRequest, row: EmailDesign) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": links.to(request, "design", key=row.key),
        "stream": Stream(row.stream).label,
        "begun_as": wording.template(row.base) if row.base else _("An empty page"),
        "version": row.live.number if row.live else 0,
        "changed_at": row.changed_at,
    }
