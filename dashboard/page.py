"""What every view of the dashboard shares: who may, which methods, the shop's clock, and 409 for what can no longer be done."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone

from dashboard.frame import frame
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Brand, Role
from postpurchase.tenancy.permissions import RANK, at_least
from tracking import zones

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page(role: Role) -> Callable[[View[P]], View[P]]:
    """A page to read, for members of that role or above."""
    return _view(role, "GET", "HEAD")


def act(role: Role) -> Callable[[View[P]], View[P]]:
    """Something to do, by POST only. IllegalMove becomes a 409 page that says what is so; nothing is then changed."""
    return _view(role, "POST")


def _view(role: Role, *methods: str) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @at_least(role)  # first, so that a stranger learns nothing from the method either
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            request.brand = Brand.objects.order_by("id")[0]  # type: ignore[attr-defined]
            with timezone.override(zones.named(request.brand.time_zone)):  # type: ignore[attr-defined]
                return _answer(request, lambda: view(request, *args, **kwargs))

        guarded.methods = methods  # type: ignore[attr-defined]
        return guarded

    return decorate


def _answer(request: HttpRequest, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    if request.method != "POST":
        return run()
    try:
        with transaction.atomic():  # what an act did before it found that it may not is undone
            return run()
    except IllegalMove as error:
        return render(request, "409.html", {"text": str(error), "back": _page_of(request.path)}, status=409)


def _page_of(act_path: str) -> str:
    """The page that an act stands on: .../messages/msg_1/again/ is an act on .../messages/msg_1/."""
    return act_path.rstrip("/").rpartition("/")[0] + "/"


def may(request: HttpRequest, role: Role) -> bool:
    """Whether the person's role is that or above: what they cannot do is not offered."""
    member = request.member  # type: ignore[attr-defined]
    return RANK[Role(member.role)] >= RANK[role]


def note(request: HttpRequest, what: str, *, subject: str = "", words: str = "", changes: audit.Changes | None = None) -> None:
    """Put an act of this request into the merchant's log, in the act's own transaction. See audit.record()."""
    audit.record(audit.caller(request), what, subject=subject, words=words, changes=changes)


def show(request: HttpRequest, template: str, section: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page in the frame; `section` is the entry of the rail that it belongs to."""
    return render(request, template, {"frame": frame(request, section), **context}, status=status)
