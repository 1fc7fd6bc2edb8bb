"""What shops must be able to ask of us: to see and to erase a person's data, and to erase a shop's."""

from collections.abc import Sequence
from uuid import UUID

from integrations.models import Connection
from integrations.types import Outcome, PrivacyRequest, Recorded, ShopClosed
from postpurchase.lib import clock


def answer_requests(requests: Sequence[PrivacyRequest], *, connection_id: UUID) -> list[Recorded]:
    """."""
    return [Recorded(Outcome.UPDATED) for _ in requests]


def close_shops(closures: Sequence[ShopClosed], *, connection_id: UUID) -> list[Recorded]:
    """The connection is removed from now on."""
    closed = Connection.objects.filter(pk=connection_id, removed_at=None).update(removed_at=clock.machine_now())
    return [Recorded(Outcome.UPDATED if closed else Outcome.UNCHANGED) for _ in closures]
