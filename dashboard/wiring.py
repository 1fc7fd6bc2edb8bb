"""How each kind of connection is wired up, step by step, in people's words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from dashboard.kind import AGGREGATORS, Kind
from dashboard.wiring_carriers import AGGREGATORS_WIRED, CARRIERS_WIRED

KINDS: Final[dict[str, Kind]] = {
    "shopify": Kind(
        "store",
        _("Orders, customers, refunds and parcels, as soon as they change in the shop."),
        _("Shop domain"),
        _("As Shopify names it. For your team: nothing is called there."),
        "northlight.myshopify.com",
        _("In Shopify, open Settings, Notifications, Webhooks. Create a webhook for each of the events below, in JSON, with this address."),
        _("Orders, fulfillments and refunds are what tracking needs. Others may come too; what we do not read is listed and left alone."),
        _("Shopify shows the secret below its list: “Your webhooks will be signed with …”. Enter it here."),
    ),
    "easypost": Kind(
        "truck",
        _("Scans and expected days of your parcels, from over a hundred carriers."),
        _("EasyPost account"),
        _("For your team, for example its email address."),
        "",
        _("In EasyPost, open Webhooks and add a webhook with this address."),
        _("EasyPost sends all its events. Those of trackers are read, the others are listed and left alone."),
        _("Enter our secret in the webhook’s field “Webhook secret”. It is shown once: make a new one if it is lost."),
        AGGREGATORS,
    ),
    **AGGREGATORS_WIRED,
    **CARRIERS_WIRED,
}
