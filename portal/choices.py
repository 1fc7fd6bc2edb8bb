"""What a shopper gets from a shop: GET /u/<token>/choices shows it, POST keeps it. The link in the foot of each message is the key."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import optin, wishes
from notifications.engagement import record
from notifications.models import Message
from notifications.placeholders import CONFIRM
from notifications.wishes import Wishes
from portal import door, tongue
from portal.unsubscribe import place_of
from postpurchase.lib import networks
from postpurchase.tenancy.models import Brand
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui import tongue as tongues
from postpurchase.ui import words


class ChoicesForm(forms.Form):
    """Only what there is to choose. A missing tick is a no, as browsers send it."""

    news = forms.BooleanField(
        label=gettext_lazy("News and requests by email"),
        help_text=gettext_lazy("Offers, and the question how you liked it."),
        required=False,
    )
    sms_news = forms.BooleanField(label=gettext_lazy("News and offers by text message"), required=False)
    sms_orders = forms.BooleanField(label=gettext_lazy("Your orders by text message"), required=False)
    late_only = forms.BooleanField(label="", required=False)
    locale = forms.ChoiceField(label=gettext_lazy("Language of your messages"), required=False)

    def __init__(self, *args: Any, now: Wishes, number: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": vars(now)} | kwargs)
        self.label_suffix = ""
        for name, value in vars(now).items():
            if value is None:
                del self.fields[name]
        if "late_only" in self.fields:
            named = {"number": words.isolated(number)}
            self.fields["late_only"].label = _("Order %(number)s: write only if something is late") % named
            self.fields["late_only"].help_text = _("The confirmation still comes. “Shipped”, “comes today” and “delivered” do not.")
        spoken = [(code, name) for code, name in settings.LANGUAGES if code in tongues.spoken()]
        self.fields["locale"].choices = [("", _("As in the shop")), *spoken]  # type: ignore[attr-defined]

    def wanted(self) -> Wishes:
        """What was chosen; None for what there was not to choose."""
        given = self.cleaned_data
        return Wishes(given["news"], given.get("sms_news"), given.get("sms_orders"), given.get("late_only"), given["locale"])


@csrf_exempt  # the token in the address is the proof; a mail program's own browser may keep no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, token: str) -> HttpResponse:
    """The page. Scanners that open every link change nothing."""
    merchant_id, message_id = place_of(request, token)
    with in_merchant(merchant_id):
        message, brand = _message(message_id), door.brand_here()
        person = wishes.person_behind(message)
        with tongue.speaking(tongue.settled(request, message.locale, brand.locale)):
            number = person.order.number if person.order else ""
            form = ChoicesForm(request.POST if request.method == "POST" else None, now=wishes.read(person), number=number)
            valid = form.is_valid()
        if valid and wishes.keep(person, form.wanted(), proof(request, "choices")):
            record.left(message)
    if valid:
        return HttpResponseRedirect(reverse("portal:choices", args=[token]) + "?saved=1")
    given: dict[str, Any] = {"form": form, "masked_email": door.masked(person.email), "saved": "saved" in request.GET and not form.is_bound}
    return _page(request, "portal/choices.html", brand, message, 422 if form.is_bound else 200, **given)


@csrf_exempt  # as above
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The second half of a double opt-in. Only the mail that asks for it holds this link."""
    merchant_id, message_id = place_of(request, token)
    with in_merchant(merchant_id):
        message, brand = _message(message_id), door.brand_here()
        if message.template != CONFIRM or message.order is None:
            raise Http404
        done = request.method == "POST" and optin.confirm(message.order, proof=proof(request, "confirm"))
    stage = "done" if done else "over" if request.method == "POST" else "ask"
    choices_url = reverse("portal:choices", args=[token])
    given: dict[str, Any] = {"stage": stage, "masked_email": door.masked(message.to_address), "choices_url": choices_url}
    return _page(request, "portal/confirm.html", brand, message, **given)


def proof(request: HttpRequest, page: str) -> dict[str, str]:
    """Where somebody said something, and with what; not so much of it that it would tell who."""
    told = {"ip": networks.shortened(request.META.get("REMOTE_ADDR", "")), "user_agent": request.headers.get("User-Agent", "")[:200]}
    return {name: value for name, value in (told | {"page": page}).items() if value}


def _message(message_id: UUID) -> Message:
    found = Message.objects.filter(pk=message_id).select_related("order").first()
    if found is None or not found.to_address:  # erased since
        raise Http404
    return found


def _page(request: HttpRequest, template: str, brand: Brand, message: Message, status: int = 200, **context: Any) -> HttpResponse:
    return door.page(request, template, brand, status, locale=message.locale, **context)
