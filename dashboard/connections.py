"""The connections that tell us of orders and parcels: all of them, and a new one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard import links
from dashboard.connection import one_page, took
from dashboard.forms.connection import ConnectionForm
from dashboard.kind import AGGREGATORS, CARRIERS, SHOPS, Kind
from dashboard.page import act, may, note, page, show
from dashboard.wiring import KINDS
from integrations import registry
from integrations.connections import health, keep
from integrations.connections.health import Health
from integrations.models import Connection
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import ApiKey, Role


@page(Role.VIEWER)
def connections(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them with their health, oldest first; there are at most forty. The shop's own use of the API stands last."""
    rows = keep.kept()
    fare = health.of(rows)
    context = {
        "rows": [_row(request, one, fare[one.pk]) for one in rows if one.pk in fare],
        "api": {"url": reverse("api-docs"), "used_at": _api_used_at()},
        "new_url": links.to(request, "connection-new") if may(request, Role.ADMIN) else "",
    }
    return show(request, "dashboard/connections.html", "connections", {"connections": context})


@page(Role.ADMIN)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """The kinds there are; with `?kind=` the form of one."""
    kind = request.GET.get("kind", "")
    return _form_page(request, kind, _form(kind)) if kind else _kinds_page(request)


@act(Role.ADMIN)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Make one. Its page follows at once, with what is left to do, and the secret where we make it, which is not shown again."""
    kind = request.POST.get("kind", "")
    form = _form(kind, request.POST)
    if form.is_valid():
        try:
            row, secret = keep.add(kind, label=form.cleaned_data["label"], account=form.cleaned_data["account"])
        except keep.Unfit as unfit:
            form.add_error(unfit.field, str(unfit))
        else:
            note(request, "connection.added", subject=to_public("con", row.pk), words=str(row), changes={"kind": (None, row.kind)})
            return one_page(request, row, secret=secret)
    return _form_page(request, kind, form, status=422)


def _form(kind: str, given: Any = None) -> ConnectionForm:
    """The form of a kind. Raises Http404 for one that there is not."""
    if kind not in KINDS or kind not in registry.kinds():
        raise Http404
    return ConnectionForm(given, account=KINDS[kind].account, hint=KINDS[kind].account_hint)


def _kinds_page(request: HttpRequest) -> HttpResponse:
    groups = [
        {"title": title, "kinds": [_kind(request, kind, known) for kind, known in KINDS.items() if known.group == group]}
        for group, title in ((SHOPS, _("Shops")), (AGGREGATORS, _("Aggregators: many carriers in one")), (CARRIERS, _("Carriers")))
    ]
    context = {"groups": groups, "api_url": reverse("api-docs"), "connections_url": links.to(request, "connections"), "form": None}
    return show(request, "dashboard/connection_new.html", "connections", {"connection": context})


def _kind(request: HttpRequest, kind: str, known: Kind) -> dict[str, Any]:
    return {
        "name": registry.adapter(kind).name,
        "icon": known.icon,
        "brings": known.brings,
        "url": links.to(request, "connection-new", {"kind": kind}),
    }


def _form_page(request: HttpRequest, kind: str, form: ConnectionForm, status: int = 200) -> HttpResponse:
    context = {
        "kind": kind,
        "name": registry.adapter(kind).name,
        "brings": KINDS[kind].brings,
        "sample": KINDS[kind].account_sample,
        "form": form,
        "act_url": links.to(request, "connection-add"),
        "connections_url": links.to(request, "connections"),
        "back_url": links.to(request, "connection-new"),
    }
    return show(request, "dashboard/connection_new.html", "connections", {"connection": context}, status)


def _row(request: HttpRequest, row: Connection, fare: Health) -> dict[str, Any]:
    return {
        "url": links.to(request, "connection", connection_id=row.pk),
        "name": row.label,
        "account": " · ".join(part for part in (registry.adapter(row.kind).name, row.account) if part),
        "badge": f"inbound.{fare.badge(row)}",
        "failed": fare.failed,
        "parked": fare.parked,
        "waiting": fare.waiting + fare.held,
        "took": took(fare.last_took) if fare.last_took is not None else "",
        "last_at": fare.last_at,
    }


def _api_used_at() -> Any:
    used = ApiKey.objects.filter(revoked_at=None, last_used_at__isnull=False)
    return used.order_by("-last_used_at").values_list("last_used_at", flat=True).first()
