"""POST /sms/<account>: what Twilio tells of a merchant's texts. Its signature is the proof; what is asked is done before the answer."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations.senders.sms import twilio
from notifications import text_inbound as texts
from postpurchase.lib import crypto, ids
from postpurchase.tenancy import gates
from postpurchase.tenancy.scope import in_merchant

MOST_BYTES = 64 * 1024


class Unsigned(Exception):
    """The call was not signed with the account's token."""


@csrf_exempt  # the signature is the proof
@require_POST
def inbound(request: HttpRequest, public_id: str) -> HttpResponse:
    """A shopper's text. 403 for a wrong signature, 404 for an unknown account."""
    try:
        merchant_id = _proven(request, public_id)
    except Unsigned:
        return _refused()
    form = request.POST
    answer = texts.Answer(form.get("MessageSid", ""), form.get("From", ""), form.get("Body", ""))
    with in_merchant(merchant_id):
        words = texts.answered(answer) if answer.event_id else ""
    said = f"<Message>{escape(words)}</Message>" if words else ""
    return HttpResponse(f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}</Response>', content_type="text/xml; charset=utf-8")


@csrf_exempt  # the signature is the proof
@require_POST
def status(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """What became of a message. 403 for a wrong signature, 404 for an unknown account."""
    try:
        merchant_id = _proven(request, public_id)
    except Unsigned:
        return _refused()
    form, message_id = request.POST, crypto.from_link_token(token)
    sid, said = form.get("MessageSid", ""), form.get("MessageStatus", "")
    if message_id and sid and said:
        with in_merchant(merchant_id):
            texts.reported(message_id, event_id=sid, status=said, error=form.get("ErrorCode", ""))
    return HttpResponse(status=204)


def _proven(request: HttpRequest, public_id: str) -> UUID:
    """Whose account it is. Raises Http404, Unsigned."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise Http404
    account_id = ids.from_public("sms", public_id)
    source = gates.by_sms(account_id) if account_id else None
    if source is None:
        raise Http404
    merchant_id, sealed = source
    token, called = crypto.unseal(sealed, merchant_id), settings.BASE_URL + request.get_full_path()
    form = {name: request.POST[name] for name in request.POST}
    if not token or not twilio.signed(token, called, form, request.headers.get("X-Twilio-Signature", "")):
        raise Unsigned
    return merchant_id


def _refused() -> HttpResponse:
    return HttpResponse("the signature does not fit\n", status=403, content_type="text/plain; charset=utf-8")
