"""The rules of writing: how the shop fares with mailbox providers, and a section for each kind of rule."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dashboard import links
from dashboard.forms.rules import ConsentForm, PaceForm, RulesForm
from dashboard.page import act, note, page, show
from notifications import rates
from notifications import rules as kept_rules
from notifications.models import MessagingRules
from notifications.tasks import let_go
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Role
from postpurchase.ui import words

# Key in the address -> its form. A section is drawn by templates/dashboard/_rules_<key>.html.
SECTIONS: dict[str, Callable[..., RulesForm]] = {"pace": PaceForm, "consent": ConsentForm}


@page(Role.ADMIN)
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """How sending fares, and the rules as they hold now."""
    return _page(request)


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Keep one section. The guards go by it from the next message on."""
    if key not in SECTIONS:
        raise Http404
    row = kept_rules.kept()
    form = SECTIONS[key](request.POST, row=row)
    if not form.is_valid():
        return _page(request, {key: form}, status=422)
    before = vars(row).copy()
    columns = form.keep(row)
    row.save(update_fields=columns)
    told = audit.changed({name: before[name] for name in columns}, {name: getattr(row, name) for name in columns})
    note(request, "rules.changed", changes=told)
    notes.success(request, _("Saved. It holds for every message from now on."))
    return redirect(links.to(request, "rules"))


@act(Role.ADMIN)
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Let marketing go again, once somebody has read why it rested. Raises IllegalMove where it does not rest."""
    why = kept_rules.kept().paused_for
    if not rates.resume():
        raise IllegalMove(_("Your marketing is not paused."))
    let_go.enqueue(request.brand.merchant_id)  # type: ignore[attr-defined]
    note(request, "sending.resumed", changes={"why": (None, why)})
    notes.success(request, _("Your marketing goes on. What rested leaves within minutes; what has become too old does not."))
    return redirect(links.to(request, "rules"))


def _page(request: HttpRequest, bound: dict[str, RulesForm] | None = None, status: int = 200) -> HttpResponse:
    row = kept_rules.current()
    made = {key: (bound or {}).get(key) or make(row=row) for key, make in SECTIONS.items()}
    context = {
        "rates": _rates(row),
        "sections": [
            {"key": key, "form": form, "url": links.to(request, "rules-change", key=key), "part": f"dashboard/_rules_{key}.html"}
            for key, form in made.items()
        ],
        "resume_url": links.to(request, "rules-resume"),
        "suppressions_url": links.to(request, "suppressions"),
    }
    return show(request, "dashboard/rules.html", "rules", {"rules": context}, status)


def _rates(row: MessagingRules) -> dict[str, Any]:
    limits = {"complaints": rates.COMPLAINTS, "bounces": rates.BOUNCES}
    said = {"complaints": row.complained, "bounces": row.bounced}
    labels = {"complaints": _("Called spam"), "bounces": _("Bounced for good")}
    stats = [
        {"label": labels[key], "value": _percent(said[key], row.sent), "note": _limit(said[key], limits[key])}
        for key in ("complaints", "bounces")
    ]
    sent = {"label": _("Sent in seven days"), "value": words.number(row.sent), "note": _("Rates count from %s on") % rates.LEAST}
    return {
        "stats": [sent, *stats],
        "counted_at": row.counted_at,
        "paused_at": row.paused_at,
        "paused_for": row.paused_for,
    }


def _percent(part: int, whole: int) -> str:
    return words.percent(part / whole, digits=2) if whole else "–"


def _limit(count: int, limit: tuple[int, int]) -> str:
    share = words.percent(limit[0] / limit[1], digits=1)
    return _("%(count)s of them; the limit is %(share)s") % {"count": words.number(count), "share": share}
