"""Keep that a message was opened, a link of it followed, and by whom: a person, or a machine; and that somebody wanted no more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from notifications.engagement import machines
from notifications.engagement.links import PIXEL, TRAP
from notifications.models import Act, Engagement, Link, Message
from postpurchase.lib import clock
from tracking import zones


@dataclass(frozen=True)
class Visit:
    """Who came. `head`: asked for the headers only."""

    agent: str
    head: bool = False


def click(link_id: UUID, place: int, visit: Visit) -> str | None:
    """Where the link leads, once the click is kept; '' for the link that nobody sees, None where there is no such link."""
    link = _link(link_id)
    if link is None or not (place == TRAP or place < len(link.targets)):
        return None
    now = clock.business_now()
    sent = link.message.sent_at
    why = machines.why(agent=visit.agent, head=visit.head, trap=place == TRAP, since_sent=now - sent if sent else None)
    why = why or _burst(link, place)
    Engagement.objects.create(
        message_id=link.message_id, kind=Act.CLICK, place=place, at=now, machine=bool(why), why=why, agent=visit.agent[:200],
        hour=None if why else _hour(link, now),
    )  # fmt: skip
    return "" if place == TRAP else str(link.targets[place])


def opened(link_id: UUID, place: int, visit: Visit) -> bool:
    """Keep an opening. Whether there is such a message."""
    link = _link(link_id) if place == PIXEL else None
    if link is None:
        return False
    now, sent = clock.business_now(), link.message.sent_at
    why = machines.why(agent=visit.agent, head=visit.head, since_sent=now - sent if sent else None)
    Engagement.objects.create(message_id=link.message_id, kind=Act.OPEN, at=now, machine=bool(why), why=why, agent=visit.agent[:200])
    return True


def left(message: Message) -> None:
    """Keep that a person wanted no more of this after this message. Once for each."""
    Engagement.objects.get_or_create(message=message, kind=Act.LEAVE)


def _link(link_id: UUID) -> Link | None:
    """Locked, so that of several visits at once each sees the ones before it."""
    return Link.objects.select_for_update(of=("self",)).select_related("message__order").filter(pk=link_id).first()


def _hour(link: Link, now: datetime) -> int:
    """What the clock says where the person is: where the parcel went, else where the shop is."""
    order, home = link.message.order, zones.of_brand()
    region = str((order.shipping_address or {}).get("region", "")) if order else ""
    zone = zones.of_place(order.ship_country, order.ship_postcode, region, home) if order else zones.named(home)
    return now.astimezone(zone).hour


def _burst(link: Link, place: int) -> str:
    """'burst' where one visitor follows all the links at once. The clicks before this one were the same machine's: they learn it now."""
    since = clock.business_now() - machines.BURST
    lately = Engagement.objects.filter(message_id=link.message_id, kind=Act.CLICK, at__gte=since).exclude(place=TRAP)
    places = set(lately.values_list("place", flat=True)) | {place}
    if not machines.is_burst(places, len(link.targets)):
        return ""
    lately.filter(machine=False).update(machine=True, why="burst")
    return "burst"
