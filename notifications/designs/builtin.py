"""The built-in emails as designs: the same blocks and words, in every language, for a merchant to go on from.

The sentences are those of templates/email, so they are translated once for both; a test holds the two beside each other.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.designs.blocks import Block, Button, Divider, Footer, Header, Items, Summary, Text, Tracking
from notifications.designs.content import Content, fields
from notifications.models import Stream

NAME, NUMBER, PROMISE = "{{ order.first_name }}", "{{ order.number }}", "{{ promise_text }}"
CARRIER, REASON, SEEN = "{{ shipment.carrier_name }}", "{{ reason_text }}", "{{ last_seen_text }}"
PROOF = "{% if proof_text %} {{ proof_text }}{% endif %}"
PART: dict[str, Any] = {"n": "{{ shipment.position }}", "count": "{{ shipment.count }}"}


class Drawn(NamedTuple):
    """What differs from email to email: the rest is the same everywhere."""

    subject: str
    preheader: str
    blocks: list[Block]


def _when(test: str, then: str, otherwise: str = "") -> str:
    """Liquid that says the one or the other."""
    return f"{{% if {test} %}}{then}{f'{{% else %}}{otherwise}' if otherwise else ''}{{% endif %}}"


def _one_of(part: str, whole: str) -> str:
    return _when("shipment.count > 1", part, whole)


def _joined(*sentences: str) -> str:
    """Sentences with a space between; one in an `if` brings its own."""
    return " ".join(sentences).replace("{% endif %} ", " {% endif %}")


def _lead(title: str, text: str) -> Text:
    return Text(id="lead", title=title, text=text, size="big")


def _confirmation() -> Drawn:
    arrives, total = _when("promise_text", _("Arrives %(promise_text)s.") % {"promise_text": PROMISE}), "{{ order.total_text }}"
    lead = _joined(
        _("We have your order %(number)s.") % {"number": NUMBER},
        _when("promise_text", _("It arrives %(promise_text)s.") % {"promise_text": PROMISE}),
        _("We write again when it is on its way."),
    )
    return Drawn(
        _("Order %(number)s is confirmed") % {"number": NUMBER},
        _joined(arrives, _("Total %(total)s.") % {"total": total}),
        [
            _lead(_when("order.first_name", _("Thank you, %(name)s") % {"name": NAME}, _("Thank you")), lead),
            Tracking(id="tracking", stage="ordered", note=_("Ordered. Next: shipped.")),
            Button(id="button", label=_("Follow your order")),
            Summary(id="summary", title=_("Order %(number)s") % {"number": NUMBER}, address=True),
            Text(id="returns", text=_when("brand.return_policy_text", "{{ brand.return_policy_text }}")),
        ],
    )


def _shipped() -> Drawn:
    parcel = _("Parcel %(n)s of %(count)s is on its way") % PART
    alone = _when("order.first_name", _("Your parcel is on its way, %(name)s") % {"name": NAME}, _("Your parcel is on its way"))
    of_order = _("Parcel %(n)s of %(count)s of order %(number)s is on its way") % {**PART, "number": NUMBER}
    arrives = _when("promise_text", _("Arrives %(promise_text)s.") % {"promise_text": PROMISE})
    lead = _joined(
        _when("promise_text", _("It arrives %(promise_text)s.") % {"promise_text": PROMISE}),
        _when("shipment.count > 1", _("The others come separately; one page follows them all.")),
    )
    return Drawn(
        _one_of(of_order, _("Order %(number)s is on its way") % {"number": NUMBER}),
        _joined(arrives, f"{CARRIER} {{{{ shipment.number }}}}"),
        [
            _lead(_one_of(parcel, alone), lead),
            Tracking(id="tracking", stage="shipped", note=_("Shipped. Next: on the way.")),
            Button(id="button", label=_("Follow your parcel")),
            Items(id="items"),
        ],
    )


def _out_for_delivery() -> Drawn:
    title = _one_of(_("Parcel %(n)s of %(count)s comes today") % PART, _("Your parcel comes today"))
    window = _when("window_text", _("Expected %(window_text)s.") % {"window_text": "{{ window_text }}"})
    van = _joined(window, _("%(carrier)s has it in the van.") % {"carrier": CARRIER})
    blocks: list[Block] = [
        _lead(title, van),
        Tracking(id="tracking", stage="out", note=_("Out for delivery. Next: delivered.")),
        Button(id="button", label=_("Follow your parcel")),
        Items(id="items"),
    ]
    return Drawn(title, van, blocks)


def _delivered() -> Drawn:
    said = {"delivered_text": "{{ delivered_text }}", "where_text": "{{ where_text }}", "carrier": CARRIER}
    where = _when(
        "where_text",
        _("Delivered %(delivered_text)s by %(carrier)s, %(where_text)s.") % said,
        _("Delivered %(delivered_text)s by %(carrier)s.") % said,
    )
    short = _when("where_text", _("%(delivered_text)s, %(where_text)s.") % said, _("%(delivered_text)s.") % said)
    note = _when("all_delivered", _("Delivered. That was all of it."), _("Delivered. More of your order is still to come."))
    return Drawn(
        _one_of(_("Parcel %(n)s of %(count)s was delivered") % PART, _("Your parcel was delivered")),
        f"{short} {_('Not there? Tell us.')}",
        [
            _lead(
                _one_of(_("Parcel %(n)s of %(count)s is there") % PART, _("Your parcel is there")),
                f"{where}{PROOF} {_('Not there? Look with neighbours first, then tell us; we sort it out.')}",
            ),
            Tracking(id="tracking", stage="delivered", note=note),
            Button(id="button", label=_("See where it is")),
            Items(id="items"),
        ],
    )


def _delayed() -> Drawn:
    now = _when(
        "promise_missed",
        _("Later than promised: now %(promise_text)s") % {"promise_text": PROMISE},
        _("Later than expected: now %(promise_text)s") % {"promise_text": PROMISE},
    )
    lead = _joined(
        _when("promised_text", _("We said %(promised_text)s.") % {"promised_text": "{{ promised_text }}"}),
        _when("reason_text", REASON),
        _when("last_seen_text", _("Last seen: %(last_seen_text)s.") % {"last_seen_text": SEEN}),
        _("We are sorry. You need not do anything: we watch it and write when it moves."),
    )
    return Drawn(
        _when("promise_text", now, _("Order %(number)s is late") % {"number": NUMBER}),
        _joined(_when("reason_text", REASON), _("We watch it and write when it moves.")),
        [
            _lead(_when("promise_text", now, _("Your parcel is late")), lead),
            Button(id="button", label=_("See where it is")),
            Items(id="items"),
            Text(id="choice", text=_("Rather not wait? Answer this email and we look for another way.")),
        ],
    )


def _follow_up() -> Drawn:
    asks = _("Is everything as it should be?")
    help_first = _(
        "Your order has been with you for a few days. "
        "If something does not fit, is missing or broke, answer this email and we put it right."
    )
    guides = (
        '{% for guide in guides %}{% if guide.url != "" %}<a href="{{ guide.url }}">{{ guide.title }}</a>'
        "{% else %}<b>{{ guide.title }}</b>{% endif %}\n{{ guide.text }}\n{% endfor %}"
    )
    return Drawn(
        asks,
        _("If not, answer this email and we put it right."),
        [
            _lead(_when("order.first_name", _("Is everything as it should be, %(name)s?") % {"name": NAME}, asks), help_first),
            Items(id="items", title=_("Order %(number)s") % {"number": NUMBER}),
            Text(id="guides", title=_when("guides.size > 0", _("Good to know")), text=guides, size="small"),
        ],
    )


def _review_request() -> Drawn:
    asks = _("What do you think of it?")
    used = _(
        "By now you have used it. Say what is good and what is not; two sentences help the next person to choose, and us to make it better."
    )
    return Drawn(
        asks,
        _("Two sentences help the next person to choose."),
        [
            _lead(_when("order.first_name", _("What do you think of it, %(name)s?") % {"name": NAME}, asks), used),
            Button(id="button", label=_("Write a review"), url="{{ review_url }}"),
            Items(id="items", title=_("Order %(number)s") % {"number": NUMBER}),
        ],
    )


DRAWN: dict[str, Callable[[], Drawn]] = {
    "confirmation": _confirmation,
    "shipped": _shipped,
    "out_for_delivery": _out_for_delivery,
    "delivered": _delivered,
    "delayed": _delayed,
    "follow_up": _follow_up,
    "review_request": _review_request,
}
STREAMS = {name: Stream.MARKETING if name in ("follow_up", "review_request") else Stream.TRANSACTIONAL for name in DRAWN}


def content(base: str, language: str) -> Content:
    """A built-in email as a design whose main language is this one; with no such email, an empty page with a header and a footer."""
    main = _in(base, language)
    main.words = {one: _differing(main, _in(base, one)) for one, _name in settings.LANGUAGES if one != language}
    return main


def _in(base: str, language: str) -> Content:
    with override(language):
        drawn = DRAWN[base]() if base in DRAWN else Drawn("", "", [Text(id="text", size="big"), Divider(id="divider")])
    blocks = [Header(id="header"), *drawn.blocks, Footer(id="footer")]
    return Content(language=language, subject=drawn.subject, preheader=drawn.preheader, blocks=blocks)


def _differing(main: Content, other: Content) -> dict[str, str]:
    return {field.key: field.source for field, own in zip(fields(other), fields(main), strict=True) if field.source != own.source}
