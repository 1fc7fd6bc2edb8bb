"""From when on a parcel is in trouble: the shop's rules by lane, and what lanes taught."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import links
from dashboard.forms.work import LimitsForm
from dashboard.page import act, may, note, page, show
from integrations.carriers import directory
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from tracking import health, silences
from tracking import limits as kept
from tracking.health_rules import HealthRule
from tracking.limits import NAMES, Lane

MOST = 50  # learned lanes shown


@page(Role.VIEWER)
def limits(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules as they hold now."""
    return _page(request, LimitsForm())


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the rule of a lane, or change the one it has. Open parcels of the lane are judged anew."""
    form = LimitsForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    row, before = kept.keep(form.lane, form.limits)
    changes = audit.changed(before, form.limits._asdict())
    if changes:
        kept.judge_anew(form.lane)
        note(request, "limits.changed", subject=to_public("hru", row.pk), words=str(row), changes=changes)
        notes.success(request, _("Saved. Parcels of this lane are looked at anew within minutes."))
    return redirect(links.to(request, "limits"))


@act(Role.ADMIN)
def remove(request: HttpRequest, slug: str, rule_id: UUID) -> HttpResponse:
    """Take a rule away: the next wider one holds."""
    row = HealthRule.objects.select_for_update().filter(pk=rule_id, learned=False)
    found = get_object_or_404(row)
    told = {name: (getattr(found, name), None) for name in NAMES if getattr(found, name) is not None}
    found.delete()
    kept.judge_anew(Lane(found.carrier, found.service, found.country))
    note(request, "limits.removed", subject=to_public("hru", rule_id), words=str(found), changes=told)
    notes.success(request, _("Removed. What holds for wider lanes holds for these parcels now."))
    return redirect(links.to(request, "limits"))


def _page(request: HttpRequest, form: LimitsForm, status: int = 200) -> HttpResponse:
    admin = may(request, Role.ADMIN)
    context = {
        "rows": [_row(request, rule) for rule in kept.of_merchant()],
        "learned": [_row(request, rule) for rule in kept.learned(MOST)],
        "form": form if admin else None,
        "change_url": links.to(request, "limits-change"),
        "trade": {
            "first": health.FIRST_SCAN_DAYS,
            "home": health.QUIET_DAYS,
            "abroad": health.QUIET_DAYS_ABROAD,
            "pickup": health.PICKUP_DAYS,
            "attempts": health.MANY_ATTEMPTS,
        },
        "enough": silences.ENOUGH,
    }
    return show(request, "dashboard/limits.html", "limits", {"limits": context}, status)


def _row(request: HttpRequest, rule: HealthRule) -> dict[str, Any]:
    carrier = directory.display(rule.carrier) if rule.carrier else _("Any carrier")
    return {
        "name": " ".join(part for part in (carrier, rule.service) if part),
        "country": words.country(rule.country) if rule.country else _("any country"),
        "first_scan": _days(rule.first_scan_days),
        "quiet": _days(rule.quiet_days),
        "pickup": _days(rule.pickup_days),
        "attempts": "–" if rule.attempts is None else words.number(rule.attempts),
        "parcels": rule.parcels,
        "remove_url": links.to(request, "limits-remove", rule_id=rule.pk) if may(request, Role.ADMIN) and not rule.learned else "",
    }


def _days(days: int | None) -> str:
    return "–" if days is None else ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
