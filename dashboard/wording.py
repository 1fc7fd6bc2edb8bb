"""What the dashboard says for the codes that rows carry. A code without a word is shown as it is: a new one must never break a page."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.models.designs import key_of
from postpurchase.ui import words

Words = dict[str, str | Promise]

# Why a message did not go out, or went as it did (guards, fact kinds that end a flow, results of a sender).
REASONS: Final[Words] = {
    "no_address": _("The order has no email address"),
    "test_order": _("A test order writes to your own team only"),
    "erased": _("The person asked to be forgotten"),
    "order_cancelled": _("The order was cancelled"),
    "flow_off": _("The flow is switched off"),
    "suppressed": _("The address bounced or complained before"),
    "unsubscribed": _("The shopper wants no marketing"),
    "no_consent": _("The shopper did not agree to marketing"),
    "only_if_late": _("The shopper wants to hear only if something is late"),
    "sending_paused": _("Your marketing is paused: see Messages, Rules"),
    "overtaken": _("The parcel is already further than this message says"),
    "arrived": _("The parcel has arrived or is about to"),
    "moved_again": _("The parcel moved again"),
    "not_delivered": _("Not everything is delivered"),
    "refunded": _("All money went back for the order"),
    "problem_open": _("A parcel of the order is in trouble"),
    "not_tomorrow": _("The parcel is not expected for tomorrow"),
    "shipped_already": _("Something of the order has left"),
    "nothing_to_ship": _("Nothing of the order is sent by parcel"),
    "in_time": _("The order is within the time you promised"),
    "imported": _("The order came in long after it was placed"),
    "ordered_since": _("The shopper ordered again"),
    "no_guide": _("Your brand has no guide"),
    "no_website": _("Your brand has no website"),
    "in_digest": _("Another message tells of it too"),
    "too_late": _("It would have come too late to be useful"),
    "flow_changed": _("The flow was published anew, and those inside it left"),
    "order.cancelled": _("The order was cancelled"),
    "order.refunded": _("Money went back for the order"),
    "order.refunded_whole": _("All money went back for the order"),
    "refused": _("The mail server refused it"),
    "later": _("The mail server kept putting it off"),
    "lost": _("The mail server did not answer"),
    "confirmed_by_hand": _("Somebody saw it arrive"),
    "held_by_hand": _("Somebody of your team holds it back"),
}

# A check before sending: what is so if it passed, what if it failed.
CHECKS: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "useful": (_("In time to be useful"), _("Too late to be useful")),
    "address": (_("There is an address"), _("There is no address")),
    "test": (_("Not a test order, or to the team"), _("A test order, and not to the team")),
    "order": (_("The order stands"), _("The order is gone")),
    "flow": (_("The flow is on"), _("The flow is off")),
    "suppression": (_("The address works, and is not opted out"), _("We may not write to this address")),
    "consent": (_("Consent, where it is needed"), _("No consent to marketing")),
    "wishes": (_("The shopper wants to hear of it"), _("The shopper wants to hear only if something is late")),
    "overtaken": (_("Still news: the parcel is not further"), _("The parcel is already further")),
    "not_delayed": (_("The parcel is still late"), _("The parcel is no longer late")),
    "not_delivered": (_("Everything is delivered"), _("Not everything is delivered")),
    "refunded": (_("Not all the money went back"), _("All money went back")),
    "problem_open": (_("No parcel is in trouble"), _("A parcel is in trouble")),
    "not_tomorrow": (_("Expected for tomorrow"), _("Not expected for tomorrow")),
    "shipped_already": (_("Nothing has left yet"), _("Something has left")),
    "in_time": (_("Later than you promised"), _("Within the time you promised")),
    "imported": (_("A new order, no import of history"), _("An order imported long after")),
    "ordered_since": (_("No other order since"), _("The shopper ordered again")),
    "no_guide": (_("Your brand has a guide"), _("Your brand has no guide")),
    "no_website": (_("Your brand has a website"), _("Your brand has no website")),
}

SUPPRESSED: Final[Words] = {
    "bounced": _("The address bounced"),
    "complained": _("They marked a message as spam"),
    "rejected": _("Mail servers refuse the address"),
    "unsubscribed": _("They unsubscribed"),
    "by_hand": _("Somebody of your team entered it"),
    "imported": _("It came with a list"),
    "erased": _("The person asked to be forgotten"),
}

FLAGS: Final[Words] = {
    "no_scan_after_label": _("The carrier has not scanned it since the label was made"),
    "stalled": _("No scan for too many working days"),
    "late_vs_promise": _("Later than was promised"),
    "late_vs_edd": _("Later than the carrier expected"),
    "repeated_attempts": _("Delivery has failed more than once"),
    "pickup_expiring": _("Nobody has collected it; it goes back soon"),
    "conflict": _("Later scans contradict its delivery"),
}
# How a flag is worn: the badge of the design system.
FLAG_BADGES: Final = {"late_vs_promise": "late", "late_vs_edd": "late", "repeated_attempts": "attempt_failed"}

PARTIES: Final[Words] = {
    "carrier": _("It is with the carrier to act."),
    "merchant": _("It is with you to act."),
    "shopper": _("It is with the shopper to act."),
    "recipient": _("It is with the shopper to act."),
    "customs": _("It is with customs."),
    "weather": _("Weather holds it up."),
}

SUBSTATUS: Final[Words] = {
    "front_door": _("at the door"),
    "letterbox": _("in the letterbox"),
    "neighbour": _("to a neighbour"),
    "collected": _("collected"),
    "signed": _("signed for"),
    "absent": _("nobody was there"),
    "closed": _("the place was closed"),
    "address": _("address not found"),
    "customs_hold": _("held by customs"),
    "payment_due": _("a payment is due"),
    "documents": _("documents are missing"),
    "refused": _("refused"),
    "unclaimed": _("not collected"),
    "moved": _("the shopper has moved"),
    "damaged": _("damaged"),
}

FIELDS: Final[Words] = {
    "shipping_address": _("where it goes"),
    "billing_address": _("the billing address"),
    "email": _("the email address"),
    "phone": _("the phone number"),
    "lines": _("the items"),
    "total": _("the total"),
    "items_total": _("the price of the items"),
    "discount_total": _("the discount"),
    "shipping_total": _("the shipping price"),
    "tax_total": _("the tax"),
    "financial_status": _("the payment"),
    "fulfilment_status": _("what is shipped"),
    "promised_from": _("the promised day"),
    "promised_to": _("the promised day"),
    "tags": _("the tags"),
}

WISHES: Final[Words] = {
    "instructions": _("A note for the courier"),
    "day": _("Another day"),
    "safe_place": _("A safe place"),
    "neighbour": _("A neighbour"),
    "pickup": _("A pick-up point"),
    "missing": _("It has not arrived"),
    "address": _("Another address"),
}

EVENTS: Final[Words] = {
    "order.placed": _("Order placed"),
    "order.changed": _("Order changed"),
    "order.cancelled": _("Order cancelled"),
    "order.refunded": _("Money refunded"),
    "order.refunded_whole": _("All money refunded"),
    "order.delivered": _("Everything delivered"),
    "shipment.created": _("Parcel handed to a carrier"),
    "shipment.moved": _("Parcel moved"),
    "shipment.estimate_changed": _("Expected day slipped"),
    "shipment.health_opened": _("Parcel in trouble"),
}

# What endpoints are told; where the flows' word for it fits, that one is taken.
HOOK_EVENTS: Final[Words] = {
    "order.asked": _("Shopper asks for something"),
    "shipment.moved": _("Parcel’s status changed"),
    "shipment.estimate_changed": _("Expected day changed"),
    "shipment.health_resolved": _("Parcel’s trouble over"),
    "message.sent": _("Message sent"),
    "message.in_doubt": _("Message in doubt"),
    "message.failed": _("Message failed"),
    "webhook.test": _("Test event"),
}

TEMPLATES: Final[Words] = {
    "confirmation": _("Order confirmation"),
    "shipped": _("Shipped"),
    "out_for_delivery": _("Out for delivery"),
    "delivered": _("Delivered"),
    "delayed": _("Delayed"),
    "follow_up": _("Follow-up"),
    "review_request": _("Review request"),
    "review_reminder": _("Review reminder"),
    "payment_pending": _("Waiting for payment"),
    "on_hold": _("Order is checked"),
    "backordered": _("Out of stock"),
    "processing_late": _("Not shipped yet"),
    "first_scan": _("First scan"),
    "arriving_tomorrow": _("Arriving tomorrow"),
    "ready_to_collect": _("Ready to collect"),
    "collect_reminder": _("Collect it: reminder"),
    "collect_last": _("Collect it: last call"),
    "attempt_failed": _("Delivery attempt failed"),
    "returning": _("Back to the sender"),
    "refunded": _("Refund"),
    "how_to": _("First use"),
    "refill": _("Refill"),
    "win_back": _("Win back"),
    "access_code": _("Access code"),
    "confirm_consent": _("Consent to confirm"),
    "tracking_link": _("Tracking link"),
}
ICONS: Final = {
    "confirmation": "store",
    "shipped": "package",
    "out_for_delivery": "truck",
    "delivered": "package-check",
    "delayed": "clock",
    "follow_up": "heart",
    "review_request": "star",
    "review_reminder": "star",
    "payment_pending": "lock",
    "on_hold": "shield-check",
    "backordered": "store",
    "processing_late": "hourglass",
    "first_scan": "truck",
    "arriving_tomorrow": "calendar-clock",
    "ready_to_collect": "map-pin",
    "collect_reminder": "map-pin",
    "collect_last": "bell",
    "attempt_failed": "package-x",
    "returning": "rotate-ccw",
    "refunded": "refresh-cw",
    "how_to": "circle-help",
    "refill": "plus",
    "win_back": "gift",
}


def plain(words: Words, code: str) -> str:
    """The word for a code; the code itself, spelled out, where there is none."""
    return str(words.get(code) or code.replace("_", " ").replace(".", " ").capitalize())


def hook_event(kind: str) -> str:
    """What an event is called where endpoints are told of it."""
    return str(HOOK_EVENTS.get(kind) or plain(EVENTS, kind))


def reason(code: str) -> str:
    """Why, as a sentence without full stop; '' for no reason."""
    if code.startswith("template:"):
        return str(_("The template could not be drawn: %s") % code.removeprefix("template:").strip())
    return plain(REASONS, code) if code else ""


def template(name: str) -> str:
    """What a message is called: the flow's usual name for its template."""
    design = key_of(name)
    return gettext("Design “%s”") % design if design else plain(TEMPLATES, name)


def substatus(code: str) -> str:
    """The particulars of a status, in the middle of a sentence; '' for none."""
    return words.inside(plain(SUBSTATUS, code.partition(".")[2] or code)) if code else ""
