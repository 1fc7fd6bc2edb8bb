"""What came of a flow's messages, step by step: sent, delivered, opened and clicked by people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from anymail.signals import EventType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from notifications.models import Act, Engagement, Message, ProviderEvent, State

COUNTS = ("sent", "delivered", "opened", "clicked")


@dataclass(frozen=True)
class Result:
    """Messages, each counted once. `delivered` is what providers report: plain SMTP reports nothing. Opens and clicks are people's."""

    sent: int = 0
    delivered: int = 0
    opened: int = 0
    clicked: int = 0


def by_step(flow_id: UUID, since: datetime) -> dict[str, Result]:
    """Step -> what came of its messages sent since then; tests are left out. One query."""
    return {row["node"]: _result(row) for row in _counted(Message.objects.filter(flow_id=flow_id), since, "node")}


def by_flow(since: datetime) -> dict[UUID, Result]:
    """Flow -> the same over all its steps. One query."""
    return {row["flow_id"]: _result(row) for row in _counted(Message.objects.filter(flow_id__isnull=False), since, "flow_id")}


def _counted(messages: QuerySet[Message], since: datetime, by: str) -> Iterable[dict[str, Any]]:
    people = Engagement.objects.filter(message=OuterRef("pk"), machine=False)
    told = ProviderEvent.objects.filter(message=OuterRef("pk"), kind=EventType.DELIVERED)
    wanted = messages.filter(state=State.SENT, sent_at__gte=since, test=False)
    asked = wanted.annotate(d=Exists(told), o=Exists(people.filter(kind=Act.OPEN)), c=Exists(people.filter(kind=Act.CLICK)))
    found: Iterable[dict[str, Any]] = asked.values(by).annotate(
        sent=Count("id"),
        delivered=Count("id", filter=Q(d=True)),
        opened=Count("id", filter=Q(o=True)),
        clicked=Count("id", filter=Q(c=True)),
    )
    return found


def _result(row: dict[str, Any]) -> Result:
    return Result(*(row[name] for name in COUNTS))
