"""The frame round every page: the merchant, the rail with what needs you, the person."""

from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from dashboard import links
from notifications.questions import need_eye
from postpurchase.tenancy import gates
from postpurchase.tenancy.models import Role, User
from postpurchase.tenancy.permissions import RANK
from tracking import overview


def frame(request: HttpRequest, section: str) -> dict[str, Any]:
    """What templates/dashboard/base.html wants. Three queries."""
    shops = shops_of(request)
    here = next(shop for shop in shops if shop["current"])
    user: User = request.user  # type: ignore[assignment]
    return {
        "merchant": {"name": here["name"], "initial": here["name"][:1].upper()},
        "merchants": shops,
        "nav": _nav(request, section),
        "person": {"name": str(user), "email": user.email, "initials": initials(str(user))},
        "urls": {"search": links.to(request, "orders"), "theme": reverse("theme"), "sign_out": reverse("account_logout")},
        "query": request.GET.get("q", "") if section == "orders" else "",
        "here": request.get_full_path() if request.method == "GET" else links.to(request, "home"),
        "theme": "" if user.theme == "system" else user.theme,
    }


def shops_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The merchants that the person works for, by name."""
    slug = request.resolver_match.kwargs.get("slug")  # type: ignore[union-attr]
    found = gates.merchants_of(request.user.pk)  # type: ignore[arg-type]
    return [{"name": name, "url": reverse("dashboard:home", kwargs={"slug": one}), "current": one == slug} for _id, one, name in found]


def initials(name: str) -> str:
    """Two letters for a person: of the first and last word, or of the one."""
    words = name.partition("@")[0].replace(".", " ").split()
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else "?"


def _nav(request: HttpRequest, section: str) -> list[dict[str, Any]]:
    entries = [
        ("home", _("Home"), "house", 0),
        ("orders", _("Orders"), "package", overview.orders_needing_eye().count()),
        ("messages", _("Messages"), "mail", need_eye().count()),
        ("flows", _("Flows"), "workflow", 0),
        ("webhooks", _("Webhooks"), "code", 0),
        ("team", _("Team"), "users", 0),
        ("brand", _("Brand"), "palette", 0),
        ("alerts", _("Alerts"), "bell", 0),
        ("settings", _("Settings"), "settings", 0),
    ]
    role = Role(request.member.role)  # type: ignore[attr-defined]
    if role != Role.VIEWER:
        entries.append(("imports" if role in (Role.OWNER, Role.ADMIN) else "exports", _("Import and export"), "download", 0))
    return [
        {
            "label": label,
            "icon": icon,
            "url": url,
            "count": count,
            "current": name == section or (section, name) == ("exports", "imports"),
        }
        for name, label, icon, count in entries
        if may_open(request, url := links.to(request, name))
    ]


def may_open(request: HttpRequest, url: str) -> bool:
    """Whether the person's role opens that page: asked of the view itself, so that no second list can differ."""
    needed: Role = resolve(url).func.needs_role  # type: ignore[attr-defined]
    return RANK[Role(request.member.role)] >= RANK[needed]  # type: ignore[attr-defined]
