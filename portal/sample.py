"""The tracking page of an order that nobody placed, in a look that is not kept yet: for the frame beside the brand's settings."""

import re
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from brands import preview
from brands.page import keeping
from brands.page import preview as page_preview
from brands.page.content import read
from portal import door, drawing, own_host, tongue
from portal.reading import BrandRow, DesignRow, Facts, ItemRow, LineRow, OrderRow, ParcelRow, ScanRow
from portal.sealed import POLICY, seal
from postpurchase.lib import clock, crypto
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant

SCORE = (92, 100)  # made up, as the order is
NOBODYS = UUID(int=7 << 76 | 2 << 62)
SCRIPT = re.compile(rb"<script\b[^>]*>.*?</script>", re.DOTALL)
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'").replace("form-action 'self'", "form-action 'none'")


@require_safe
def sample(request: HttpRequest, look: str) -> HttpResponse:
    """Drawn by what draws the real ones. Reads nothing of any merchant: the look stands, signed, in the address."""
    brand = preview.brand_of(look)
    if brand is None:
        raise Http404
    return _framed(request, brand, brand.locale, None)


@require_safe
def draft(request: HttpRequest, look: str) -> HttpResponse:
    """The same with the sections of a shop's draft: who has the signed address may see it, and nothing else of the shop."""
    told = page_preview.asked(look)
    if told is None or not Merchant.objects.filter(pk=told.merchant_id, closed_at=None).exists():
        raise Http404
    own_host.demand(request, told.merchant_id)
    with in_merchant(told.merchant_id):
        brand, content = door.brand_here(), read(keeping.here().draft)
    sections = content.variant(told.variant).sections
    return _framed(request, brand, told.language, DesignRow(content.language, list(content.asks), sections, SCORE))


def _framed(request: HttpRequest, brand: Brand, language: str, design: DesignRow | None) -> HttpResponse:
    language = tongue.first(language, brand.locale)
    with tongue.speaking(language, brand.time_zone):
        facts = _facts(brand)
    facts.design = design
    if design and any(one.kind == "review" for one in design.sections):
        facts.order.delivered_at = clock.business_now()  # or its stars would not show
    body = drawing.anonymous(facts, crypto.link_token(NOBODYS), language).body
    shade = b"dark" if request.GET.get("shade") == "dark" else b"light"
    body = body.replace(b"<html ", b'<html data-theme="%s" ' % shade, 1)
    response = seal(HttpResponse(SCRIPT.sub(b"", body)))  # the frame's sandbox runs none, and browsers complain of each
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _facts(brand: Brand) -> Facts:
    now = clock.business_now()
    order = OrderRow(NOBODYS, "#1043", now - timedelta(days=2), "", "DE", None, None, None, None, None, False, True, [])
    line = LineRow(NOBODYS, "Linen shirt", "", 2, True, 0)
    row = BrandRow(**{name: getattr(brand, name) for name in BrandRow.__struct_fields__})
    return Facts("", order, row, [line], [_parcel()], None)


def _parcel() -> ParcelRow:
    now = clock.business_now()
    seen = [(3, _("Sorted at the hub"), "Leipzig", "in_transit"), (20, _("Picked up from the sender"), "Hamburg", "picked_up")]
    scans = [ScanRow(now - timedelta(hours=hours), None, text, status, "", city, "DE", "dhl", now) for hours, text, city, status in seen]
    due = (now + timedelta(days=1)).date()
    return ParcelRow(
        id=NOBODYS, carrier="dhl", number="00340434161094042557", tracking_url="", status="in_transit", substatus="", action_required="",
        health=[], created_at=now - timedelta(days=1), shipped_at=now - timedelta(days=1), first_scan_at=scans[1].occurred_at,
        last_scan_at=scans[0].occurred_at, out_at=None, delivered_at=None, promised_on=None, first_estimate_on=due, estimate_on=due,
        estimate_earliest_on=None, estimate_source="carrier", items=[ItemRow(NOBODYS, 2)], scans=scans,
    )  # fmt: skip
