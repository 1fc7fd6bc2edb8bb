"""What was agreed to at checkout: kept with its proof, and confirmed by mail first where the country or the merchant asks for it."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from notifications import consent, direct, rules
from notifications.models import Consent, Stream
from notifications.placeholders import CONFIRM
from orders.models import Order
from postpurchase.lib import clock

FRESH = timedelta(days=2)  # an order older than this came with an import or a first look into a shop: nobody waits for a mail
ASKED = timedelta(days=90)  # within which nobody is asked twice
LASTS = timedelta(days=7)  # of the link to confirm
VOUCHED = ("import",)  # sources for which the merchant vouches
FOREIGN = re.compile(r"(?:\+|00)[1-9]\d{6,14}")


def from_orders(orders: Iterable[Order]) -> None:
    """Keep what the shoppers agreed to at checkout, by email and by text message: in one statement, but for those who are asked to
    confirm it, where that is needed.
    """
    plain: list[Consent] = []
    for order in orders:
        said = order.marketing_consent
        if said and order.email and said["marketing_email"] is not None:
            if _must_confirm(said, order):
                Consent.objects.bulk_create(plain)  # what the same person said with an order before counts
                plain = []
                _ask(order, _about(said, order))
            else:
                plain.append(consent.said(order.email, given=said["marketing_email"], **_about(said, order)))
        plain += _by_text(said, order) if said else []
    Consent.objects.bulk_create(plain)


def _by_text(said: dict[str, Any], order: Order) -> list[Consent]:
    number = number_of(order.phone)
    if not number:
        return []
    asked = (("marketing_sms", Stream.MARKETING), ("order_sms", Stream.TRANSACTIONAL))
    return [
        consent.said(number, given=said[name], channel=consent.SMS, purpose=purpose, **_about(said, order))
        for name, purpose in asked
        if said.get(name) is not None
    ]


def _about(said: dict[str, Any], order: Order) -> dict[str, Any]:
    proof = {name: said[name] for name in ("ip", "user_agent", "page") if said.get(name)}
    return {
        "at": datetime.fromisoformat(said["at"]), "source": said.get("source", "checkout"), "text": said.get("text", ""), "order": order,
        "text_version": said.get("text_version", ""), "proof": proof or None,
    }  # fmt: skip


def _confirmed(said: dict[str, Any]) -> bool:
    return bool(said.get("confirmed")) or said.get("source") in VOUCHED


def number_of(phone: str) -> str:
    """With its country's code, as +4917012345; '' for a number that does not say its country: nobody could find it again."""
    plain = re.sub(r"[\s()./-]", "", phone)
    return "+" + plain.removeprefix("+").removeprefix("00") if FOREIGN.fullmatch(plain) else ""


def _must_confirm(said: dict[str, Any], order: Order) -> bool:
    return bool(said["marketing_email"]) and not _confirmed(said) and rules.must_confirm(rules.current(), order.ship_country)


def _ask(order: Order, about: dict[str, Any]) -> None:
    if consent.consents([order.email]).get(order.email) is not True:  # who has confirmed once need not again
        asked = _asked(order.email)
        consent.record(order.email, given=True, pending=True, **about)
        if not asked and not order.test and order.placed_at > clock.business_now() - FRESH:
            direct.write(CONFIRM, order, dedupe="checkout", expires_in=LASTS)


def _asked(address: str) -> bool:
    """Whether a mail to confirm may still be lying in their mailbox, unanswered."""
    return Consent.objects.filter(
        address=address.lower(), channel=consent.EMAIL, pending=True, at__gt=clock.business_now() - ASKED
    ).exists()


def confirm(order: Order, *, proof: dict[str, str]) -> bool:
    """The shopper confirms what they ticked. False where nothing waits for it: it was withdrawn since, or never said. Safe to repeat."""
    said = Consent.objects.filter(address=order.email.lower(), channel=consent.EMAIL, purpose=Stream.MARKETING)
    last = said.order_by("-at", "-id").first()
    if last is None or not last.given:
        return False
    if last.pending:
        told: dict[str, Any] = {"text": last.text, "text_version": last.text_version, "order": order, "proof": proof}
        consent.agree(order.email, source="confirmed by mail", **told)
    return True
