"""Northlight is founded: merchant, brand, team, keys and connections of the demo store."""

from dataclasses import dataclass

from integrations.models import Connection
from integrations.opening import open_merchant
from notifications.library import install
from postpurchase.lib.ids import random_token, to_public
from postpurchase.tenancy import keys
from postpurchase.tenancy.models import Membership, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant

BRAND = {
    "accent": "#1f6b50",
    "surface": "#f9f8f4",
    "time_zone": "Europe/Stockholm",
    "website": "https://northlight.example",
    "support_email": "help@northlight.example",
    "support_phone": "+46 31 555 01 00",
    "support_url": "https://northlight.example/contact",
    "postal_address": "Northlight AB, Södra Hamngatan 7, 411 14 Gothenburg, Sweden",
    "return_policy": "You can return anything within 60 days. We pay the way back.",
    "return_policy_url": "https://northlight.example/returns",
    "review_url": "https://northlight.example/reviews",
    "guide_title": "Care for your gear",
    "guide_text": "Wash shells at 30 °C and dry them warm: that brings the water back off. Wool likes air more than soap.",
    "guide_url": "https://northlight.example/care",
    "handling_days": 1,
    "transit_days_min": 2,
    "transit_days_max": 6,
}
TEAM = (("maja@northlight.example", "Maja Lindqvist", Role.OWNER), ("sam@northlight.example", "Sam Okafor", Role.AGENT))


@dataclass(frozen=True)
class Shop:
    """The store, and the secrets that are shown once."""

    merchant: Merchant
    api_connection: Connection
    shopify: Connection
    easypost: Connection
    password: str
    api_key: str


def found(slug: str = "northlight", *, team: bool = True) -> Shop:
    """Make the store, its team with one random password, a live API key, and a Shopify and an EasyPost connection."""
    merchant = open_merchant("Northlight", slug, **BRAND)
    password = random_token(80)
    with in_merchant(merchant):
        install()
        for email, name, role in TEAM if team else ():
            Membership.objects.create(user=User.objects.create_user(email, password, name=name), role=role)
        api_key = keys.make("Demo", live=True)[1]
        shopify = connect("shopify", "Northlight on Shopify", "northlight.example")
        easypost = connect("easypost", "EasyPost", "")
        api = Connection.objects.get(kind=Connection.API)
    return Shop(merchant, api, shopify, easypost, password, api_key)


def connect(kind: str, label: str, account: str) -> Connection:
    """A connection with a secret of its own. Call it in the merchant's scope."""
    row = Connection(kind=kind, label=label, account=account)
    row.set_secret(random_token(192))
    row.save()
    return row


def welcome(shop: Shop, tracking_paths: dict[str, str]) -> list[dict[str, str]]:
    """What the demo prints: {label, value}; {base_url} stands for its address."""
    slug = shop.merchant.slug
    return [
        {"label": "Dashboard", "value": f"{{base_url}}/m/{slug}/"},
        {"label": "Log in as", "value": f"{TEAM[0][0]} / {shop.password}"},
        {"label": "Find an order", "value": f"{{base_url}}/s/{slug}/"},
        *({"label": f"Tracking page, {name}", "value": f"{{base_url}}{path}"} for name, path in tracking_paths.items()),
        {"label": "API", "value": "{base_url}/api/v1/docs"},
        {"label": "API key", "value": shop.api_key},
        {"label": "Shopify webhooks", "value": f"{{base_url}}/in/{to_public('con', shop.shopify.pk)}"},
        {"label": "EasyPost webhooks", "value": f"{{base_url}}/in/{to_public('con', shop.easypost.pk)}"},
    ]
