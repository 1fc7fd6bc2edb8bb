"""Customers, addresses, consent and privacy requests in Shopify's words."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from integrations.registry import Unreadable
from integrations.shops.shopify.values import Raw, id_of, need, text, when
from integrations.types import AddressData, ConsentData, ConsentTold, CustomerData, Item, PrivacyRequest, ShopClosed

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
COUNTRY = re.compile(r"[A-Z]{2}")


def email(raw: Raw, *keys: str) -> str:
    """The first key that holds an email address."""
    found = (text(raw, key, most=254) for key in keys)
    return next((value for value in found if EMAIL.fullmatch(value)), "")


def country(raw: Raw) -> str:
    """The two letters of a country, or "" where there are none."""
    code = text(raw, "country_code").upper()
    return code if COUNTRY.fullmatch(code) else ""


def address(raw: Raw | None) -> AddressData | None:
    """A postal address; None where the shop has none."""
    if not raw:
        return None
    return AddressData(
        name=text(raw, "name") or f"{text(raw, 'first_name', most=59)} {text(raw, 'last_name', most=60)}".strip(),
        company=text(raw, "company"),
        line1=text(raw, "address1", most=500),
        line2=text(raw, "address2", most=500),
        city=text(raw, "city"),
        region=text(raw, "province", "province_code"),
        postcode=text(raw, "zip", most=20),
        country=country(raw),
        phone=text(raw, "phone", most=40),
    )


def customer(raw: Raw | None, locale: str = "") -> CustomerData | None:
    """A customer; None for a guest."""
    if not raw:
        return None
    return CustomerData(
        external_id=id_of(raw),
        email=email(raw, "email"),
        phone=text(raw, "phone", most=40),
        first_name=text(raw, "first_name"),
        last_name=text(raw, "last_name"),
        locale=locale,
    )


def known_customer(raw: Raw) -> list[Item]:
    """A customer told on its own, and what they said about marketing; no customer without an email, as nothing of ours would find them
    again. Raises Unreadable without an id.
    """
    need(id_of(raw), "id of the customer")
    found = customer(raw)
    return [*([found] if found and found.email else []), *_told(raw)]


def changed_mind(raw: Raw) -> list[Item]:
    """What a customer said about marketing, told on its own: of mail under `customer_id`, of texts under `id`. Raises Unreadable."""
    need(text(raw, "customer_id") or id_of(raw), "id of the customer")
    return [*_told({**raw, "id": raw.get("customer_id") or raw.get("id"), "email": raw.get("email_address")})]


def _told(raw: Raw) -> Iterator[ConsentTold]:
    """Each channel by itself, as each has a date of its own."""
    address, phone = email(raw, "email"), text(raw, "phone", most=40)
    mail, texts = _said(raw, "email_marketing_consent"), _said(raw, "sms_marketing_consent")
    if mail and address:
        said = ConsentData(marketing_email=mail.given, at=mail.at, source="shopify", confirmed=mail.confirmed)
        yield ConsentTold(said, id_of(raw), email=address, country=country(raw.get("default_address") or {}))
    if texts and phone:
        yield ConsentTold(ConsentData(None, at=texts.at, source="shopify", marketing_sms=texts.given), id_of(raw), phone=phone)


def consent(raw: Raw, placed_at: datetime) -> ConsentData | None:
    """What was said about marketing: a dated word of the customer, or the box ticked at this checkout. An unticked box says nothing."""
    person = raw.get("customer") or {}
    mail, texts = _said(person, "email_marketing_consent"), _said(person, "sms_marketing_consent")
    ticked = raw.get("buyer_accepts_marketing") is True
    sms = texts.given if texts else None
    if mail:
        return ConsentData(marketing_email=mail.given, at=mail.at, source="shopify", marketing_sms=sms, confirmed=mail.confirmed)
    if texts:
        return ConsentData(marketing_email=ticked or None, at=texts.at, source="shopify", marketing_sms=sms)
    return ConsentData(marketing_email=True, at=placed_at, source="shopify checkout") if ticked else None


class _Said(NamedTuple):
    given: bool
    at: datetime
    confirmed: bool  # by mail


def _said(person: Raw, name: str) -> _Said | None:
    """A dated word of the customer; None where there is none."""
    word = person.get(name) or {}
    at = when(word, "consent_updated_at")
    if at is None or word.get("state") not in ("subscribed", "unsubscribed"):
        return None
    return _Said(word["state"] == "subscribed", at, word.get("opt_in_level") == "confirmed_opt_in")


def privacy(kind: str, orders: str, raw: Raw) -> PrivacyRequest:
    """A person's request that the shop passes on; `orders` names the list of order ids in it. Raises Unreadable."""
    person = raw.get("customer")
    if not isinstance(person, dict):
        raise Unreadable("customer is missing")
    ids = [str(value) for value in raw.get(orders) or []]
    return PrivacyRequest(kind=kind, email=email(person, "email"), phone=text(person, "phone", most=40), order_external_ids=ids)


def closed(kind: str, domain: str, raw: Raw) -> ShopClosed:
    """The shop is closing its door to us. `domain` names the field that every such body has; raises Unreadable without it."""
    if domain not in raw:
        need("", domain)
    return ShopClosed(kind=kind)
