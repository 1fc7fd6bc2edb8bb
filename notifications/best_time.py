"""The hour at which a person is likeliest to read: their clicks, drawn towards the shop's, which are drawn towards what is usual.

The share of each hour is a Dirichlet mean: (clicks at the hour + weight x the prior's share) / (clicks + weight). A person with no click
has the shop's hour, a shop with none the usual one; with each click the own habit counts more. One person in ten is left out, by a hash of
the address: by them it is seen whether it helps (`measured`).
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from notifications.models import Act, Engagement
from notifications.results.counts import Period
from notifications.results.interval import Interval, difference
from postpurchase.lib import clock
from postpurchase.tenancy.scope import merchant_id

# What is assumed before anything is known: mornings and evenings. It weighs as much as SHOP clicks and is soon outweighed.
USUAL = (1, 1, 1, 1, 1, 2, 4, 7, 9, 11, 12, 10, 9, 8, 8, 8, 8, 8, 9, 11, 12, 10, 6, 3)
SHOP, PERSON = 50.0, 6.0  # clicks that the prior of a shop and of a person weigh
FIRST, LAST = 8, 21  # hours that are chosen from; quiet hours are kept beside
NEIGHBOUR = 0.35  # a click just before or after an hour speaks for it, too
SPAN = timedelta(days=90)
CONTROL = 10  # percent of people
FEW = 100  # messages to either group; fewer prove nothing
# The hash is that of in_control(), asked where the rows are. Who was erased has no address any more, and is in neither group.
MEASURED = """
SELECT m.node, get_byte(sha256(convert_to('best-time:' || lower(m.to_address), 'UTF8')), 0) * 100 / 256 < %(control)s, count(*),
  count(*) FILTER (WHERE EXISTS (SELECT FROM notifications_engagement AS e WHERE e.merchant_id = %(merchant)s AND e.message_id = m.id
    AND e.kind = 'click' AND NOT e.machine))
FROM notifications_message AS m
WHERE m.merchant_id = %(merchant)s AND m.flow_id = %(flow)s AND m.node = ANY(%(nodes)s) AND m.state = 'sent' AND NOT m.test
  AND m.sent_at >= %(since)s AND m.sent_at < %(until)s AND m.to_address <> '' GROUP BY 1, 2"""


@dataclass(frozen=True)
class Hours:
    """What is known of a shop's hours, and of some people's."""

    shop: Sequence[float]  # shares of the 24 hours
    people: Mapping[str, Counter[int]]

    def best_for(self, address: str) -> time | None:
        """The hour to write to a person at, on their clock; None for those who are left out to compare with."""
        return None if in_control(address) else time(best_hour(self.people.get(address, Counter()), self.shop))


def in_control(address: str) -> bool:
    """Whether a person is among those who are left out. The same for ever."""
    return hashlib.sha256(f"best-time:{address.lower()}".encode()).digest()[0] * 100 // 256 < CONTROL


def best_hour(clicks: Mapping[int, int], prior: Sequence[float]) -> int:
    """The likeliest hour from FIRST to LAST (both included) by a person's clicks and the shares of the prior."""
    shares = posterior(clicks, prior, PERSON)
    return max(range(FIRST, LAST + 1), key=lambda hour: (_near(shares, hour), -hour))


def posterior(clicks: Mapping[int, int], prior: Sequence[float], weight: float) -> list[float]:
    """The shares of the 24 hours: what was seen, drawn towards the prior that weighs as much as `weight` clicks."""
    whole = sum(clicks.values()) + weight
    return [(clicks.get(hour, 0) + weight * prior[hour]) / whole for hour in range(24)]


def _near(shares: Sequence[float], hour: int) -> float:
    return shares[hour] + NEIGHBOUR * (shares[hour - 1] + shares[(hour + 1) % 24])


def hours(addresses: Collection[str]) -> Hours:
    """What is known for these people of the merchant in scope. One query, and one more every ten minutes for the shop."""
    found: dict[str, Counter[int]] = {}
    mine = _clicks().filter(message__to_address__in=addresses, message__slot_at__isnull=False)
    for address, hour in mine.values_list("message__to_address", "hour"):
        found.setdefault(address, Counter())[hour or 0] += 1
    return Hours(_shop(merchant_id(), int(clock.business_now().timestamp() // 600)), found)


def _clicks() -> QuerySet[Engagement]:
    since = clock.business_now() - SPAN
    return Engagement.objects.filter(machine=False, hour__isnull=False, kind=Act.CLICK, at__gte=since)


@lru_cache(maxsize=1024)
def _shop(merchant: UUID, _moment: int) -> tuple[float, ...]:
    counted = dict(_clicks().values_list("hour").annotate(n=Count("id")))
    return tuple(posterior(counted, [one / sum(USUAL) for one in USUAL], SHOP))


@dataclass(frozen=True)
class Measured:
    """Sent at the best time, and to those left out; how many clicked; and the difference of the shares with a 95 % interval."""

    chosen: tuple[int, int]  # sent, clicked
    control: tuple[int, int]

    @property
    def lift(self) -> Interval | None:
        """How much larger the share is that clicked at the best time; None while either group has fewer than FEW."""
        return difference(self.chosen[::-1], self.control[::-1]) if min(self.chosen[0], self.control[0]) >= FEW else None


def measured(flow_id: UUID, nodes: Collection[str], period: Period) -> dict[str, Measured]:
    """Step -> how writing at the best time fared beside those left out, of its messages sent in the period. One query."""
    given = {"merchant": merchant_id(), "flow": flow_id, "nodes": list(nodes), "since": period.since, "until": period.until}
    groups: dict[str, dict[bool, tuple[int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(MEASURED, given | {"control": CONTROL})
        for node, control, sent, clicked in cursor.fetchall():
            groups.setdefault(node, {})[control] = (sent, clicked)
    return {node: Measured(found.get(False, (0, 0)), found.get(True, (0, 0))) for node, found in groups.items()}
