"""What the designer of the tracking page shows: sections, the open form, frames, variants, versions."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.models import PageDesign
from brands.page import arranging, keeping, preview
from brands.page.content import FIXED, Content, Section, Variant, read
from dashboard import links
from dashboard.forms.page_variant import VariantForm, WholeForm
from dashboard.forms.tracking_page import SectionForm
from dashboard.page import show
from desk import stars
from postpurchase.lib import clock, versions
from postpurchase.tenancy.models import Brand

VERSIONS = 20
STARS = timedelta(days=90)  # over which those that shoppers chose are counted
URLS = ("change", "arrange", "variant", "whole", "publish", "restore")
KINDS: dict[str, str | Promise] = {
    "parcels": gettext_lazy("Parcels and their journey"),
    "timeline": gettext_lazy("List of all scans"),
    "items": gettext_lazy("What was ordered"),
    "map": gettext_lazy("Map of the journey"),
    "order": gettext_lazy("The order, behind a code"),
    "support": gettext_lazy("Help"),
    "banner": gettext_lazy("Banner"),
    "faq": gettext_lazy("Questions and answers"),
    "howto": gettext_lazy("How to use it"),
    "products": gettext_lazy("Recommended products"),
    "social": gettext_lazy("Links to profiles"),
    "review": gettext_lazy("Stars for a review"),
    "score": gettext_lazy("How often you keep your days"),
    "aside": gettext_lazy("Beside, on a wide screen:"),
}
SAYS: dict[str, str | Promise] = {
    "timeline": gettext_lazy("What carriers saw, parcel by parcel. While the page has this section, its parcels list no scans."),
    "items": gettext_lazy("The products of each parcel, and those still to come. While the page has this section, its parcels list none."),
    "map": gettext_lazy("The places that carriers scanned, on a small map. It shows itself once there are two of them."),
    "review": gettext_lazy(
        "Five stars, once everything is delivered. Each leads to where you collect reviews; without an address they do not show."
    ),
    "order": gettext_lazy("Name, address and prices. They show once the shopper has entered the code from an email."),
    "score": gettext_lazy("One line, such as “On time: 9 of 10 parcels”. It shows itself from 30 parcels on."),
    "aside": gettext_lazy("What stands below this line stands beside the rest on a wide screen, and after it on a phone."),
}


def show_page(
    request: HttpRequest,
    row: PageDesign,
    asked: QueryDict,
    *,
    form: SectionForm | None = None,
    variant_form: VariantForm | None = None,
    adding: bool = False,
    whole_form: WholeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The designer."""
    content = read(row.draft)
    variant = content.variant(asked.get("variant", ""))
    section = variant.section(asked.get("section", ""))
    design = {
        "version": row.live.number if row.live else 0,
        "changed": versions.unpublished(row),
        "kept_at": row.changed_at,
        "said": "",
        "open": section.id if section else "",
        "title": KINDS[section.kind] if section else "",
        "says": SAYS.get(section.kind, "") if section else "",
        "stars": stars.since(clock.business_now() - STARS).items() if section and section.kind == "review" else [],
        "variant": variant.id,
        "language": language_of(content, asked),
        "shade": asked.get("shade", ""),
        "order": order_of(variant),
        "sections": [_listed(request, asked, one) for one in variant.sections],
        "kinds": [(kind, KINDS[kind]) for kind in arranging.addable(variant)],
        "form": form or form_of(content, variant, asked),
        "languages": _languages(request, content, asked),
        "variants": _variants(request, content, asked, variant),
        "ruled": variant.ruled,
        "rules_form": variant_form if variant_form and not adding else VariantForm(variant=variant) if variant.ruled else None,
        "add_form": variant_form if variant_form and adding else VariantForm(),
        "whole_form": whole_form or WholeForm(content=content),
        "frames": frames(request, content, asked),
        "versions": list(row.versions.order_by("-number").only("number", "published_at", "design")[:VERSIONS]) if row.live else [],
        "urls": {name: links.to(request, f"page-{name}") for name in URLS} | {"page": links.to(request, "tracking-page")},
        "snippets": _snippets(request, row),
    }
    return show(request, "dashboard/tracking_page.html", "tracking-page", {"design": design}, status)


def here(request: HttpRequest, asked: QueryDict, **changed: str) -> str:
    """The designer with the same things open, but for what is changed."""
    query = {name: asked.get(name, "") for name in ("section", "variant", "language", "shade")} | changed
    return links.to(request, "tracking-page", {name: value for name, value in query.items() if value})


def order_of(variant: Variant) -> str:
    """The sections as they stand, for a page to say which it was drawn with."""
    return ",".join(f"{one.id}{'' if one.on else '-off'}" for one in variant.sections)


def language_of(content: Content, asked: QueryDict) -> str:
    """The language that is being written; the page's main one unless another was chosen."""
    return asked.get("language", "") if asked.get("language", "") in dict(settings.LANGUAGES) else content.language


def form_of(content: Content, variant: Variant, asked: QueryDict, data: Any = None, files: Any = None) -> SectionForm | None:
    """The form of the open section; None where none is open."""
    section, language = variant.section(asked.get("section", "")), language_of(content, asked)
    if section is None:
        return None
    apart = {one.kind for one in variant.sections}
    return SectionForm(data, files, section=section, main=language == content.language, language=language, apart=apart)


def frames(request: HttpRequest, content: Content, asked: QueryDict) -> list[dict[str, str]]:
    """A phone and a desk. When the draft was kept is part of the address, so that a change draws them anew."""
    brand: Brand = request.brand  # type: ignore[attr-defined]
    merchant_id: UUID = request.member.merchant_id  # type: ignore[attr-defined]
    told = preview.Asked(merchant_id, content.variant(asked.get("variant", "")).id, language_of(content, asked))
    kept = round(keeping.here().changed_at.timestamp() * 1000)
    shade = "dark" if asked.get("shade") == "dark" else "light"
    at = f"{reverse('portal:draft', args=[preview.token(told)])}?shade={shade}&v={kept}"
    return [
        {"kind": "phone", "url": at, "title": _("Tracking page on a phone"), "head": brand.name},
        {"kind": "desk", "url": at, "title": _("Tracking page on a desktop"), "head": brand.name},
    ]


def _listed(request: HttpRequest, asked: QueryDict, section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "kind": section.kind,
        "word": KINDS[section.kind],
        "words": section.title or section.text[:80],
        "on": section.on,
        "fixed": section.kind in FIXED,
        "url": here(request, asked, section=section.id),
    }


def _languages(request: HttpRequest, content: Content, asked: QueryDict) -> list[dict[str, Any]]:
    now = language_of(content, asked)
    first = sorted(settings.LANGUAGES, key=lambda one: one[0] != content.language)
    return [{"label": name, "url": here(request, asked, language=one), "count": None, "current": one == now} for one, name in first]


def _variants(request: HttpRequest, content: Content, asked: QueryDict, now: Variant) -> list[dict[str, Any]]:
    return [
        {
            "label": one.name or _("Everybody else"),
            "url": here(request, asked, variant=one.id, section=""),
            "count": None,
            "current": one is now,
        }
        for one in content.variants
    ]


def _snippets(request: HttpRequest, row: PageDesign) -> list[dict[str, str]]:
    """What a shop puts into its own site; the frame only once a published page names a site."""
    slug, brand = request.resolver_match.kwargs["slug"], request.brand  # type: ignore[attr-defined, union-attr]
    find, framed = (f"{brand.portal_url}{reverse(f'portal:{name}', args=[slug])}" for name in ("find", "embed"))
    found = [{"label": _("Link"), "code": f'<a href="{find}">{_("Track your order")}</a>'}]
    if row.live and read(row.live.content).origins:
        frame = f'<iframe src="{framed}" title="{_("Track your order")}" width="100%" height="120" style="border:0"></iframe>'
        found.append({"label": _("Field on your site"), "code": frame})
    return found
