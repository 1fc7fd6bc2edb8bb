"""A mail server that is out of order now and then, and looks at what it is given: a message that breaks a law is noted as it leaves."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from integrations.senders.base import Envelope, Ready, Reply, Result
from notifications import arbiter
from notifications.cases import Case, load
from notifications.models import Message, Stream
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant, in_merchant

FAULTS = ((Result.LATER, 3), (Result.REFUSED, 1), (Result.LOST, 2))  # percent


class Post:
    """A sender whose answers follow from the seed and the message alone, whatever the order they come in."""

    def __init__(self, seed: int) -> None:
        self.seed, self.broken = seed, list[str]()
        self.copies: Counter[str] = Counter()  # how often each Message-ID was taken
        self.tries: Counter[tuple[str, str]] = Counter()
        self.stopped: dict[tuple[UUID, str], datetime] = {}  # (merchant, address) that wants no marketing, since when
        self.slots: dict[tuple[UUID, str], list[datetime]] = defaultdict(list)

    @property
    def width(self) -> int:
        """How many it takes at once."""
        return 20

    def deliver(self, window: Sequence[Envelope], ready: Ready) -> list[Reply]:
        """Take, put off, refuse, or lose the answer."""
        drawn = [self._answer(one) for one in window]
        places = [place for place, result in enumerate(drawn) if result in (Result.SENT, Result.LOST)]
        ours = set(ready(places)) if places else set()
        replies = []
        for place, (envelope, result) in enumerate(zip(window, drawn, strict=True)):
            if place in ours:
                self.copies[envelope.message_id] += 1
            replies.append(Reply(result if place in ours or place not in places else Result.FENCED, "simulated"))
        self._judge([window[place].headers["X-Entity-Ref-ID"] for place in sorted(ours)])
        return replies

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, envelope: Envelope) -> Result:
        key = (envelope.to, envelope.subject)
        self.tries[key] += 1
        told = f"{self.seed}:{envelope.to}:{envelope.subject}:{self.tries[key]}".encode()
        drawn = int.from_bytes(hashlib.sha256(told).digest()[:4], "big") % 100
        for result, share in FAULTS:
            drawn -= share
            if drawn < 0:
                return result
        return Result.SENT

    def _judge(self, ids: list[str]) -> None:
        with every_tenant("simulation: look at what leaves"):
            owners = dict(Message.objects.filter(pk__in=ids).values_list("pk", "merchant_id"))
        for merchant_id in set(owners.values()):
            with in_merchant(merchant_id):
                mine = Message.objects.filter(pk__in=[pk for pk, owner in owners.items() if owner == merchant_id]).select_related("order")
                offers = [one for one in mine if one.stream == Stream.MARKETING]
                cases = {case.message.pk: case for case in load(offers)} if offers else {}
                for message in mine:
                    self._laws(merchant_id, message, cases.get(message.pk))

    def _laws(self, merchant_id: UUID, message: Message, marketing: Case | None) -> None:
        now, order = clock.business_now(), message.order
        laws = {
            "left before it was due": message.due_at <= now,
            "left when it was useless": message.expires_at is None or message.expires_at > now,
            "went to somebody erased": order is None or order.erased_at is None,
            "went out for a cancelled order": order is None or order.cancelled_at is None,
        }
        if marketing:
            laws |= self._of_marketing(merchant_id, marketing, now)
        self.broken += [
            f"{law}: {message.template} of {order.number if order else '?'} at {now:%d %b %H:%M}" for law, held in laws.items() if not held
        ]

    def _of_marketing(self, merchant_id: UUID, case: Case, now: datetime) -> dict[str, bool]:
        key = (merchant_id, case.message.to_address)
        free = arbiter.next_slot(self.slots[key], case.rules.cap, timedelta(days=case.rules.cap_days), now)
        self.slots[key].append(now)
        return {
            "marketing to somebody who wants none": key not in self.stopped or self.stopped[key] > now,
            "marketing without consent": case.consent is True or case.soft_opt_in,
            "marketing in quiet hours": arbiter.quiet_until(case, now) == now,
            "more marketing than the cap": free <= now,
        }
