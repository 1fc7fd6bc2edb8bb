"""What a text message says: the shop's name first, one line, in the shopper's language."""

from django.template import TemplateDoesNotExist
from django.utils import timezone, translation
from django.utils.translation import gettext

from notifications import placeholders
from notifications.cases import Case
from notifications.models import Stream
from notifications.models.designs import key_of
from notifications.press import engine, pressed
from notifications.render import Rendered, design_of, language_of, one_line
from notifications.sms import phones
from notifications.sms.segments import plain
from tracking import zones

LONGEST = 1600  # characters that providers take (Twilio: error 21617 past it)
TOLD_FIRST = ("US", "CA")  # where the first text to a number has to say how to end them, whatever it is about


def written(name: str) -> bool:
    """Whether we have words for a text of that name."""
    try:
        return bool(engine().get_template(f"sms/{name}.txt"))
    except TemplateDoesNotExist:
        return False


def render(case: Case) -> Rendered:
    """Draw a text in its locale and the brand's time zone. The merchant's own words (`context["text"]`) stand as they are."""
    language = language_of(case)
    own = case.message.context.get("text")
    with translation.override(language), timezone.override(zones.named(case.brand.time_zone)):
        text = str(own) if own else plain(" ".join(_words(case, language).split()))
        text = f"{text} {ending}" if (ending := _ending(case, text)) else text
    return Rendered(one_line(text), "", "", text[:LONGEST])


def _words(case: Case, language: str) -> str:
    """What a design of the merchant's says in a text, or what ours of that name does. Raises LookupError for a design without any."""
    context = placeholders.context(case)
    if not key_of(case.message.template):
        return pressed(f"sms/{case.message.template}.txt", language)(context)
    said = design_of(case, language).filled(context).line("sms")
    if not said:
        raise LookupError("the design has no text message")
    return said


def _ending(case: Case, text: str) -> str:
    """How to end the texts: in marketing always, else in the first text where the law wants it. Nothing where the text says it."""
    first = not case.texted and phones.country_of(case.message.to_address) in TOLD_FIRST
    return gettext("Reply STOP to opt out.") if (case.message.stream == Stream.MARKETING or first) and "STOP" not in text else ""
