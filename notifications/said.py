"""What a shop passes on that somebody said about marketing, beside any order."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from integrations.types import ConsentTold, Outcome, Recorded
from notifications import consent, optin, rules
from notifications.models import Consent, Stream
from orders.models import Order

BEST = (Outcome.CREATED, Outcome.STALE, Outcome.UNCHANGED)  # of two channels the first of these counts


def record_consents(told: Sequence[ConsentTold], *, connection_id: UUID) -> list[Recorded]:
    """Keep what was said, with its date and source; a result per item, in the order given. STALE: they have said something since.

    A refusal holds at once, for all that has not been handed over. An agreement lifts no unsubscribe that was made here, and waits to be
    confirmed where an order's would. Nobody is asked to: there is no order to write about.
    """
    return [_record(one) for one in told]


def _record(told: ConsentTold) -> Recorded:
    outcomes = {_keep(address, channel, given, told) for address, channel, given in _words(told)}
    return Recorded(next((one for one in BEST if one in outcomes), Outcome.UNCHANGED), external_id=told.external_id)


def _words(told: ConsentTold) -> Iterator[tuple[str, str, bool]]:
    if told.email and told.said.marketing_email is not None:
        yield told.email.lower(), consent.EMAIL, told.said.marketing_email
    number = optin.number_of(told.phone)
    if number and told.said.marketing_sms is not None:
        yield number, consent.SMS, told.said.marketing_sms


def _keep(address: str, channel: str, given: bool, told: ConsentTold) -> Outcome:
    at, said = told.said.at, Consent.objects.filter(address=address, channel=channel, purpose=Stream.MARKETING)
    last = said.order_by("-at", "-id").first()
    if last and last.at >= at:
        return Outcome.UNCHANGED if (last.at, last.given) == (at, given) else Outcome.STALE
    about: dict[str, Any] = {"at": at, "source": told.said.source, "channel": channel}
    if not given:
        consent.record(address, given=False, **about)
        consent.suppress(address, scope=Stream.MARKETING, reason="unsubscribed", channel=channel)
        return Outcome.CREATED
    waits = channel == consent.EMAIL and not told.said.confirmed and _must_confirm(told)
    if waits and consent.consents([address]).get(address):
        return Outcome.UNCHANGED  # who has confirmed once need not again
    consent.record(address, given=True, pending=waits, **about)
    return Outcome.CREATED


def _must_confirm(told: ConsentTold) -> bool:
    theirs = Order.objects.filter(customer__email=told.email.lower()).order_by("-placed_at")
    return rules.must_confirm(rules.current(), told.country or theirs.values_list("ship_country", flat=True).first() or "")
