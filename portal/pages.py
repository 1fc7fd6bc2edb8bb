"""The tracking page: from facts to one answer, its proof, and help."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

from orders.models import Order
from portal import answers, asking, calendar, days, journey_map
from portal.answers import DONE, MOVING, NEEDS_YOU, ORDERED, OUT, Told
from portal.cards import boxes_of, card_of, steps, track_of, unshipped, ways_of
from portal.designed import Designed
from portal.journey import Parcel, Shop, expected, parcels_of, shop_of
from portal.reading import BrandRow, Facts, OrderRow
from portal.shown import Details, Flag, Item, Link, Page, Track
from portal.tongue import told as _
from postpurchase.lib import clock, crypto
from postpurchase.ui import words

OPEN_FOR = timedelta(days=180)  # after delivery; or after the order, where nothing was ever delivered, twice that


def expired(order: OrderRow | Order) -> bool:
    """Whether the page is no longer shown to whoever has its link."""
    ended = order.delivered_at + OPEN_FOR if order.delivered_at else order.placed_at + 2 * OPEN_FOR
    return order.erased_at is not None or clock.business_now() > ended


def build(facts: Facts, token: str, details: Details | None = None) -> Page:
    """The page of an order; with `details` for its buyer. Call it with the reader's language and the brand's zone active."""
    shop = shop_of(facts.order, facts.brand, contact_url(facts.brand, facts.order.number), facts.parcels)
    parcels = parcels_of(facts.parcels, shop)
    told, design = [answers.tell(parcel) for parcel in parcels], Designed(facts.design)
    rest = unshipped(facts.lines, parcels)
    cancelled = facts.order.cancelled_at is not None and not any(one.rank in (OUT, MOVING) for one in told)
    head = _cancelled(facts, shop) if cancelled and not parcels else _together(parcels, told, rest) if parcels else _packing(shop, rest)
    lead = _lead(parcels, told)
    cards = [card_of(parcel, one, facts.lines) for parcel, one in zip(parcels, told, strict=True)]
    note = _("%(shop)s writes when it is on its way.") % {"shop": shop.brand.name} if rest and parcels else ""
    scan = parcels[lead].row.scans[0] if parcels and parcels[lead].row.scans else None
    return Page(
        order_number=facts.order.number,
        title=head.answer,
        flag=head.flag,
        answer=head.answer,
        promised=head.promised,
        expected=head.expected,
        reasons=[words.closed(reason) for reason in head.reasons],
        act=head.act,
        track=track_of(parcels[lead], head) if parcels else _track(shop, head),
        parcels=[design.card(card) for card in cards],
        unshipped=rest if design.items else [],
        unshipped_text=note,
        help=[*help_of(facts.brand, shop, token), *asking.offers(facts, parcels, token)],
        unlocked=details is not None,
        unlock_url=f"/t/{token}/code" if facts.order.has_email else "",
        details=details,
        read_from=parcels[lead].carrier if scan else "",
        read_at=scan.received_at if scan else None,
        unsubscribe_url=f"/u/{crypto.link_token(facts.message)}" if facts.message else "",
        main=design.main,
        beside=design.beside,
        wishes=asking.said(facts.wishes),
        calendar_url=f"/t/{token}/delivery.ics" if calendar.windows(parcels) else "",
        score=design.score,
        map=journey_map.of(parcels[lead]) if parcels and design.shows("map") else None,
        stars=stars_of(token) if design.shows("review") and may_be_rated(facts) else [],
        ways=ways_of(cards) if design.shows("timeline") else [],
        boxes=boxes_of(cards, rest, note) if design.shows("items") else [],
    )


def contact_url(brand: BrandRow, number: str) -> str:
    """How to reach the shop, with the order in the subject; may be empty."""
    if brand.support_email:
        return f"mailto:{brand.support_email}?subject={quote(_('Order %(number)s') % {'number': number})}"
    return brand.support_url


def help_of(brand: BrandRow, shop: Shop, token: str) -> list[Link]:
    """Where to turn. The shop's own page for help is reached by an address of ours, which counts that it was."""
    contact = f"/t/{token}/contact" if brand.support_url else shop.contact
    phone = brand.support_phone
    links = [
        Link("message-circle", _("Contact %(shop)s") % {"shop": brand.name}, contact),
        Link("smartphone", _("Call %(phone)s") % {"phone": words.isolated(phone)}, f"tel:{phone.replace(' ', '')}"),
        Link("undo-2", _("How returns work"), brand.return_policy_url),
    ]
    return [link for link in links if link.url and link.url != "tel:"]


def may_be_rated(facts: Facts) -> bool:
    """Whether it is time to ask how it was: all is delivered, and nobody misses it."""
    return facts.order.delivered_at is not None and not any((one.kind, one.state) == ("missing", "asked") for one in facts.wishes)


def stars_of(token: str) -> list[Link]:
    """Five stars. Each leads to a form with that one taken, and from there to where the shop collects reviews."""
    return [Link("star", said, f"/t/{token}/stars/{n}") for n, said in star_words()]


def star_words() -> list[tuple[int, str]]:
    """What each of the five is called."""
    return [(n, _("%(n)s of 5 stars") % {"n": n}) for n in range(1, 6)]


def _lead(parcels: Sequence[Parcel], told: Sequence[Told]) -> int:
    """Which parcel the page is about: the one that needs somebody, else the next to arrive, else the last that did."""
    if not parcels:
        return 0
    if all(one.rank == DONE for one in told):
        return max(range(len(parcels)), key=lambda n: parcels[n].row.delivered_at or parcels[n].row.created_at)
    return min(range(len(parcels)), key=lambda n: (told[n].rank, parcels[n].due or date.max, n))


def _together(parcels: Sequence[Parcel], told: Sequence[Told], rest: list[Item]) -> Told:
    """One answer for all parcels."""
    lead = _lead(parcels, told)
    head = told[lead] if len(parcels) == 1 else _of_several(parcels, told, lead)
    if rest and head.rank == DONE:
        more = _("Part of your order is not shipped yet.")
        return replace(head, reasons=(*head.reasons, more))
    return head


def _of_several(parcels: Sequence[Parcel], told: Sequence[Told], lead: int) -> Told:
    head, count = told[lead], len(parcels)
    there = sum(one.rank == DONE for one in told)
    if there == count:
        answer = _("Both parcels are delivered") if count == 2 else _("All %(count)s parcels are delivered") % {"count": count}
        return replace(
            head,
            answer=answer,
            reasons=(_("The last one: %(said)s.") % {"said": _lower(head.answer, parcels[lead].carrier)}, *head.reasons),
        )
    named = {"n": parcels[lead].position, "said": head.answer, "count": count, "there": there}
    if head.rank <= OUT or head.flag:
        others = (_("%(there)s of %(count)s parcels delivered.") % named,) if there else ()
        return replace(
            head,
            answer=_("Parcel %(n)s of %(count)s: %(said)s") % (named | {"said": _lower(head.answer, parcels[lead].carrier)}),
            reasons=(*head.reasons, *others),
        )
    window, today = parcels[lead].window, parcels[lead].shop.today
    if window is None or window.latest < today:
        return head
    when = {"days": days.span(window.earliest, window.latest, today)}
    if there:
        return replace(head, answer=_("%(there)s of %(count)s delivered, the next comes %(days)s") % (named | when))
    same = all(one.due == window.latest for one in parcels)
    if same:
        return replace(head, answer=_("Your %(count)s parcels arrive %(days)s") % (named | when))
    return replace(head, answer=_("The first of %(count)s parcels arrives %(days)s") % (named | when))


def _lower(text: str, carrier: str) -> str:
    """A sentence as part of another. German nouns and names keep their capital."""
    keeps = words.speech().language.startswith("de") or text.startswith(carrier)
    return text if keeps else text[:1].lower() + text[1:]


def _packing(shop: Shop, rest: list[Item]) -> Told:
    if not rest:
        return Told(_("Nothing in this order is to be shipped"), DONE, None)
    window, today = expected(shop), shop.today
    named = {"shop": shop.brand.name}
    if window.latest < today:
        flag, day = answers.warn(_("Later than expected"), "clock"), days.full(window.latest, today)
        promised, usual = (day, "") if window.source == "promise" else ("", day)
        act = Link("message-circle", _("Ask the shop"), shop.contact) if shop.contact else None
        reasons = (_("%(shop)s has not handed it to a carrier yet.") % named,)
        return Told(_("Not shipped yet"), NEEDS_YOU, ORDERED, "warn", reasons, flag, promised, usual, act)
    earliest = max(window.earliest, today + timedelta(days=1))
    when = {"days": days.span(earliest, window.latest, today)}
    reasons = (_("Expected %(days)s. %(shop)s writes when it is on its way.") % (named | when),)
    last = days.short(earliest, window.latest, today)
    return Told(_("Being packed"), MOVING, ORDERED, reasons=reasons, last=last)


def _track(shop: Shop, head: Told) -> Track | None:
    if head.step is None:
        return None
    return steps(_("Progress of your order"), head.step, head.tone, [shop.order.placed_at, None, None, None, None], last=head.last)


def _cancelled(facts: Facts, shop: Shop) -> Told:
    at = facts.order.cancelled_at
    day = words.day(at.astimezone(shop.zone).date(), shop.today, long=True) if at else ""
    money = _("The money has been sent back to how you paid; it can take some days to arrive.")
    ask = _("%(shop)s settles the money with you.") % {"shop": shop.brand.name}
    flag = Flag("warn", "ban", _("Cancelled: %(day)s") % {"day": day})
    return Told(_("This order was cancelled"), DONE, None, reasons=(money if facts.order.refunded else ask,), flag=flag)
