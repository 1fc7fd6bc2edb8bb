"""Text messages: the account that they leave by, a test, and what is counted of messages."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dashboard import links
from dashboard.forms.texting import FAULTS, AccountForm, CountingForm, TestTextForm
from dashboard.page import act, note, page, show
from notifications import text_accounts as accounts
from notifications.models import SmsAccount
from notifications.text_envelope import inbound_url
from postpurchase.lib import ids
from postpurchase.tenancy.models import Brand, Role


@page(Role.ADMIN)
def texting(request: HttpRequest, slug: str) -> HttpResponse:
    """The account and its webhook, a test, and what is counted."""
    return _page(request)


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the account; the token is sealed and never shown."""
    old = accounts.current()
    form = _account_form(old, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            row = accounts.keep(provider=given["provider"], sid=given["account_sid"], token=given["token"], sender=given["sender"])
        except accounts.Unfit as unfit:
            form.add_error(unfit.field, FAULTS[unfit.fault])
        else:
            before = (old.account_sid, old.sender) if old else ("", "")
            changes = {"account_sid": (before[0], row.account_sid), "sender": (before[1], row.sender)}
            note(request, "sms.changed", words=row.get_provider_display(), changes={k: v for k, v in changes.items() if v[0] != v[1]})
            notes.success(request, _("Saved. Send a test to see that it works."))
            return redirect(links.to(request, "sms"))
    return _page(request, 422, account_form=form)


@act(Role.ADMIN)
def test(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a text to a number of the merchant's choosing."""
    form = TestTextForm(request.POST)
    if form.is_valid():
        try:
            accounts.send_test(form.cleaned_data["number"], once=form.cleaned_data["once"])
        except accounts.Unfit as unfit:
            form.add_error(unfit.field, FAULTS[unfit.fault])
        else:
            note(request, "sms.tested")
            notes.success(request, _("The test is on its way. You find it under Messages."))
            return redirect(links.to(request, "sms"))
    return _page(request, 422, test_form=form)


@act(Role.ADMIN)
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """No text leaves any more; the token is gone."""
    if accounts.remove():
        note(request, "sms.removed")
    notes.success(request, _("Text messages are switched off, and the token is gone."))
    return redirect(links.to(request, "sms"))


@act(Role.ADMIN)
def counting(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide what is counted of messages from now on."""
    brand: Brand = request.brand  # type: ignore[attr-defined]
    form = CountingForm(request.POST)
    if not form.is_valid():
        return _page(request, 422, counting_form=form)
    changes = {name: (getattr(brand, name), value) for name, value in form.cleaned_data.items() if getattr(brand, name) != value}
    Brand.objects.filter(pk=brand.pk).update(**form.cleaned_data)
    note(request, "counting.changed", changes=changes)
    notes.success(request, _("Saved. It holds for messages sent from now on."))
    return redirect(links.to(request, "sms"))


def _account_form(row: SmsAccount | None, given: Any = None) -> AccountForm:
    shown = {"provider": row.provider, "account_sid": row.account_sid, "sender": row.sender} if row else {}
    return AccountForm(given, offered=accounts.offered(), kept=row is not None, **({"initial": shown} if shown else {}))


def _page(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    row, brand = accounts.current(), request.brand  # type: ignore[attr-defined]
    counted = {"count_clicks": brand.count_clicks, "count_opens": brand.count_opens}
    context = {
        "account": {"provider": row.get_provider_display(), "sender": row.sender, "inbound_url": inbound_url(row)} if row else None,
        "account_form": _account_form(row),
        "test_form": TestTextForm(initial={"once": ids.random_token()}),
        "counting_form": CountingForm(initial=counted),
        **{f"{name.replace('-', '_')}_url": links.to(request, f"sms-{name}") for name in ("change", "test", "remove", "counting")},
        **forms,
    }
    return show(request, "dashboard/sms.html", "sms", {"sms": context}, status)
