"""The pages about the shop itself, side by side under Settings."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard import links
from dashboard.frame import may_open


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The context of ui/_tabs.html, with what the person's role opens."""
    words = {"settings": _("Shop"), "keys": _("API keys"), "usage": _("Usage"), "audit": _("Audit log")}
    return [
        {"label": word, "url": url, "count": None, "current": name == current}
        for name, word in words.items()
        if may_open(request, url := links.to(request, name))
    ]
