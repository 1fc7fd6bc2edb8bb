"""Facts onto the piles of those who want to hear of them: one statement a kind, however many facts and people there are."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from alerts.kinds import may_hear, usual
from alerts.models import Channel, Choice
from postpurchase.jobs import nudge
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import Brand, Membership
from tracking import zones

PAUSE = timedelta(minutes=10)  # between two mails about the same kind to the same person
MORNING = 8  # o'clock, where she is
SHOWN = 5  # rows that a mail names one by one

# What was told lately waits until the pause is over; what is waiting already keeps its time. Rows in the order of their ids: no deadlock.
ADD = """
INSERT INTO alerts_pile (id, merchant_id, member_id, channel_id, kind, count, first, due_at, tries)
SELECT o.id, %(merchant)s, o.member, o.channel, %(kind)s, %(count)s, %(first)s::jsonb, o.due, 0
FROM unnest(%(ids)s::uuid[], %(members)s::uuid[], %(channels)s::uuid[], %(dues)s::timestamptz[]) AS o (id, member, channel, due)
ORDER BY o.member
ON CONFLICT {KEY} DO UPDATE SET count = alerts_pile.count + EXCLUDED.count,
  first = jsonb_path_query_array(alerts_pile.first || EXCLUDED.first, '$[0 to 4]'),
  due_at = coalesce(alerts_pile.due_at, greatest(EXCLUDED.due_at, alerts_pile.told_at + %(pause)s))"""
OF_PERSON = ADD.replace("{KEY}", "(merchant_id, member_id, kind) WHERE member_id IS NOT NULL")
OF_CHANNEL = ADD.replace("{KEY}", "(merchant_id, channel_id, kind) WHERE channel_id IS NOT NULL")


class Ref(NamedTuple):
    """The row that a fact is about, and its order."""

    row: UUID
    order: UUID | None


class Listener(NamedTuple):
    """Who is told when."""

    id: UUID
    due_at: datetime


def add(kind: str, refs: Sequence[Ref]) -> None:
    """So much of that kind has happened, in the merchant's scope."""
    about = {ref.row for ref in refs}
    people = [one for one in listeners(kind) if one.id not in about]  # nobody is told that they themselves joined
    channels = [Listener(pk, clock.business_now()) for pk in Channel.objects.filter(kinds__contains=[kind]).values_list("pk", flat=True)]
    _put(OF_PERSON, kind, refs, people, members=[one.id for one in people], channels=[None] * len(people))
    _put(OF_CHANNEL, kind, refs, channels, members=[None] * len(channels), channels=[one.id for one in channels])
    if people or channels:
        nudge.after_commit("alerts.tasks.tell_soon", scope.merchant_id())


def _put(sql: str, kind: str, refs: Sequence[Ref], to: list[Listener], **who: list[UUID | None]) -> None:
    if not to:
        return
    named = [[str(ref.row), str(ref.order) if ref.order else ""] for ref in refs[:SHOWN]]
    given: dict[str, Any] = {"kind": kind, "count": len(refs), "first": json.dumps(named), "pause": PAUSE, "merchant": scope.merchant_id()}
    with connection.cursor() as cursor:
        cursor.execute(sql, given | who | {"ids": [uuid7() for _one in to], "dues": [one.due_at for one in to]})


def listeners(kind: str) -> list[Listener]:
    """The people who want to hear of it and may, each with when: now, or her next morning. Two queries."""
    people = Membership.objects.filter(user__is_active=True).order_by("id").values_list("pk", "role")
    chosen = {row.member_id: row for row in Choice.objects.all()}
    now, found = clock.business_now(), []
    for pk, role in people:
        choice = chosen.get(pk)
        at_once, daily = (choice.at_once, choice.daily) if choice else (usual(role), [])
        if kind in (*at_once, *daily) and may_hear(kind, role):
            found.append(Listener(pk, now if kind in at_once else next_morning(now, choice.time_zone if choice else "UTC")))
    return found


def next_morning(now: datetime, zone: str) -> datetime:
    """The next eight o'clock in that zone, in UTC."""
    here = now.astimezone(zones.named(zone))
    at = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if at <= here:
        at += timedelta(days=1)  # on the wall clock: a night with a change of time has 23 or 25 hours
    return at.astimezone(now.tzinfo)


def zone_of_shop() -> str:
    """What a person's zone is taken for until she says."""
    return Brand.objects.order_by("id").values_list("time_zone", flat=True)[0]
