"""How many of a merchant's mails bounce or are called spam. Past the limits its marketing rests until somebody has read why.

Mailbox providers judge the whole platform by it: at 0.1 % complaints they begin to sort mails out, at 0.3 % they refuse them.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from notifications import rules, wake
from notifications.models import Message, MessagingRules, ProviderEvent, State
from notifications.models.messages import PAUSED
from postpurchase.events import bus
from postpurchase.events.catalogue import SendingPaused
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant, in_merchant

SPAN: Final = timedelta(days=7)
LEAST: Final = 500  # mails sent, below which a rate says little
COMPLAINTS: Final = (1, 1000)  # of those sent: more than one in a thousand
BOUNCES: Final = (50, 1000)
PORTION = 1000  # messages let go at once


def to_count() -> list[UUID]:
    """The merchants of whose mails any bounced or were complained of within the span, or at the last count."""
    with every_tenant("rates: who has bounces or complaints"):
        reports = ProviderEvent.objects.filter(hard=True, received_at__gte=clock.machine_now() - SPAN)
        told = MessagingRules.objects.filter(Q(bounced__gt=0) | Q(complained__gt=0))
        return sorted({*reports.values_list("merchant_id", flat=True).distinct(), *told.values_list("merchant_id", flat=True)})


def count() -> None:
    """Count anew for the merchant in scope, and pause its marketing if it is past a limit. Safe to repeat."""
    row = rules.kept()
    now = clock.business_now()
    since = max(now - SPAN, row.resumed_at or now - SPAN)
    row.sent = Message.objects.filter(state=State.SENT, due_at__gt=since, test=False).count()
    found = _reports(since).aggregate(
        bounced=Count("message", distinct=True, filter=~Q(kind="complained")),
        complained=Count("message", distinct=True, filter=Q(kind="complained")),
    )
    row.bounced, row.complained, row.counted_at = found["bounced"], found["complained"], now
    why = too_many(row.sent, row.bounced, row.complained)
    if why and row.paused_at is None:
        row.paused_at, row.paused_for = now, why
        bus.publish(SendingPaused(merchant_id=UUID(str(row.merchant_id)), reason=why))
    row.save()


def _reports(since: datetime) -> QuerySet[ProviderEvent]:
    """Of messages that were due since then. Reports themselves come by the machine's clock, whatever the business clock says."""
    return ProviderEvent.objects.filter(hard=True, received_at__gte=clock.machine_now() - SPAN, message__due_at__gt=since)


def too_many(sent: int, bounced: int, complained: int) -> str:
    """complaints or bounces, where there are too many of them for so many mails; else ''."""
    if sent < LEAST:
        return ""
    if complained * COMPLAINTS[1] > sent * COMPLAINTS[0]:
        return "complaints"
    return "bounces" if bounced * BOUNCES[1] > sent * BOUNCES[0] else ""


def resume() -> bool:
    """Let the merchant's marketing go again; what was sent so far is not counted any more. False where it does not rest."""
    row = rules.kept()
    if row.paused_at is None:
        return False
    row.paused_at, row.paused_for, row.resumed_at = None, "", clock.business_now()
    row.sent = row.bounced = row.complained = 0
    row.save()
    return True


def let_go(merchant: object) -> int:
    """Plan again what rests of a merchant that is not paused, a portion in each transaction. Returns how many."""
    count, portion = 0, PORTION
    while portion == PORTION:
        with in_merchant(merchant):
            if rules.current().paused_at:
                break
            mine = Message.objects.filter(state=State.HELD, reason=PAUSED).select_for_update(skip_locked=True, of=("self",))
            ids = list(mine.values_list("pk", flat=True)[:PORTION])
            Message.objects.filter(pk__in=ids).update(state=State.DUE, reason="", lease_token=None)
            portion = len(ids)
            count += portion
            if ids:
                wake.sender()
    return count


def at_rest() -> list[UUID]:
    """The merchants that are not paused, and of whom messages rest all the same."""
    with every_tenant("rates: what rests without a pause"):
        resting = set(Message.objects.filter(state=State.HELD, reason=PAUSED).values_list("merchant_id", flat=True).distinct())
        paused = MessagingRules.objects.filter(merchant_id__in=resting).exclude(paused_at=None)
        return sorted(resting - set(paused.values_list("merchant_id", flat=True)))
