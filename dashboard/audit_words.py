"""The audit log in people's words: its acts, its fields, and how values are said."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

Word = str | Promise
ACTS: dict[str, Word] = {
    "shop.opened": lazy("Opened the shop"),
    "shop.closed": lazy("Closed the shop"),
    "settings.changed": lazy("Changed the settings"),
    "brand.changed": lazy("Changed the look"),
    "brand.read": lazy("Had the shop’s site read"),
    "brand.taken": lazy("Took over what the site says of its look"),
    "chat.kept": lazy("Connected the team’s chat"),
    "chat.removed": lazy("Disconnected the team’s chat"),
    "flow.switched": lazy("Switched a flow"),
    "flow.tested": lazy("Sent a test of a flow"),
    "page.changed": lazy("Changed the draft of the tracking page"),
    "page.published": lazy("Published the tracking page"),
    "page.restored": lazy("Went back to an older version of the tracking page"),
    "wish.settled": lazy("Answered a shopper’s request"),
    "design.begun": lazy("Began a design"),
    "design.changed": lazy("Changed a design"),
    "design.tested": lazy("Sent a test of a design"),
    "design.published": lazy("Published a design"),
    "design.restored": lazy("Went back to an older version of a design"),
    "flow.made": lazy("Made a flow"),
    "flow.drafted": lazy("Worked at the draft of a flow"),
    "flow.discarded": lazy("Discarded the draft of a flow"),
    "flow.published": lazy("Published a flow"),
    "flow.rolled_back": lazy("Went back to an older version of a flow"),
    "message.again": lazy("Had a message sent again"),
    "message.arrived": lazy("Noted that a message arrived"),
    "message.held": lazy("Held a message back"),
    "message.released": lazy("Released a message"),
    "rules.changed": lazy("Changed the rules of writing"),
    "sending.resumed": lazy("Let marketing go on"),
    "suppression.added": lazy("Added addresses that are not written to"),
    "suppression.lifted": lazy("Lifted an address that was not written to"),
    "order.written": lazy("Wrote to a shopper"),
    "order.sampled": lazy("Made a test order"),
    "import.uploaded": lazy("Uploaded a file"),
    "import.started": lazy("Started an import"),
    "import.cancelled": lazy("Cancelled an import"),
    "export.asked": lazy("Asked for an export"),
    "export.downloaded": lazy("Downloaded an export"),
    "team.invited": lazy("Invited somebody"),
    "team.invited_again": lazy("Sent an invitation again"),
    "team.withdrawn": lazy("Withdrew an invitation"),
    "team.joined": lazy("Joined the team"),
    "team.role_changed": lazy("Changed a role"),
    "team.removed": lazy("Took somebody off the team"),
    "team.left": lazy("Left the team"),
    "team.factor_rule": lazy("Changed the rule of second factors"),
    "person.password_changed": lazy("Changed their password"),
    "person.factor_added": lazy("Set up codes by app"),
    "person.factor_removed": lazy("Switched off codes by app"),
    "person.passkey_added": lazy("Added a passkey"),
    "person.passkey_removed": lazy("Removed a passkey"),
    "person.codes_renewed": lazy("Made new recovery codes"),
    "key.made": lazy("Made an API key"),
    "key.rotated": lazy("Replaced an API key"),
    "key.revoked": lazy("Revoked an API key"),
    "code.given": lazy("Gave a carrier’s code a meaning"),
    "connection.added": lazy("Added a connection"),
    "connection.switched": lazy("Paused or resumed a connection"),
    "connection.key_changed": lazy("Changed the secret of a connection"),
    "connection.old_key_ended": lazy("Ended the old secret of a connection"),
    "connection.read_again": lazy("Had deliveries read again"),
    "connection.replayed": lazy("Replayed a time of a connection"),
    "connection.removed": lazy("Removed a connection"),
    "sms.changed": lazy("Changed the account for text messages"),
    "sms.tested": lazy("Sent a test text"),
    "sms.removed": lazy("Switched off text messages"),
    "counting.changed": lazy("Changed what is counted of messages"),
    "domain.entered": lazy("Entered a domain"),
    "domain.removed": lazy("Removed a domain"),
    "customer.erased": lazy("Erased a person"),
    "customer.downloaded": lazy("Downloaded a person’s data"),
    "backtest.begun": lazy("Ran a backtest of a flow"),
    "backtest.stopped": lazy("Stopped a backtest"),
    "job.begun": lazy("Began an act on many rows"),
    "job.stopped": lazy("Stopped an act on many rows"),
    "webhook.added": lazy("Added a webhook"),
    "webhook.changed": lazy("Changed a webhook"),
    "webhook.switched": lazy("Switched a webhook"),
    "webhook.stopped": lazy("Stopped a webhook that fails"),
    "webhook.secret_made": lazy("Made a new webhook secret"),
    "webhook.old_secret_ended": lazy("Ended an old webhook secret"),
    "webhook.tested": lazy("Sent a test event"),
    "webhook.replayed": lazy("Replayed a time of a webhook"),
    "webhook.delivery_again": lazy("Sent a delivery again"),
    "webhook.removed": lazy("Removed a webhook"),
}
FIELDS: dict[str, Word] = {
    "account_sid": lazy("Account SID"),
    "sender": lazy("Sender"),
    "count_clicks": lazy("Count clicks"),
    "count_opens": lazy("Count opens"),
    "name": lazy("Name"),
    "logo_url": lazy("Logo"),
    "accent": lazy("Colour"),
    "website": lazy("Website"),
    "sender_name": lazy("Sender’s name"),
    "sender_email": lazy("Sender’s address"),
    "support_email": lazy("Address for help"),
    "locale": lazy("Language"),
    "time_zone": lazy("Time zone"),
    "estimates_first": lazy("Day of arrival shown first"),
    "on": lazy("On"),
    "order": lazy("Order"),
    "to": lazy("To"),
    "message": lazy("Message"),
    "state": lazy("State"),
    "of": lazy("What is in it"),
    "rows": lazy("Rows"),
    "form": lazy("File"),
    "filter": lazy("Filter"),
    "role": lazy("Role"),
    "address": lazy("Address"),
    "events": lazy("Events"),
    "live": lazy("Live"),
    "why": lazy("Reason"),
    "old_one_holds_until": lazy("The old one holds until"),
    "since": lazy("From"),
    "until": lazy("To"),
    "what": lazy("What"),
    "kind": lazy("Kind"),
    "confirm": lazy("Confirmation by mail"),
    "confirm_in": lazy("Confirmation in these countries"),
    "soft_opt_in": lazy("Customers who said nothing"),
    "scope": lazy("What they get no more"),
    "reason": lazy("Reason before"),
    "kinds": lazy("Alerts"),
    "surface": lazy("Background"),
    "at_once": lazy("The old one ended at once"),
    "deliveries": lazy("Deliveries"),
    "delivery": lazy("Delivery"),
    "rights": lazy("Rights"),
    "prefix": lazy("Begins with"),
    "successor": lazy("Replaced by"),
    "version": lazy("Version"),
    "in_flight": lazy("Those who were inside"),
}


def act(name: str) -> str:
    """What was done; an act of tomorrow's is shown as it is called."""
    return str(ACTS.get(name, name))


def field(name: str) -> str:
    """What a field is called."""
    return str(FIELDS.get(name, name))


def value(given: Any, people: dict[int, str]) -> str:
    """A value as it is read. A person is named as they are called today."""
    if given is None or given == "" or given == []:
        return "–"
    if isinstance(given, bool):
        return _("Yes") if given else _("No")
    if isinstance(given, dict) and "person" in given:
        return people.get(given["person"], _("Somebody"))
    if isinstance(given, list):
        return ", ".join(value(one, people) for one in given)
    return str(given)
