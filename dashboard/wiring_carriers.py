"""How aggregators and carriers are wired up, step by step, in people's words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.kind import AGGREGATORS, CARRIERS, Kind

ACCOUNT = _("Account")
ACCOUNT_HINT = _("For your team, for example its email address or customer number.")
MANY = _("Scans and expected days of your parcels, from many carriers.")
ONE = _("Scans of the parcels that this carrier has, from the carrier itself.")
ALL_READ = _("Every call carries the parcel’s whole history. All of it is read; what is known already changes nothing.")
OURS_AS_HEADER = _(
    "Let each call carry our secret: as the header X-Webhook-Secret, as a bearer token, or, where neither can be set, at the end of the "
    "address: ?secret=… It is shown once: make a new one if it is lost."
)
PUSH = _("In the carrier’s developer portal, register this address for tracking events (webhook or push), for all your accounts.")


def _aggregator(address: str | Promise, topics: str | Promise, secret: str | Promise) -> Kind:
    return Kind("truck", MANY, ACCOUNT, ACCOUNT_HINT, "", address, topics, secret, AGGREGATORS)


def _carrier(address: str | Promise = PUSH, secret: str | Promise = OURS_AS_HEADER) -> Kind:
    return Kind("truck", ONE, ACCOUNT, ACCOUNT_HINT, "", address, ALL_READ, secret, CARRIERS)


AGGREGATORS_WIRED: Final[dict[str, Kind]] = {
    "aftership": _aggregator(
        _("In AfterShip, open Tracking, Notifications, Webhooks, and add this address."),
        _("Choose tracking updates and revised delivery dates."),
        _("AfterShip shows the webhook secret on the same page. Enter it here."),
    ),
    "trackingmore": _aggregator(
        _("In TrackingMore, open Developer, Webhook, and add this address. Tell it to nobody else: it is half of the proof."),
        ALL_READ,
        _("Enter your TrackingMore API key: its calls are signed with it. For webhooks of version 2 it is the account’s email address."),
    ),
    "17track": _aggregator(
        _("In the 17TRACK API console, open Settings, WebHook, and enter this address."),
        _("Updates are read. That tracking has stopped says nothing of the parcel."),
        _("Enter the security key of your 17TRACK API: its calls are signed with it."),
    ),
    "shippo": _aggregator(
        _("In Shippo, open Settings, API, Webhooks, and add this address once for the event below."),
        _("The event there is called track_updated. Add it once only: every entry sends each update again."),
        _(
            "If Shippo signs for your account, give them our secret. If not, end the address with ?secret= and our secret. "
            "It is shown once: make a new one if it is lost."
        ),
    ),
    "shipengine": _aggregator(
        _("In ShipEngine or ShipStation, open API management, Webhooks, and add this address."),
        _("Choose tracking events. Others are listed and left alone."),
        _(
            "Paste the key set that ShipEngine publishes at api.shipengine.com/jwks. Or set a custom header X-Webhook-Secret there, and "
            "enter its value here."
        ),
    ),
}
CARRIERS_WIRED: Final[dict[str, Kind]] = {
    "custom": Kind(
        "code",
        _("Scans of any carrier, 3PL or warehouse: JSON or tables, read as you say. By calls, by files, or by asking them."),
        _("Their name"),
        ACCOUNT_HINT,
        "",
        _("Give them this address: they post JSON, or a table, there. You can also load up their files, or have them asked."),
        _("Open “How it is read” and paste a call of theirs: you choose where things stand in it, and see the scans."),
        _(
            "Let each call carry our secret as the header X-Webhook-Secret, as a bearer token, or as ?secret=… at the end of the address. "
            "Or sign the body with it: HMAC-SHA256 in X-Webhook-Signature. It is shown once: make a new one if it is lost."
        ),
        CARRIERS,
    ),
    "ups": _carrier(
        _("Subscribe your tracking numbers with UPS Track Alert, with this address as the destination."),
        _("Give our secret as the credential of the subscription. It is shown once: make a new one if it is lost."),
    ),
    "fedex": _carrier(
        _("In the FedEx Developer Portal, create a webhook project (Advanced Integrated Visibility) with this address."),
        _("Enter our secret there as the security token: FedEx signs with it. It is shown once: make a new one if it is lost."),
    ),
    "usps": _carrier(_("Subscribe to tracking at developer.usps.com (Subscriptions, Tracking), with this address as the listener.")),
    "dhl": _carrier(_("At developer.dhl.com, subscribe to Shipment Tracking Unified Push with this address.")),
    "dpd": _carrier(),
    "gls": _carrier(),
    "royal_mail": _carrier(),
    "canada_post": _carrier(),
    "australia_post": _carrier(),
    "la_poste": _carrier(),
    "postnl": _carrier(),
    "correios": _carrier(),
}
