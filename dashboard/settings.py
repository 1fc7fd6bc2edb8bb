"""Who writes to shoppers, in which language, by which clock. The look has a page of its own: brand.py."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dashboard import links, sender
from dashboard.forms.settings import SettingsForm
from dashboard.page import act, may, note, page, show
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Brand, Membership, Role


@page(Role.ADMIN)
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, filled."""
    return _page(request, SettingsForm(instance=request.brand, team=frozenset()))  # type: ignore[attr-defined]


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what it says. Every page drawn before is drawn anew."""
    brand = Brand.objects.get(pk=request.brand.pk)  # type: ignore[attr-defined]
    before = _told(brand)
    form = SettingsForm(request.POST, instance=brand, team=_confirmed())
    if not form.is_valid():
        return _page(request, form, status=422)
    form.instance.version += 1
    form.save()
    note(request, "settings.changed", changes=audit.changed(before, _told(brand)))
    notes.success(request, _("Saved. It holds for the tracking page and every message from now on."))
    return redirect(links.to(request, "settings"))


def _told(brand: Brand) -> dict[str, Any]:
    """What the log keeps of the settings: an address of somebody on the team is kept as that person."""
    told = {name: getattr(brand, name) for name in SettingsForm.Meta.fields}
    return told | {"sender_email": audit.as_person(told["sender_email"])}


def _confirmed() -> frozenset[str]:
    people = list(Membership.objects.values_list("user_id", flat=True)[:1000])
    return frozenset(EmailAddress.objects.filter(user_id__in=people, verified=True).values_list("email", flat=True))


def _page(request: HttpRequest, form: SettingsForm, status: int = 200) -> HttpResponse:
    close_url = links.to(request, "close") if may(request, Role.OWNER) else ""
    context = {
        "form": form,
        "sender": sender.told(request, request.brand),  # type: ignore[attr-defined]
        "change_url": links.to(request, "settings-change"),
        "close_url": close_url,
    }
    return show(request, "dashboard/settings.html", "settings", {"settings": context}, status)
