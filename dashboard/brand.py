"""How the shop looks: a form with the page and a mail beside it as they would be, and what its own site says."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from brands import preview as looks
from brands import suggest
from brands.models import Reading, Suggestion
from dashboard import drawn, links, sender
from dashboard.forms.brand import BrandForm, SiteForm
from dashboard.page import act, note, page, show
from notifications import made_up
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import audit, limits
from postpurchase.tenancy.models import Brand, Role

READINGS = 20  # of sites, an hour: we are nobody's scanner


@page(Role.ADMIN)
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, filled."""
    return _page(request, BrandForm(instance=_kept()), SiteForm(initial={"website": _kept().website}))


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what it says. Every page drawn before is drawn anew."""
    brand = _kept()
    before, form = _told(brand), BrandForm(request.POST, instance=brand)
    if not form.is_valid():
        return _page(request, form, SiteForm(), status=422)
    form.instance.version += 1
    form.save()
    note(request, "brand.changed", changes=audit.changed(before, _told(brand)))
    notes.success(request, _("Saved. It holds for the tracking page and every message from now on."))
    return redirect(links.to(request, "brand"))


@act(Role.ADMIN)
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """How it would look. Keeps nothing; what is not valid yet is shown as it is kept."""
    form = BrandForm(request.POST, instance=_kept())
    valid = form.is_valid()
    if request.htmx:  # type: ignore[attr-defined]
        shown = _as_far_as_valid(form)
        return render(request, "dashboard/_brand_frames.html", {"frames": _frames(request, shown, sender.told(request, shown)["name"])})
    return _page(request, form, SiteForm(), status=200 if valid else 422)


@page(Role.ADMIN)
def mail(request: HttpRequest, slug: str, look: str) -> HttpResponse:
    """A confirmation in a look that is not kept, as a document for a frame."""
    found = looks.brand_of(look)
    if found is None:
        raise Http404
    html = drawn.now(made_up.case(found)).html
    always = "all" if request.GET.get("shade") == "dark" else "not all"  # whatever the reader's own device prefers
    return drawn.document(html.replace("(prefers-color-scheme: dark)", always))


@act(Role.ADMIN)
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the shop's own site read."""
    form = SiteForm(request.POST)
    if form.is_valid():
        try:
            limits.hit(f"brand-read:{request.member.merchant_id}", limit=READINGS, window=timedelta(hours=1))  # type: ignore[attr-defined]
        except limits.TooMany:
            form.add_error("website", _("You have asked often. Wait an hour, then try again."))
    if not form.is_valid():
        return _page(request, BrandForm(instance=_kept()), form, status=422)
    suggest.ask(form.cleaned_data["website"])
    note(request, "brand.read", words=form.cleaned_data["website"])
    return redirect(links.to(request, "brand"))


@act(Role.ADMIN)
def take(request: HttpRequest, slug: str) -> HttpResponse:
    """Take over what was found, in the fields that are ticked."""
    before = _told(_kept())
    suggest.take(_suggested(request), request.POST.getlist("field"))
    note(request, "brand.taken", changes=audit.changed(before, _told(_kept())))
    notes.success(request, _("Taken over. It holds for the tracking page and every message from now on."))
    return redirect(links.to(request, "brand"))


@act(Role.ADMIN)
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Put away what was found."""
    suggest.leave(_suggested(request))
    return redirect(links.to(request, "brand"))


def _suggested(request: HttpRequest) -> UUID:
    """The suggestion that the page was drawn with. Raises IllegalMove for one that is none of ours, or no longer the newest."""
    row = suggest.newest()
    if row is None or str(row.pk) != request.POST.get("suggestion"):
        raise IllegalMove(_("There is a newer suggestion, or none. Look at the page again."))
    return row.pk


def _told(brand: Brand) -> dict[str, Any]:
    told = {name: getattr(brand, name) for name in BrandForm.Meta.fields}
    return told | {"support_email": audit.as_person(told["support_email"])}


def _kept() -> Brand:
    return Brand.objects.order_by("id")[0]


def _as_far_as_valid(form: BrandForm) -> Brand:
    """The kept brand with what of the form can be shown."""
    found = _kept()
    for name, value in getattr(form, "cleaned_data", {}).items():
        setattr(found, name, value)
    return found


def _frames(request: HttpRequest, shown: Brand, writes: str) -> list[dict[str, str]]:
    """`writes`: who stands in From of the mails."""
    token, shade = looks.token(shown), f"?shade={_shade(request)}"
    tracking, letter = f"/look/{token}/{shade}", links.to(request, "brand-mail", look=token) + shade
    return [
        {"kind": "page phone", "url": tracking, "title": _("Tracking page on a phone"), "head": shown.name},
        {"kind": "page desk", "url": tracking, "title": _("Tracking page on a desktop"), "head": shown.name},
        {"kind": "mail phone", "url": letter, "title": _("Email on a phone"), "head": writes},
        {"kind": "mail desk", "url": letter, "title": _("Email on a desktop"), "head": writes},
    ]


def _shade(request: HttpRequest) -> str:
    return "dark" if request.POST.get("shade") == "dark" else "light"


def _page(request: HttpRequest, form: BrandForm, site: SiteForm, status: int = 200) -> HttpResponse:
    shown = _as_far_as_valid(form) if form.is_bound else _kept()
    writes = sender.told(request, shown)
    context = {
        "form": form,
        "site_form": site,
        "sender": writes,
        "found": _found(request),
        "frames": _frames(request, shown, writes["name"]),
        "shade": _shade(request),
        "urls": {name: links.to(request, f"brand-{name}") for name in ("change", "preview", "read", "take", "leave")}
        | {"page": links.to(request, "brand")},
    }
    return show(request, "dashboard/brand.html", "brand", {"brand": context}, status)


def _found(request: HttpRequest) -> dict[str, Any] | None:
    """What the last look at the site came to; None once it is settled."""
    row = suggest.newest()
    if row is None or row.state in (Reading.TAKEN, Reading.LEFT):
        return None
    return {"id": str(row.pk), "state": row.state, "website": row.website, "problem": row.problem, "changes": _changes(row)}


def _changes(row: Suggestion) -> list[dict[str, str]]:
    words = {"name": _("Name"), "accent": _("Colour"), "logo_url": _("Logo")}
    found = suggest.changes(row, _kept())
    return [{"field": field, "label": words[field], "was": old, "now": new} for field, (old, new) in found.items()]
