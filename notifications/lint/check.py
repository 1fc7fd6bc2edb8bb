"""The whole check: of a design, and of whatever a step of a flow names."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from notifications import render
from notifications.cases import Case
from notifications.designs import builtin
from notifications.designs.content import BadDesign, Content, read
from notifications.lint import form, naming, promotion, trying
from notifications.lint.dead import dead
from notifications.lint.finding import ERROR, Finding
from notifications.models import EmailDesign, Stream
from notifications.models.designs import key_of
from orders.models import Order
from postpurchase.tenancy.models import Brand

PLAIN = frozenset({*builtin.DRAWN, "tracking_link"})  # the built-in emails that a step may send


def template(name: str, stream: str, orders: Iterable[Order] | None = None) -> list[Finding]:
    """What is wrong with the email that a step names: "shipped", or "design:<key>" (its live version). Errors forbid to publish the flow.

    `orders`: those that it is tried on; without them, the newest 200.
    """
    key = key_of(name)
    if not key:
        return _built_in(name, stream, orders)
    design = EmailDesign.objects.select_related("live").filter(key=key).first()
    if design is None or design.live is None:
        said = _("There is no design “%s”.") if design is None else _("The design “%s” was never published.")
        return [Finding(ERROR, "missing", said % key, _("Publish it first, or choose another email."))]
    try:
        return [*check(read(design.live.content), stream, orders), *dead(design)]
    except BadDesign as error:
        return [Finding(ERROR, "unreadable", str(error), _("Open the design and publish it again."))]


def check(content: Content, stream: str, orders: Iterable[Order] | None = None) -> list[Finding]:
    """What is wrong with a design if it goes out in that stream: errors first, then in the order of the blocks."""
    brand, parcels = Brand.objects.order_by("id")[0], naming.of_parcel(content)
    found = [*form.faults(content, stream, brand), *naming.unreadable(content)]
    if stream == Stream.TRANSACTIONAL:
        found += promotion.selling(content)
    if not any(one.rule == "liquid" for one in found):
        trial = trying.Trial(content)
        tried = orders if orders is not None else trying.newest(parcels=parcels)
        for case in trying.cases(tried, stream, brand, template="design", parcels=parcels):
            trial.draw(case)
        found += trial.findings()
    place = {"": -1} | {block.id: at for at, block in enumerate(content.blocks)}
    return sorted(found, key=lambda one: (one.severity != ERROR, place.get(one.block, 0), one.rule, one.language, one.text))


def _built_in(name: str, stream: str, orders: Iterable[Order] | None) -> list[Finding]:
    if name not in PLAIN:
        text = _("There is no email called “%s”.") % name
        return [Finding(ERROR, "missing", text, _("Choose one of the list."))]
    brand = Brand.objects.order_by("id")[0]
    found = list(form.colours(brand))
    if stream == Stream.TRANSACTIONAL and builtin.STREAMS.get(name) == Stream.MARKETING:
        text = _("This email asks for something: it belongs to news and requests, which need consent.")
        found.append(Finding(ERROR, "promotion", text, _("Send it in a flow for news and requests.")))
    parcels = name in ("shipped", "out_for_delivery", "delivered", "delayed")
    tried = orders if orders is not None else trying.newest(parcels=parcels)
    for case in trying.cases(tried, stream, brand, template=name, parcels=parcels):
        if failed := _fails(case):
            return [Finding(ERROR, "drawing", _("It cannot be drawn: %s") % failed, _("Tell us: this is our mistake.")), *found]
    return found


def _fails(case: Case) -> str:
    try:
        render.render(case)
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        return str(error)[:200]
    return ""
