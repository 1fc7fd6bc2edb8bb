"""The brand's look: three colours in a stylesheet of ours, a logo only if it is on our host."""

import re
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from brands.models import Logo
from portal.reading import BrandRow
from portal.shown import Look
from postpurchase.tenancy import gates
from postpurchase.tenancy.models import Brand
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui.colour import DARK_INK, ink_on, readable

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
PLAIN = ("#0f766e", "#faf9f6")
PALE = 16.0  # contrast with near-black that keeps the page's quietest text readable
WEEK, YEAR = 604_800, 31_536_000  # seconds


def look_of(brand: Brand | BrandRow) -> Look:
    """What the portal's frame shows of a brand. A logo elsewhere is left out: its server would learn who looks at which parcel."""
    logo_url = brand.logo_url.removeprefix(settings.BASE_URL)  # at a merchant's own host, we are at that host
    ours = logo_url.startswith("/") and not logo_url.startswith("//")
    return Look(
        name=brand.name,
        logo_url=logo_url if ours else "",
        css_url=stylesheet_url(brand.accent, brand.surface),
        home_url=brand.website,
        support_email=brand.support_email,
        support_url=brand.support_url,
    )


@lru_cache(maxsize=1024)
def stylesheet_url(accent: str, surface: str) -> str:
    """Where the stylesheet of these colours (#rrggbb) is. The address says all that is in it, so it never grows old."""
    given = [colour if COLOUR.fullmatch(colour) else plain for colour, plain in zip((accent, surface), PLAIN, strict=True)]
    return reverse("portal:stylesheet", args=[colour[1:].lower() for colour in given])


@require_safe
def stylesheet(request: HttpRequest, accent: str, surface: str) -> HttpResponse:
    """Three properties, and nothing else: the accent, an ink that can be read on it, and a surface pale enough for text."""
    colours = f"#{accent}", f"#{surface}"
    if not all(COLOUR.fullmatch(colour) for colour in colours):
        raise Http404
    ground = readable(colours[1], on=DARK_INK, ratio=PALE)
    css = f"--brand-accent: {colours[0]}; --brand-ink: {ink_on(colours[0])}; --brand-surface: {ground}"
    response = HttpResponse(f"@layer layout {{ .portal {{ {css} }} }}\n", content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for the icon of what cannot name one, a PDF or plain text: leads to the product's."""
    response = HttpResponseRedirect(static("favicon.svg"))
    response["Cache-Control"] = f"public, max-age={WEEK}"  # its address changes with it
    return response


@require_safe
def logo(request: HttpRequest, logo_id: UUID) -> HttpResponse:
    """A picture that we drew ourselves (brands/picture.py). It never changes: another logo has another address."""
    merchant_id = gates.by_logo(logo_id)
    if merchant_id is None:
        raise Http404
    with in_merchant(merchant_id):
        row = Logo.objects.filter(pk=logo_id).first()
    if row is None:
        raise Http404
    response = HttpResponse(bytes(row.body), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # mail programs show it
    return response
