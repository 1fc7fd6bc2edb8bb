"""New flows: from nothing, from a starting point, or as a copy of another."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard import links
from dashboard.flow_way_forms import NewFlowForm
from dashboard.page import act, note, page, show
from notifications.definition import Definition, End, Missing, Send, Trigger, Wait, stored
from notifications.editing import publish
from notifications.library import DEFAULTS
from notifications.library.parts import ENDS
from notifications.models import Flow
from postpurchase.tenancy.models import Role

MOST = 100  # flows to copy


@dataclass(frozen=True)
class Start:
    """A starting point, and what is said of it."""

    name: str | Promise
    text: str | Promise
    definition: Definition


def _library(key: str) -> Definition:
    return next(one.definition for one in DEFAULTS if one.key == key)


STARTS: dict[str, Start] = {
    "nothing": Start(
        lazy("From nothing"),
        lazy("An empty flow. You say what starts it and add step after step."),
        Definition(triggers=[Trigger(event="order.placed")], key="order", stream="transactional", steps=[End(id="end")], cancel_on=ENDS),
    ),
    "review": Start(
        lazy("Ask for a review"), lazy("Once the products have been in use, and only if nothing is wrong."), _library("review-request")
    ),
    "delay": Start(lazy("Warn of a delay"), lazy("Before the shopper has to ask where the parcel is."), _library("delayed")),
    "tomorrow": Start(
        lazy("Say it is coming tomorrow"),
        lazy("The evening before the expected day."),
        Definition(
            triggers=[Trigger(event="shipment.created")],
            key="shipment",
            stream="transactional",
            steps=[
                Wait(id="wait", days=1, before=True, anchor="estimate", at="17:00", missing=Missing(days=30, next="")),
                Send(id="email", template="shipped", unless=["overtaken"], useless_after_hours=24, anchor="estimate"),
            ],
            cancel_on=ENDS,
        ),
    ),
}


@page(Role.ADMIN)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a name and what to begin with. `?copy=` has a flow chosen."""
    copied = request.GET.get("copy", "")
    begin = f"copy:{copied}" if copied else "nothing"
    return _page(request, NewFlowForm(initial={"begin": begin}, begins=_begins()))


@act(Role.ADMIN)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Make it, and open the editor. It is off, and nothing enters it before it is published and switched on."""
    form = NewFlowForm(request.POST, begins=_begins())
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    row = publish.create(given["name"], given["purpose"], _definition(given["begin"]))
    note(request, "flow.made", subject=f"flow:{row.key}", words=row.name)
    return redirect(links.to(request, "flow-edit", {"step": "start"}, key=row.key))


def _definition(begin: str) -> dict[str, Any]:
    if begin in STARTS:
        return stored(STARTS[begin].definition)
    return publish.draft_of(Flow.objects.select_related("live").get(key=begin.removeprefix("copy:")))


def _begins() -> list[tuple[str, Any]]:
    said = '<span>{}<small class="quiet block">{}</small></span>'
    found = [(key, format_html(said, start.name, start.text)) for key, start in STARTS.items()]
    flows = Flow.objects.exclude(live=None, draft=None).order_by("position", "id")[:MOST]
    return [*found, *((f"copy:{flow.key}", format_html(said, _("Copy of “%s”") % _(flow.name), _(flow.purpose))) for flow in flows)]


def _page(request: HttpRequest, form: NewFlowForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "add_url": links.to(request, "flow-add"), "flows_url": links.to(request, "flows")}
    return show(request, "dashboard/flow_new.html", "flows", {"flow": context}, status)
