"""What can be seen on the design itself: alternatives, addresses, what is empty, what cannot be read."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from notifications.designs.blocks import Block, Button, Coupon, Footer, Image, Recommendations, Text
from notifications.designs.content import Content, Field, fields, of_block, said
from notifications.designs.links import fault_of, within
from notifications.lint.finding import ERROR, WARNING, Finding
from notifications.models import Stream
from postpurchase.tenancy.models import Brand
from postpurchase.ui.colour import contrast

SUBJECT, LONGEST_SUBJECT, PREHEADER = 60, 78, 140  # characters: seen on a phone, seen at all, seen beside it
INK, QUIET = "#26221e", "#5c564f"  # templates/email/styles.css


def faults(content: Content, stream: str, brand: Brand) -> Iterator[Finding]:
    """Everything that needs no order to be seen."""
    if not any(isinstance(one, Footer) for one in content.blocks):
        yield _no_footer(stream)
    yield from _empty(content)
    for block in content.blocks:
        yield from _of_block(block)
    for language in (content.language, *sorted(content.words)):
        for field in fields(content):
            if language == content.language or field.key in content.words[language]:
                yield from _addresses(field, said(content, field, language), "" if language == content.language else language)
    yield from colours(brand)


def _no_footer(stream: str) -> Finding:
    if stream == Stream.MARKETING:
        text = _("There is no way to unsubscribe: the link stands in the footer, and there is none.")
        return Finding(ERROR, "unsubscribe", text, _("Add a footer."))
    return Finding(WARNING, "footer", _("It does not say who wrote it and why."), _("Add a footer."))


def _empty(content: Content) -> Iterator[Finding]:
    if not content.subject.strip():
        yield Finding(ERROR, "subject", _("It has no subject."), _("Write one: what happened, in under %s characters.") % SUBJECT)
    if not content.preheader.strip():
        fix = _("Write what a phone shows beside the subject, else it shows the first words of the email.")
        yield Finding(WARNING, "preheader", _("It has no preview text."), fix)
    if not any(isinstance(one, Text) and (one.title or one.text) for one in content.blocks):
        yield Finding(WARNING, "empty", _("It says nothing of its own."), _("Add a text."))


def _of_block(block: Block) -> Iterator[Finding]:
    if isinstance(block, Image):
        if not block.image.strip():
            yield Finding(ERROR, "empty", _("The picture has no address."), _("Give its https address, or take the block out."), block.id)
        elif not block.alt.strip():
            fix = _("Say in a few words what it shows: many people and programs do not see pictures.")
            yield Finding(ERROR, "alt", _("The picture has no description."), fix, block.id)
    elif isinstance(block, Button):
        if not block.label.strip() or not block.url.strip():
            yield Finding(ERROR, "empty", _("The button lacks its words or its address."), _("Give it both, or take it out."), block.id)
    elif isinstance(block, Coupon) and not block.code.strip():
        yield Finding(ERROR, "empty", _("The coupon has no code."), _("Give the code, or take the block out."), block.id)
    elif isinstance(block, Recommendations) and not any(one.title.strip() for one in block.products):
        yield Finding(WARNING, "empty", _("No product is recommended."), _("Add one, or take the block out."), block.id)
    elif isinstance(block, Text) and not any(field.source.strip() for field in of_block(block)):
        yield Finding(WARNING, "empty", _("The text is empty."), _("Write it, or take the block out."), block.id)


def _addresses(field: Field, source: str, language: str) -> Iterator[Finding]:
    for url in within(field, source):
        if "{{" not in url and "{%" not in url and (fault := fault_of(url)):
            severe, text = fault
            fix = _("Give a whole address that begins with https://, or mailto: for an email.")
            yield Finding(ERROR if severe else WARNING, "link", text % {"url": url[:80] or _("(nothing)")}, fix, field.block, language)


def colours(brand: Brand) -> Iterator[Finding]:
    """Text of every email stands on the brand's background; buttons keep themselves readable (ui/colour.py)."""
    worst = min(contrast(ink, brand.surface) for ink in (INK, QUIET))
    if worst < 4.5:
        text = _("Text on your brand’s background %(colour)s has a contrast of %(ratio)s; 4.5 is the least.")
        fix = _("Choose a paler background under Settings, Brand.")
        yield Finding(ERROR, "contrast", text % {"colour": brand.surface, "ratio": f"{worst:.1f}"}, fix)
    elif contrast(brand.accent, brand.surface) < 1.6:
        text = _("Buttons can hardly be told from the background: %(one)s on %(other)s.")
        fix = _("Choose a stronger colour under Settings, Brand.")
        yield Finding(WARNING, "contrast", text % {"one": brand.accent, "other": brand.surface}, fix)
