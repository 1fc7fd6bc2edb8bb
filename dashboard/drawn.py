"""Emails as documents of their own, for a frame: they run nothing, send nothing, and their links lead nowhere."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.template import TemplateDoesNotExist
from django.utils.translation import gettext as _

from notifications.cases import Case, load
from notifications.models import Message, MessageBody
from notifications.render import Rendered, render, unpacked

# Pictures and inline styles only. `sandbox` without any word takes scripts, forms and the origin away, also when opened by itself.
POLICY = "sandbox; default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'"
SECRET = frozenset({"access_code", "confirm_consent"})  # templates whose text lets its reader act as the shopper


class CannotDraw(Http404):
    """The message cannot be drawn; the text says why, for a person. In a frame that is a 404."""


def kept(message: Message) -> Rendered | None:
    """As it was handed over; None for one that never was."""
    body = MessageBody.objects.filter(message=message).first()
    return Rendered(message.subject, "", unpacked(body.html), unpacked(body.text)) if body else None


def now(case: Case) -> Rendered:
    """Drawn from what is true now, as an email. Raises CannotDraw."""
    return by(render, case)


def by(make: Callable[[Case], Rendered], case: Case) -> Rendered:
    """What `make` draws of it. Raises CannotDraw."""
    try:
        return make(case)
    except (LookupError, ValueError, AttributeError, TemplateDoesNotExist) as error:
        raise CannotDraw(_("It cannot be drawn: %s") % error) from error


def either(message: Message) -> Rendered:
    """As it was handed over, else drawn now. Raises CannotDraw."""
    return kept(message) or now(load([message])[0])


def document(html: str) -> HttpResponse:
    """An email for a sandboxed frame."""
    return HttpResponse(html, headers={"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"})


def plain(text: str) -> HttpResponse:
    """A text part."""
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "private, no-store"})
