"""The control: claim, send, then mark. What a careful person writes first, and what doubles messages."""

from typing import Any

from django.conf import settings

from integrations.senders.choose import sender as sender_for
from notifications import claim
from notifications.models import Message, State
from notifications.prepare import prepare
from postpurchase.tenancy.scope import in_merchant


def drain(batch: int = 10, **_: Any) -> int:
    """One batch: claimed under a lease, sent without intent, marked afterwards; an expired lease makes it due again."""
    token, found = claim.claim(batch)
    mine = sender_for(settings.EMAIL_URL)
    for merchant_id, ids in found.items():
        for one in prepare(merchant_id, ids, token):
            mine.deliver([one.envelope], lambda places: places)
            with in_merchant(merchant_id):
                Message.objects.filter(pk=one.message.pk).update(state=State.SENT)
    mine.close()
    return sum(map(len, found.values()))
