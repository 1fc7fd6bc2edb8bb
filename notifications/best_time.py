"""The hour at which a person is likeliest to read: their clicks, drawn towards the shop's, which are drawn towards what is usual.

The share of each hour is a Dirichlet mean: (clicks at the hour + weight x the prior's share) / (clicks + weight). A person with no click
has the shop's hour, a shop with none the usual one; with each click the own habit counts more. One person in ten is left out, by a hash of
the address: by them it is seen whether it helps (`measured`).
"""

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, QuerySet

from notifications.models import Act, Engagement, Message, State
from postpurchase.lib import clock
from postpurchase.tenancy.scope import merchant_id

# What is assumed before anything is known: mornings and evenings. It weighs as much as SHOP clicks and is soon outweighed.
USUAL = (1, 1, 1, 1, 1, 2, 4, 7, 9, 11, 12, 10, 9, 8, 8, 8, 8, 8, 9, 11, 12, 10, 6, 3)
SHOP, PERSON = 50.0, 6.0  # clicks that the prior of a shop and of a person weigh
FIRST, LAST = 8, 21  # hours that are chosen from; quiet hours are kept beside
NEIGHBOUR = 0.35  # a click just before or after an hour speaks for it, too
SPAN = timedelta(days=90)
CONTROL = 10  # percent of people


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
    """Sent at the best time, and to those left out; how many clicked; and the difference in percentage points with a 95 % interval."""

    chosen: tuple[int, int]  # sent, clicked
    control: tuple[int, int]

    @property
    def lift(self) -> tuple[float, float, float] | None:
        """(difference, low, high) of the shares that clicked; None while either group is empty. Newcombe's interval (1998, method 10)."""
        if not self.chosen[0] or not self.control[0]:
            return None
        (a, low_a, high_a), (b, low_b, high_b) = (_wilson(clicked, sent) for sent, clicked in (self.chosen, self.control))
        return a - b, a - b - math.hypot(a - low_a, high_b - b), a - b + math.hypot(high_a - a, b - low_b)


def _wilson(hits: int, of: int, z: float = 1.959964) -> tuple[float, float, float]:
    """A share with its 95 % interval (Wilson 1927)."""
    share, wide = hits / of, z * z / of
    middle, half = (share + wide / 2) / (1 + wide), z * math.sqrt(share * (1 - share) / of + wide / (4 * of)) / (1 + wide)
    return share, middle - half, middle + half


def measured(flow_id: UUID, node: str, since: datetime) -> Measured:
    """How a step that writes at the best time fared beside those left out. Reads the step's messages since then."""
    sent = Message.objects.filter(flow_id=flow_id, node=node, state=State.SENT, sent_at__gte=since, test=False)
    clicked = set(Engagement.objects.filter(message__in=sent, kind=Act.CLICK, machine=False).values_list("message_id", flat=True))
    groups = {True: [0, 0], False: [0, 0]}
    for pk, address in sent.values_list("pk", "to_address").iterator():
        group = groups[in_control(address)]
        group[0] += 1
        group[1] += pk in clicked
    return Measured((groups[False][0], groups[False][1]), (groups[True][0], groups[True][1]))
