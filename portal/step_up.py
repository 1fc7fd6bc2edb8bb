"""Is it you? A code of six digits goes to the email of the order; entering it opens the details for this browser, for half an hour.

Nothing is stored: the browser holds a keyed digest of the code, the order, a nonce and the end. Tries and use are counted by the nonce,
which the digest fixes, so a copied or changed cookie brings no further tries.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from notifications import direct
from orders.models import Order
from portal import door, tongue, visitors
from portal.quick import UNLOCKED
from portal.sealed import seal
from postpurchase.lib import clock, signing
from postpurchase.tenancy import limits
from postpurchase.tenancy.models import Brand
from postpurchase.tenancy.scope import in_merchant

CODE = "code"  # the cookie of a browser that asked for a code
LASTS = timedelta(minutes=10)
OPEN = timedelta(minutes=30)
TRIES = 5
HOUR = timedelta(hours=1)
CODES_AN_HOUR = 5  # of one order
ASKED_AN_HOUR = 20  # by one network


class CodeForm(forms.Form):
    """Six digits, with or without spaces."""

    code = forms.RegexField(
        r"^[0-9]{6}$",
        label=_("Code"),
        max_length=12,
        error_messages={"invalid": _("The code has six digits."), "required": _("Enter the six digits from the email.")},
    )

    def __init__(self, data: dict[str, str] | None = None) -> None:
        super().__init__(data)


def unlocked(request: HttpRequest, order_id: UUID) -> bool:
    """Whether this browser has proved to be the buyer's, not longer ago than OPEN. Machine time."""
    end, _dot, digest = request.COOKIES.get(UNLOCKED, "").partition(".")
    return _future(end) and signing.same(digest, _digest("open", order_id, end))


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """GET offers to send a code; POST sends one to the email of the order and binds it to this browser."""
    merchant_id, order_id = door.place_of(request, token)
    with in_merchant(merchant_id):
        order, brand = door.order_here(order_id), door.brand_here()
    if request.method != "POST" or not order.email:
        return _page(request, token, order, brand, "ask")
    try:
        limits.hit(f"code:{order_id}", limit=CODES_AN_HOUR, window=HOUR)
        limits.hit(f"code-from:{visitors.network_of(request)}", limit=ASKED_AN_HOUR, window=HOUR)
    except limits.TooMany as refused:
        return door.wait(request, brand, refused.retry_after)
    with in_merchant(merchant_id):
        bound = _send(order)
    response = HttpResponseRedirect(reverse("portal:verify", args=[token]))
    return _with_cookie(response, CODE, bound, LASTS, token)


def _send(order: Order) -> str:
    """Write the message; returns what the browser must hold to use the code."""
    code, nonce = f"{secrets.randbelow(1_000_000):06d}", secrets.token_urlsafe(16)
    end = _end(LASTS)
    minutes = int(LASTS.total_seconds() // 60)
    direct.write("access_code", order, context={"code": code, "minutes": minutes}, expires_in=LASTS, dedupe=nonce)
    return f"{end}.{nonce}.{_digest(code, order.pk, end, nonce)}"


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows where to enter the code; POST tries one: right, it opens the details for this browser; wrong, it says so."""
    merchant_id, order_id = door.place_of(request, token)
    with in_merchant(merchant_id):
        order, brand = door.order_here(order_id), door.brand_here()
    if request.method != "POST":
        return _page(request, token, order, brand, "enter", CodeForm())
    with tongue.speaking(tongue.settled(request, order.locale, brand.locale)):
        form = CodeForm({"code": "".join(request.POST.get("code", "").split())[:12]})
        problem = _try(request, order_id, form)
    if problem:
        form.add_error("code", problem)
    if form.errors:
        return _page(request, token, order, brand, "enter", form, status=422)
    end = _end(OPEN)
    response = HttpResponseRedirect(reverse("portal:tracking", args=[token]))
    response.delete_cookie(CODE, path=_path(token), samesite="Lax")
    return _with_cookie(response, UNLOCKED, f"{end}.{_digest('open', order_id, end)}", OPEN, token)


def _try(request: HttpRequest, order_id: UUID, form: CodeForm) -> str | None:
    """None for the right code, used once; else what to say. A code that is no six digits costs no try."""
    if not form.is_valid():
        return None
    end, nonce, digest = [*request.COOKIES.get(CODE, "").split("."), "", "", ""][:3]
    again = gettext("This code is used up or too old, or was asked for in another browser. Send a new one.")
    if not (_future(end) and nonce):
        return again
    try:
        limits.hit(f"code-try:{nonce}", limit=TRIES, window=2 * LASTS)
        if not signing.same(digest, _digest(form.cleaned_data["code"], order_id, end, nonce)):
            return gettext("This is not the code we sent. After five tries it is used up.")
        limits.hit(f"code-used:{nonce}", limit=1, window=2 * LASTS)
    except limits.TooMany:
        return again
    return None


def _page(
    request: HttpRequest, token: str, order: Order, brand: Brand, stage: str, form: CodeForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "stage": stage,
        "order_number": order.number,
        "masked_email": door.masked(order.email),
        "minutes": int(LASTS.total_seconds() // 60),
        "back_url": reverse("portal:tracking", args=[token]),
        "send_url": reverse("portal:code", args=[token]),
        "enter_url": reverse("portal:verify", args=[token]),
    }
    return door.page(request, "portal/code.html", brand, status, order.locale, form=form, **context)


def _digest(what: str, order_id: UUID, end: str, nonce: str = "") -> str:
    return salted_hmac("portal.step_up", f"{what}|{order_id}|{end}|{nonce}", algorithm="sha256").hexdigest()


def _end(after: timedelta) -> str:
    return str(int((clock.machine_now() + after).timestamp()))


def _future(end: str) -> bool:
    return end.isdecimal() and len(end) < 13 and datetime.fromtimestamp(int(end), tz=UTC) > clock.machine_now()


def _path(token: str) -> str:
    return reverse("portal:tracking", args=[token])


def _with_cookie(response: HttpResponse, name: str, value: str, lasts: timedelta, token: str) -> HttpResponse:
    """Sent back to this order's pages only, never to a script, never from another site's form."""
    response.set_cookie(name, value, max_age=lasts, path=_path(token), secure=settings.SECURE, httponly=True, samesite="Lax")
    return seal(response)
