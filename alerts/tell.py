"""Piles into mails, in one transaction with the piles' end: told once, whoever dies. And into the team's chat, at least once."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import translation

from alerts import draw
from alerts.kinds import may_hear
from alerts.models import Channel, Choice, Pile
from alerts.pile import PAUSE
from postpurchase.jobs.retry import backoff
from postpurchase.lib import clock, http, reach
from postpurchase.lib.crypto import Undecipherable
from postpurchase.post import write
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant

log = logging.getLogger(__name__)
LEASE, GIVE_UP = timedelta(minutes=2), 8  # of a call to a chat; calls in a row
Post = Callable[[str, bytes, Mapping[str, str]], http.Answer]


def tell(merchant_id: object, post: Post = http.post) -> None:
    """All that is due of a merchant."""
    with in_merchant(merchant_id):
        merchant = Merchant.objects.get(pk=merchant_id)  # type: ignore[misc]
        _write_to_people(merchant)
        claimed = _claim_for_chat()
        text = draw.chat(claimed, merchant) if claimed else ""
        channel = claimed[0].channel if claimed else None
    if channel:
        error = call(channel, text, post)
        with in_merchant(merchant_id):
            _settle(channel, claimed, error)


def _due(**of: Any) -> QuerySet[Pile]:
    return Pile.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=clock.business_now(), **of)


def _write_to_people(merchant: Merchant) -> None:
    """A mail for each kind that is told at once, one for all that is told once a day."""
    piles = list(_due(channel=None).select_related("member__user").order_by("member", "kind"))
    chosen = Choice.objects.filter(member__in={pile.member_id for pile in piles if pile.member_id})
    daily = {row.member_id: row.daily for row in chosen}
    for member, group in groupby(piles, lambda pile: pile.member):
        if member is None or not member.user.is_active:
            continue
        mine = [pile for pile in group if may_hear(pile.kind, member.role)]
        digest = [pile for pile in mine if pile.kind in daily.get(member.pk, [])]
        with translation.override(member.user.language or settings.LANGUAGE_CODE):
            for one in [[pile] for pile in mine if pile not in digest] + ([digest] if digest else []):
                write.put(member.user.email, draw.letter(one, merchant))
    Pile.objects.filter(pk__in=[pile.pk for pile in piles]).update(count=0, first=[], due_at=None, told_at=clock.business_now())


def _claim_for_chat() -> list[Pile]:
    piles = list(_due(member=None).select_related("channel").order_by("kind"))
    Pile.objects.filter(pk__in=[pile.pk for pile in piles]).update(due_at=clock.business_now() + LEASE, tries=F("tries") + 1)
    return piles


def call(channel: Channel, text: str, post: Post = http.post) -> str:
    """Write to the chat. '' or what went wrong, for the merchant."""
    try:
        answer = post(channel.url, json.dumps({"text": text}).encode(), {"Content-Type": "application/json"})
    except (http.NoAnswer, reach.Refused, Undecipherable) as error:
        return str(error)
    return "" if 200 <= answer.status < 300 else f"It answered {answer.status}."


def _settle(channel: Channel, piles: list[Pile], error: str) -> None:
    """Told, or again later; after GIVE_UP calls what is piled up is dropped, so that a dead chat keeps nothing forever."""
    now = clock.business_now()
    if error:
        log.info("channel %s: %s", channel.pk, error)
        Channel.objects.filter(pk=channel.pk, failing_since=None).update(failing_since=now)
        Channel.objects.filter(pk=channel.pk).update(error=error[:300])
    else:
        Channel.objects.filter(pk=channel.pk).update(last_success_at=now, failing_since=None, error="")
    for pile in piles:
        mine = Pile.objects.filter(pk=pile.pk)
        if error and pile.tries + 1 < GIVE_UP:
            mine.update(due_at=now + backoff(pile.tries + 1, first=30.0, most=3600.0))
        else:  # what came in meanwhile stays, for after the pause
            mine.update(count=F("count") - pile.count, first=[], told_at=now, tries=0)
            mine.filter(count=0).update(due_at=None)
            mine.filter(count__gt=0).update(due_at=now + PAUSE)


def drop(member_id: UUID, kinds: list[str]) -> None:
    """Somebody wants to hear of these no more: what is piled up is forgotten."""
    Pile.objects.filter(member=member_id, kind__in=kinds).update(count=0, first=[], due_at=None)
