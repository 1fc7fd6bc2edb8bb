"""The frame round every page: the merchant, the rail with what needs you, the person."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from dashboard import house, links
from dashboard.queue_counts import counted
from notifications.questions import need_eye
from postpurchase.tenancy import gates
from postpurchase.tenancy.models import User
from tracking import overview


def frame(request: HttpRequest, section: str) -> dict[str, Any]:
    """What templates/dashboard/base.html wants. Four queries."""
    shops = shops_of(request)
    here = next(shop for shop in shops if shop["current"])
    user: User = request.user  # type: ignore[assignment]
    return {
        "merchant": {"name": here["name"], "initial": here["name"][:1].upper()},
        "merchants": shops,
        "nav": house.rail(request, section, _counts(request)),
        "tabs": house.tabs(request, section),
        "person": {"name": str(user), "email": user.email, "initials": initials(str(user))},
        "urls": {
            "search": links.to(request, "search"),
            "theme": reverse("theme"),
            "shortcuts": reverse("shortcuts"),
            "sign_out": reverse("account_logout"),
        },
        "shortcuts": user.shortcuts,
        "query": request.GET.get("q", "") if section == "search" else "",
        "here": request.get_full_path() if request.method == "GET" else links.to(request, "home"),
        "theme": "" if user.theme == "system" else user.theme,
    }


def _counts(request: HttpRequest) -> dict[str, int]:
    """How many rows of a page need somebody."""
    queue = counted(request)
    of_orders, of_messages = overview.orders_needing_eye().count(), need_eye().count()
    return {"orders": of_orders, "messages": of_messages, "work": queue.parcels, "requests": queue.requests}


def shops_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The merchants that the person works for, by name."""
    slug = request.resolver_match.kwargs.get("slug")  # type: ignore[union-attr]
    found = gates.merchants_of(request.user.pk)  # type: ignore[arg-type]
    return [{"name": name, "url": reverse("dashboard:home", kwargs={"slug": one}), "current": one == slug} for _id, one, name in found]


def initials(name: str) -> str:
    """Two letters for a person: of the first and last word, or of the one."""
    words = name.partition("@")[0].replace(".", " ").split()
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else "?"
