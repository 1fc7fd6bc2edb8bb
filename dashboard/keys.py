"""API keys: all of them, and a new one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import links, lists
from dashboard.forms.key import KeyForm, right
from dashboard.key import badge_of, one_page
from dashboard.page import act, note, page, show
from postpurchase.events import bus
from postpurchase.events.catalogue import ApiKeyMade
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import keys as acts
from postpurchase.tenancy.models import ApiKey, Role

KEYS = ("-created_at", "-id")


@page(Role.ADMIN)
def keys(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first: those that open something, or (`?view=ended`) those that did."""
    view = request.GET.get("view", "")
    opening = acts.opening().values("pk")
    rows = ApiKey.objects.filter(pk__in=opening) if view == "" else ApiKey.objects.exclude(pk__in=opening) if view == "ended" else None
    found = lists.one_page(request, (rows if rows is not None else ApiKey.objects.none()).select_related("made_by"), KEYS)
    context = {
        "views": lists.tabs(request.GET, [("", _("In use"), None), ("ended", _("Ended"), None)], view),
        "rows": [_row(request, row) for row in found.items],
        "pager": lists.pager(request, found, "created_at"),
        "ended": view == "ended",
        "new_url": links.to(request, "key-new"),
    }
    return show(request, "dashboard/keys.html", "keys", {"keys": context})


@page(Role.ADMIN)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty form."""
    return _form_page(request, KeyForm())


@act(Role.ADMIN)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Make one. Its page follows at once, with the key, which is not shown again."""
    form = KeyForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            row, text = acts.add(given["label"], scopes=given["scopes"], live=given["live"] == "1", by=request.user)  # type: ignore[arg-type]
        except acts.NameTaken:
            form.add_error("label", _("There is a key with this name already. Choose another, or replace that key."))
        else:
            told = {"live": (None, row.live), "rights": (None, row.scopes), "prefix": (None, row.prefix)}
            bus.publish(ApiKeyMade(key_id=row.pk))
            note(request, "key.made", subject=to_public("key", row.pk), words=row.label, changes=told)
            return one_page(request, row, text=text)
    return _form_page(request, form, status=422)


def _form_page(request: HttpRequest, form: KeyForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "act_url": links.to(request, "key-add"), "keys_url": links.to(request, "keys")}
    return show(request, "dashboard/key_new.html", "keys", {"key": context}, status)


def _row(request: HttpRequest, row: ApiKey) -> dict[str, Any]:
    several = ngettext("%(n)s right", "%(n)s rights", len(row.scopes)) % {"n": len(row.scopes)}
    rights = _("Everything") if set(row.scopes) == set(acts.SCOPES) else right(row.scopes[0]) if len(row.scopes) == 1 else several
    return {
        "url": links.to(request, "key", key_id=row.pk),
        "name": row.label,
        "prefix": f"{row.prefix}…",
        "live": row.live,
        "badge": badge_of(row),
        "rights": rights,
        "by": str(row.made_by) if row.made_by else "",
        "last_used_at": row.last_used_at,
        "at": row.created_at,
    }
