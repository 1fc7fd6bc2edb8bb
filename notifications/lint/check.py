"""The check of one message: of a design, and of whatever a step of a flow names."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _
from msgspec.structs import replace

from notifications import ours, render, texts
from notifications.cases import Case
from notifications.designs.content import BadDesign, Content, read
from notifications.lint import form, naming, promotion, trying
from notifications.lint.dead import dead
from notifications.lint.desk import Desk
from notifications.lint.finding import ERROR, Finding
from notifications.models import Channel, Stream
from notifications.models.designs import key_of
from orders.models import Order


def template(name: str, stream: str, orders: Iterable[Order] | None = None, *, channel: str = Channel.EMAIL) -> list[Finding]:
    """What is wrong with the message that a step names: "shipped", or "design:<key>" (its live version). Errors forbid to publish the flow.

    `orders`: those that it is tried on; without them, the newest 200.
    """
    return at(Desk(stream, [name], orders), name, channel)


def at(desk: Desk, name: str, channel: str) -> list[Finding]:
    """The same with what several messages share read before."""
    key, sms = key_of(name), channel == Channel.SMS
    if not key:
        return list(_our_text(desk, name) if sms else _our_email(desk, name))
    design = desk.designs.get(key)
    if design is None or design.live is None:
        said = _("There is no design “%s”.") if design is None else _("The design “%s” was never published.")
        return [Finding(ERROR, "missing", said % key, _("Publish it first, or choose another message."))]
    try:
        content = read(design.live.content)
    except BadDesign as error:
        return [Finding(ERROR, "unreadable", str(error), _("Open the design and publish it again."))]
    return _text(desk, content) if sms else [*_email(desk, content), *dead(design)]


def check(content: Content, stream: str, orders: Iterable[Order] | None = None) -> list[Finding]:
    """What is wrong with a design if it goes out in that stream: errors first, then in the order of the blocks."""
    return _email(Desk(stream, orders=orders), content)


def _email(desk: Desk, content: Content) -> list[Finding]:
    return _sorted(content, [*form.faults(content, desk.stream, desk.brand), *_of_words(desk, content, trying.Trial(content))])


def _text(desk: Desk, content: Content) -> list[Finding]:
    """Of a design that goes out as a text message: of the words for that alone."""
    words = {language: {"sms": said["sms"]} for language, said in content.words.items() if "sms" in said}
    alone: Content = replace(content, subject="", preheader="", blocks=[], words=words)
    if not alone.sms.strip():
        fix = _("Write it in the design under “Subject and preview text”, or send an email.")
        return [Finding(ERROR, "no_text", _("The design says nothing as a text message."), fix)]
    return _sorted(alone, [*_of_words(desk, alone, trying.Trial(alone, sms=True))])


def _of_words(desk: Desk, content: Content, trial: trying.Trial) -> Iterator[Finding]:
    """What it says: names, advertising, and how that comes out for real orders."""
    unreadable = list(naming.unreadable(content))
    yield from unreadable
    if desk.stream == Stream.TRANSACTIONAL:
        yield from promotion.selling(content)
    if not any(one.rule == "liquid" for one in unreadable):
        for case in desk.cases("design", parcels=naming.of_parcel(content)):
            trial.draw(case)
        yield from trial.findings()


def _sorted(content: Content, found: list[Finding]) -> list[Finding]:
    place = {"": -1} | {block.id: at for at, block in enumerate(content.blocks)}
    return sorted(found, key=lambda one: (one.severity != ERROR, place.get(one.block, 0), one.rule, one.language, one.text))


def _our_email(desk: Desk, name: str) -> Iterator[Finding]:
    if name not in ours.STREAMS:
        yield Finding(ERROR, "missing", _("There is no email called “%s”.") % name, _("Choose one of the list."))
        return
    yield from _drawn(desk, name, render.render)
    yield from _asks(desk, name)
    yield from form.colours(desk.brand)


def _our_text(desk: Desk, name: str) -> Iterator[Finding]:
    if name not in ours.STREAMS or not texts.written(name):
        fix = _("Send it as an email, or choose a design that has a text message.")
        yield Finding(ERROR, "no_text", _("There is no text message for this."), fix)
        return
    yield from _drawn(desk, name, texts.render)
    yield from _asks(desk, name)


def _asks(desk: Desk, name: str) -> Iterator[Finding]:
    if desk.stream == Stream.TRANSACTIONAL and ours.STREAMS[name] == Stream.MARKETING:
        text = _("This message asks for something: it belongs to marketing, which needs consent.")
        fix = _("Choose “Marketing” under Kind at the start of the flow, or another message.")
        yield Finding(ERROR, "promotion", text, fix)


def _drawn(desk: Desk, name: str, draw: Callable[[Case], object]) -> Iterator[Finding]:
    for case in desk.cases(name, parcels=name in ours.OF_PARCEL):
        try:
            draw(case)
        except (LookupError, ValueError, AttributeError, TypeError) as error:
            yield Finding(ERROR, "drawing", _("It cannot be drawn: %s") % str(error)[:200], _("Tell us: this is our mistake."))
            return
