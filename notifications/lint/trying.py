"""A design drawn for real orders: what stays empty, what fails, how long the subject and how big the email become."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from notifications import placeholders, render
from notifications.cases import Case, load
from notifications.designs.content import Content, Field
from notifications.designs.drawing import BadField, Ready, ready
from notifications.language import of_many
from notifications.lint import naming
from notifications.lint.finding import ERROR, WARNING, Finding
from notifications.lint.form import LONGEST_SUBJECT, PREHEADER, SUBJECT
from notifications.liquid import vocabulary
from notifications.liquid.sandbox import Allowance, BadLiquid, Text
from notifications.models import Message
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand
from tracking import overview, zones

MOST_BYTES = 100_000  # Gmail cuts at 102 kB
MOST_ORDERS = 200
FEW = 5  # orders: what is empty for fewer may be chance


def newest(*, parcels: bool) -> list[Order]:
    """The orders that a design is tried on."""
    orders = Order.objects.filter(cancelled_at=None, erased_at=None).select_related("customer").newest_first()
    return list((orders.filter(overview.has_parcel(Q(cancelled_at=None))) if parcels else orders)[:MOST_ORDERS])


def cases(orders: Iterable[Order], stream: str, brand: Brand, *, template: str, parcels: bool) -> list[Case]:
    """Messages about the orders, unsaved; about the newest parcel of each where the design speaks of parcels."""
    orders, now = list(orders), clock.business_now()
    tongues = of_many(orders, brand)
    made = [
        Message(template=template, stream=stream, order=one, to_address=one.email, locale=tongues[one.pk], due_at=now) for one in orders
    ]
    found = load(made)
    for case in found if parcels else ():
        standing = [one for one in case.shipments if one.cancelled_at is None]
        case.message.shipment_id = standing[-1].pk if standing else None
    return [case for case in found if case.shipment or not parcels]


class Trial:
    """What drawing a design for some cases came to, as an email or as a text message."""

    def __init__(self, content: Content, *, sms: bool = False) -> None:
        self.content, self.cases, self.sms = content, 0, sms
        self.bytes = self.subject = self.preheader = 0
        self.empty: Counter[Field] = Counter()
        self.why: dict[Field, str] = {}
        self.texts: dict[str, Text] = {}
        self.failed: dict[str, Finding] = {}
        self._strict: dict[str, Ready] = {}

    def draw(self, case: Case) -> None:
        """Once as it would be sent, once strictly."""
        language = render.language_of(case)
        with translation.override(language), timezone.override(zones.named(case.brand.time_zone)):
            self.cases += 1
            if self.sms:
                self._strictly(case, language)
                return
            try:
                drawn = render.drawn(case, ready(self.content, language), language)
            except BadField as error:
                fix = _("Mend the text.")
                self.failed[error.field.key] = Finding(ERROR, "liquid", error.said, fix, error.field.block, language)
                return
            self.bytes = max(self.bytes, len(drawn.html.encode()))
            self.subject, self.preheader = max(self.subject, len(drawn.subject)), max(self.preheader, len(drawn.preheader))
            self._strictly(case, language)

    def _strictly(self, case: Case, language: str) -> None:
        """Which texts print something that this order has not. What a parcel tells later is empty for those under way: never an error."""
        if language not in self._strict:
            self._strict[language] = ready(self.content, language, strict=True)
        names = vocabulary.plain(placeholders.context(case))
        for field, text in self._strict[language].texts.values():
            if (field.key == "sms") == self.sms and (said := _missing(text, names)):
                self.empty[field] += 1
                self.why.setdefault(field, said)
                self.texts.setdefault(field.key, text)

    def findings(self) -> Iterator[Finding]:
        """All of it in words."""
        yield from self.failed.values()
        for field, count in self.empty.items():
            always = count == self.cases and self.cases >= FEW and not naming.tells_of_parcel(self.texts[field.key])
            said = {"count": count, "cases": self.cases, "why": self.why[field]}
            text = _("Empty for %(count)s of the last %(cases)s orders. %(why)s") % said
            yield Finding(ERROR if always else WARNING, "unfilled", text, _("Give a default, or test it with `if`."), field.block)
        yield from self._lengths()

    def _lengths(self) -> Iterator[Finding]:
        if self.bytes > MOST_BYTES:
            text = _("It is %(kilobytes)s kB long; Gmail cuts off what is over 102 kB.") % {"kilobytes": self.bytes // 1000}
            yield Finding(ERROR, "size", text, _("Take blocks out, or shorten texts."))
        if self.subject > SUBJECT:
            severity = ERROR if self.subject > 2 * LONGEST_SUBJECT else WARNING
            text = _("For some orders the subject is %(length)s characters long.") % {"length": self.subject}
            yield Finding(severity, "subject", text, _("Phones show about %s. Say the main thing first.") % SUBJECT)
        if self.preheader > PREHEADER:
            text = _("For some orders the preview text is %(length)s characters long.") % {"length": self.preheader}
            yield Finding(WARNING, "preheader", text, _("About %s are seen.") % PREHEADER)


def _missing(text: Text, names: Mapping[str, Any]) -> str:
    try:
        text.write(names, Allowance())
    except BadLiquid as error:
        return str(error)
    return ""
