"""GET /u/<token> shows, POST acts. One click of a mail program (RFC 8058) is a POST without cookie or form token."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import consent
from notifications.models import Message
from portal import door, own_host, tongue
from postpurchase.lib import crypto
from postpurchase.tenancy import gates
from postpurchase.tenancy.scope import in_merchant


@csrf_exempt  # the token in the address is the proof: mail programs post without having seen any page (RFC 8058, section 3.2)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop marketing to the address of a message. Safe to repeat. Scanners that open every link change nothing."""
    merchant_id, message_id = place_of(request, token)
    with in_merchant(merchant_id):
        message = Message.objects.filter(pk=message_id).first()
        brand = door.brand_here()
        if message is None:
            raise Http404
        if request.method == "POST":
            consent.unsubscribe(message)
    with tongue.speaking(tongue.settled(request, message.locale, brand.locale)):
        kept = _("Messages about your orders, such as “delivered”, still come.")
    template = "portal/unsubscribed.html" if request.method == "POST" else "portal/unsubscribe.html"
    context: dict[str, Any] = {
        "masked_email": door.masked(message.to_address),
        "scope": "marketing",
        "order_number": "",
        "kept": kept,
        "undo_url": "",
        "choices_url": reverse("portal:choices", args=[token]),
    }
    return door.page(request, template, brand, locale=message.locale, **context)


def place_of(request: HttpRequest, token: str) -> tuple[UUID, UUID]:
    """(merchant id, message id) behind the link in a message's foot. Raises Http404, also at another merchant's host."""
    message_id = crypto.from_link_token(token)
    merchant_id = gates.by_message(message_id) if message_id else None
    if message_id is None or merchant_id is None:
        raise Http404
    own_host.demand(request, merchant_id)
    return merchant_id, message_id
