"""What a merchant asks of messages and flows: what needs them, what went out, what waits."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anymail.signals import EventType
from django.db.models import Aggregate, Count, Min, Q, QuerySet

from notifications.models import FORKED, Decision, Enrolment, Message, ProviderEvent, State
from postpurchase.lib import clock
from postpurchase.lib.ids import first_of

NEWS = timedelta(days=14)  # a failure older than this is history, not work
WAITING = (State.DUE, State.CLAIMED, State.HANDING, State.HELD)
NOT_SENT = (State.SKIPPED, State.EXPIRED, State.CANCELLED)


def need_eye() -> QuerySet[Message]:
    """Messages that somebody should decide about: in doubt, or failed in the last 14 days."""
    return Message.objects.filter(Q(state=State.UNKNOWN) | Q(state=State.FAILED, due_at__gte=clock.business_now() - NEWS))


@dataclass(frozen=True)
class Sending:
    """What became of messages in a period, and what is undecided now."""

    sent: int
    failed: int
    doubt: int
    opened: int


def sending(since: datetime) -> Sending:
    """Sent, failed and opened since then, in doubt at any time. Opened is what a provider reports: a server that speaks SMTP alone cannot
    know, and some mailboxes open by themselves. Two queries.
    """
    wanted = Q(state=State.SENT, sent_at__gte=since) | Q(state=State.FAILED, due_at__gte=since) | Q(state=State.UNKNOWN)
    found = Message.objects.filter(wanted).aggregate(
        sent=Count("id", filter=Q(state=State.SENT)),
        failed=Count("id", filter=Q(state=State.FAILED)),
        doubt=Count("id", filter=Q(state=State.UNKNOWN)),
    )
    reports = ProviderEvent.objects.filter(pk__gte=first_of(since), kind=EventType.OPENED)
    return Sending(**found, opened=reports.aggregate(n=Count("message", distinct=True))["n"])


@dataclass(frozen=True)
class Tally:
    """A flow's (or a step's) messages: sent and not sent in a period, waiting now and the next of them."""

    sent: int = 0
    not_sent: int = 0
    waiting: int = 0
    next_due: datetime | None = None


_FATES: dict[str, Aggregate] = {
    "waiting": Count("id", filter=Q(state__in=WAITING)),
    "next_due": Min("due_at", filter=Q(state=State.DUE)),
}


def _tallies(since: datetime) -> dict[str, Aggregate]:
    late = Q(state__in=(*NOT_SENT, State.FAILED), due_at__gte=since)
    return _FATES | {"sent": Count("id", filter=Q(state=State.SENT, sent_at__gte=since)), "not_sent": Count("id", filter=late)}


def by_flow(since: datetime) -> dict[UUID, Tally]:
    """Each flow's messages. One query."""
    rows: Any = Message.objects.exclude(flow=None).values("flow_id").annotate(**_tallies(since)).order_by()
    return {row.pop("flow_id"): Tally(**row) for row in rows}


def by_step(flow_id: UUID, since: datetime) -> dict[str, Tally]:
    """One flow's messages, by step. One query."""
    rows: Any = Message.objects.filter(flow_id=flow_id).values("node").annotate(**_tallies(since)).order_by()
    return {row.pop("node"): Tally(**row) for row in rows}


def entered(flow_id: UUID, since: datetime) -> int:
    """How many orders or parcels entered a flow since then."""
    return Enrolment.objects.filter(flow_id=flow_id, entered_at__gte=since).count()


def ways(flow_id: UUID, nodes: Collection[str], since: datetime) -> dict[tuple[str, str], int]:
    """(fork, way) -> how many went that way since then; tests are left out. A way is an arm's or branch's name ('' for otherwise),
    or happened or timeout. One query.
    """
    went = Decision.objects.filter(node__in=nodes, verdict__in=FORKED, decided_at__gte=since)
    mine = went.filter(enrolment__flow_id=flow_id, enrolment__order__test=False)
    rows = mine.order_by().values_list("node", "verdict", "reason").annotate(n=Count("id"))
    found: Counter[tuple[str, str]] = Counter()
    for node, verdict, reason, n in rows:
        found[node, reason if verdict in ("arm", "branch") else verdict] += n
    return dict(found)
