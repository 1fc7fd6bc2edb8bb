"""What the person behind a message is written to about: read for the preference page, and kept from it. Guards see it at once."""

from dataclasses import dataclass

from notifications import consent
from notifications.models import Consent, Message, Preference, Stream, Suppression
from notifications.optin import number_of
from orders.models import Order
from postpurchase.lib import clock

SOURCE = "preference page"


@dataclass(frozen=True)
class Wishes:
    """What they get. None: there is nothing to choose, because nobody asked them for text messages, or there is no order."""

    news: bool
    sms_news: bool | None
    sms_orders: bool | None
    late_only: bool | None
    locale: str  # '' for the order's own


@dataclass(frozen=True)
class Person:
    """Whom the link of a message stands for: its address, and the number of the order that it is about."""

    email: str
    number: str
    order: Order | None


def person_behind(message: Message) -> Person:
    """Scoped by the message: its merchant, its address, its order and no other."""
    order, mail = message.order, "@" in message.to_address
    number = (number_of(order.phone) if order else "") if mail else message.to_address
    return Person(message.to_address if mail else order.email if order else "", number, order)


def read(person: Person) -> Wishes:
    """As it stands now."""
    row = _row(person)
    asked = (
        set(Consent.objects.filter(address=person.number, channel=consent.SMS).values_list("purpose", flat=True)) if person.number else ()
    )
    return Wishes(
        news=_gets(person.email, consent.EMAIL, Stream.MARKETING),
        sms_news=_gets(person.number, consent.SMS, Stream.MARKETING) if Stream.MARKETING in asked else None,
        sms_orders=_gets(person.number, consent.SMS, Stream.TRANSACTIONAL) if Stream.TRANSACTIONAL in asked else None,
        late_only=person.order.pk in (row.late_only if row else ()) if person.order else None,
        locale=row.locale if row else "",
    )


def keep(person: Person, wanted: Wishes, proof: dict[str, str]) -> bool:
    """Make it so. Only what differs is written: what they said before stays as it was said. Whether they want less; safe to repeat."""
    now, less = read(person), False
    changed = (
        (person.email, consent.EMAIL, Stream.MARKETING, now.news, wanted.news),
        (person.number, consent.SMS, Stream.MARKETING, now.sms_news, wanted.sms_news),
        (person.number, consent.SMS, Stream.TRANSACTIONAL, now.sms_orders, wanted.sms_orders),
    )
    for address, channel, purpose, has, wants in changed:
        if has is not None and wants is not None and has != wants:
            act = consent.agree if wants else consent.refuse
            act(address, source=SOURCE, channel=channel, purpose=purpose, order=person.order, proof=proof)
            less = less or not wants
    if (wanted.locale, wanted.late_only) != (now.locale, now.late_only) and person.email:
        _write(person, wanted)
    return less


def _gets(address: str, channel: str, purpose: Stream) -> bool:
    out = consent.suppressed([address], channel=channel).get(address, set())
    return not out & {purpose, Suppression.ALL} and consent.consents([address.lower()], channel=channel, purpose=purpose).get(
        address.lower(), False
    )


def _row(person: Person) -> Preference | None:
    return Preference.objects.filter(address_hash=consent.address_hash(person.email)).first()


def _write(person: Person, wanted: Wishes) -> None:
    Preference.objects.get_or_create(address_hash=consent.address_hash(person.email))
    row = Preference.objects.select_for_update().get(address_hash=consent.address_hash(person.email))
    orders = set(row.late_only)
    if person.order and wanted.late_only is not None:
        orders = orders | {person.order.pk} if wanted.late_only else orders - {person.order.pk}
    row.locale, row.late_only, row.at = wanted.locale, sorted(orders), clock.business_now()
    row.save(update_fields=["locale", "late_only", "at"])
