"""What people and machines do with the demo store's messages: open, follow links, leave, bounce. Drawn from a seed, written in bulk."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from notifications import consent, rates
from notifications.engagement import machines
from notifications.engagement.links import counts_opens
from notifications.models import Act, Engagement, Message, ProviderEvent, State, Stream, Suppression
from postpurchase.lib.ids import uuid7s
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from postpurchase.tenancy.statement import execute
from tracking import zones

EVERY = timedelta(hours=12)  # how often the crowd looks at its mail
CLICKS = {"shipped": 0.34, "out_for_delivery": 0.4, "delayed": 0.48, "confirmation": 0.16, "ready_to_collect": 0.5}
SELDOM, BUYS, OPENS, APPLE, SCANNED = 0.11, 0.8, 0.46, 0.3, 0.09
LEAVES, BOUNCES, COMPLAINS = 0.006, 0.015, 0.002
QUIET = timedelta(days=10)  # at the end, without complaints: the demo begins with a shop that may write
PERSON = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
SCANNER = "Mozilla/5.0 (compatible; Barracuda Sentinel)"
SENT = """
SELECT m.id, m.template, m.stream, m.to_address, m.sent_at, o.ship_country,
  EXISTS (SELECT FROM notifications_link AS l WHERE l.merchant_id = %(merchant)s AND l.message_id = m.id AND l.targets <> '[]'::jsonb)
FROM notifications_message AS m JOIN orders_order AS o ON o.id = m.order_id
WHERE m.merchant_id = %(merchant)s AND o.merchant_id = %(merchant)s AND m.state = 'sent' AND m.channel = 'email'
  AND m.sent_at > %(since)s AND m.sent_at <= %(until)s ORDER BY m.sent_at, o.number_key, m.template"""


@dataclass(frozen=True)
class Read:
    """A message in somebody's mailbox."""

    pk: UUID
    template: str
    stream: str
    address: str
    at: datetime
    country: str
    links: bool


@dataclass
class Crowd:
    """`orders`: when each address orders, which follows a link before. `until`: when the story ends."""

    merchant: Merchant
    dice: random.Random
    orders: Mapping[str, Sequence[datetime]]
    begin: datetime
    until: datetime

    def __post_init__(self) -> None:
        self.seen = self.begin
        self.to_come: list[Engagement | ProviderEvent] = []
        self.leaving: list[tuple[datetime, UUID]] = []

    def look(self, now: datetime) -> None:
        """Act on what was sent since the last look, if that is a while ago or the story ends."""
        if now - self.seen < EVERY and now < self.until:
            return
        with in_merchant(self.merchant):
            brand = Brand.objects.order_by("id")[0]
            for row in execute(SENT, since=self.seen, until=now):
                self._reads(Read(*row), brand)
            self.seen = now
            self._write(now)
            if now >= self.until:
                rates.count()

    def _reads(self, mail: Read, brand: Brand) -> None:
        dice, draw = self.dice, [self.dice.random() for _ in range(6)]
        if draw[0] < BOUNCES and mail.template == "confirmation":
            return self._told(mail, "bounced", hard=True)
        self._told(mail, "delivered")
        if draw[0] > 1 - COMPLAINS and mail.stream == Stream.MARKETING and mail.at < self.until - QUIET:
            return self._told(mail, "complained", hard=True)
        if counts_opens(brand, mail.country):
            if draw[1] < APPLE:
                self._did(mail, Act.OPEN, mail.at + timedelta(seconds=dice.uniform(4, 90)), machines.APPLE)
            if draw[2] < OPENS:
                self._did(mail, Act.OPEN, self._soon(mail, brand), PERSON)
        if mail.links and draw[3] < SCANNED:
            self._did(mail, Act.CLICK, mail.at + timedelta(seconds=dice.uniform(1, 9)), SCANNER)
        if mail.links and (at := self._clicks(mail, brand, draw[4])):
            self._did(mail, Act.CLICK, at, PERSON, zones.of_country(mail.country, brand.time_zone))
        if draw[5] < LEAVES and mail.stream == Stream.MARKETING:
            self.leaving.append((mail.at + timedelta(hours=dice.uniform(0.2, 20)), mail.pk))
        return None

    def _clicks(self, mail: Read, brand: Brand, drawn: float) -> datetime | None:
        """When the person follows a link: before an order that they place within days, else as people do."""
        buys = next((at for at in self.orders.get(mail.address, ()) if mail.at < at < mail.at + timedelta(days=4)), None)
        if buys and drawn < BUYS:
            return mail.at + (buys - mail.at) * self.dice.uniform(0.3, 0.98)
        return self._soon(mail, brand) if drawn < CLICKS.get(mail.template, SELDOM) else None

    def _soon(self, mail: Read, brand: Brand) -> datetime:
        """Hours later; who would read at night does in the morning."""
        at = mail.at + timedelta(hours=self.dice.expovariate(1 / 3), minutes=2)
        hour = at.astimezone(zones.of_country(mail.country, brand.time_zone)).hour
        return at + timedelta(hours=7 - hour + self.dice.uniform(0, 3)) if hour < 7 else at

    def _did(self, mail: Read, kind: Act, at: datetime, agent: str, zone: object = None) -> None:
        why = machines.why(agent=agent, since_sent=at - mail.at)
        hour = at.astimezone(zone).hour if zone and not why else None  # type: ignore[arg-type]
        self.to_come.append(Engagement(message_id=mail.pk, kind=kind, at=at, agent=agent, machine=bool(why), why=why, hour=hour))

    def _told(self, mail: Read, kind: str, *, hard: bool = False) -> None:
        """What the mail's provider reports."""
        at = mail.at + timedelta(seconds=self.dice.uniform(1, 40))
        name = f"demo:{kind}:{mail.pk}"
        self.to_come.append(ProviderEvent(event_id=name, kind=kind, hard=hard, message_id=mail.pk, received_at=at))
        if hard:
            consent.suppress(mail.address, scope=Suppression.ALL, reason=kind)

    def _write(self, now: datetime) -> None:
        """What was done up to now. The rest waits."""
        done = [one for one in self.to_come if _when(one) <= now]
        self.to_come = [one for one in self.to_come if _when(one) > now]
        for row, pk in zip(done, uuid7s(len(done)), strict=True):
            row.pk = pk
        Engagement.objects.bulk_create([one for one in done if isinstance(one, Engagement)])
        ProviderEvent.objects.bulk_create([one for one in done if isinstance(one, ProviderEvent)])
        gone = [pk for at, pk in self.leaving if at <= now]
        self.leaving = [one for one in self.leaving if one[0] > now]
        for message in Message.objects.filter(pk__in=gone, state=State.SENT).order_by("sent_at", "pk"):
            consent.unsubscribe(message)


def _when(done: Engagement | ProviderEvent) -> datetime:
    return done.at if isinstance(done, Engagement) else done.received_at
