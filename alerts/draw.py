"""Piles in words: rows with the pages they lead to, one mail for a kind or for a day, one text for a chat."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alerts.kinds import KINDS
from alerts.models import Pile
from integrations.models import WebhookEndpoint
from notifications.definition import Tell
from notifications.models import Decision, Enrolment
from notifications.plans import plan_of
from orders.models import Order
from postpurchase.lib.ids import to_public
from postpurchase.post.write import Letter, Row
from postpurchase.tenancy.models import ApiKey, Membership, Merchant
from transfers.models import Export, Import

BY_ORDER = {"doubt": ("messages", "msg"), "failed": ("messages", "msg"), "parcel": ("orders", "ord"), "flow": ("orders", "ord")}


@dataclass(frozen=True)
class Part:
    """One pile, written out."""

    headline: str
    text: str
    url: str
    rows: list[Row]


def part(pile: Pile, merchant: Merchant) -> Part:
    """Headline, the first rows, and how many more there are. At most two queries."""
    kind, at = KINDS[pile.kind], f"{settings.BASE_URL}/m/{merchant.slug}/"
    refs = [(UUID(row), UUID(order) if order else None) for row, order in pile.first]
    rows = _by_order(pile.kind, refs, at) if pile.kind in BY_ORDER else _named(pile.kind, [row for row, _order in refs], at)
    rest = pile.count - len(rows)
    if rows and rest > 0:
        rows.append(Row(_("and %(n)s more") % {"n": rest}, at + kind.list))
    return Part(kind.said(pile.count), str(kind.text), at + kind.list, rows)


def _by_order(kind: str, refs: list[tuple[UUID, UUID | None]], at: str) -> list[Row]:
    folder, prefix = BY_ORDER[kind]
    told = _told([row for row, _order in refs]) if kind == "flow" else {}
    numbers = dict(Order.objects.filter(pk__in=[order for _row, order in refs if order]).values_list("pk", "number"))
    found = []
    for row, order in refs:
        about = order if prefix == "ord" else row
        if order in numbers and about:
            named = _("Order %(number)s") % {"number": numbers[order]}
            found.append(Row(": ".join(part for part in (named, told.get(row, "")) if part), f"{at}{folder}/{to_public(prefix, about)}/"))
    return found


def _told(enrolments: list[UUID]) -> dict[UUID, str]:
    """What the flows that these are in had to tell, the last of each. Two queries."""
    versions = dict(Enrolment.objects.filter(pk__in=enrolments).values_list("pk", "version_id"))
    told = Decision.objects.filter(enrolment__in=enrolments, verdict="told").order_by("id").values_list("enrolment_id", "node")
    steps = {pk: plan_of(versions[pk]).step(node) for pk, node in told}
    return {pk: step.text for pk, step in steps.items() if isinstance(step, Tell)}


def _named(kind: str, ids: list[UUID], at: str) -> list[Row]:
    if kind == "webhook":
        return _rows(WebhookEndpoint.objects.filter(pk__in=ids), f"{at}webhooks/", "whe")
    if kind == "member":
        found = Membership.objects.filter(pk__in=ids).select_related("user")
        return [Row(f"{row.user} ({row.user.email})", f"{at}team/{to_public('mbr', row.pk)}/") for row in found]
    if kind == "key":
        return [Row(row.label, f"{at}keys/") for row in ApiKey.objects.filter(pk__in=ids)]
    exports = [Row(f"{row}: {row.get_state_display()}", f"{at}exports/") for row in Export.objects.filter(pk__in=ids)]
    imports = Import.objects.filter(pk__in=ids)
    return [Row(f"{row}: {row.get_state_display()}", f"{at}imports/{to_public('imp', row.pk)}/") for row in imports] + exports


def _rows(rows: QuerySet[WebhookEndpoint], at: str, prefix: str) -> list[Row]:
    return [Row(str(row), f"{at}{to_public(prefix, row.pk)}/") for row in rows]


def letter(piles: Iterable[Pile], merchant: Merchant) -> Letter:
    """One kind as a mail of its own; several as one mail of the day."""
    parts = [part(pile, merchant) for pile in piles]
    home = f"{settings.BASE_URL}/m/{merchant.slug}/"
    note = {"note": _("You get this because you work for %(shop)s.") % {"shop": merchant.name}, "note_url": f"{home}alerts/"}
    if len(parts) == 1:
        (one,) = parts
        return Letter(f"{merchant.name}: {one.headline}", one.text, _("Look at it"), one.url, rows=one.rows, **note)
    rows = [row for one in parts for row in (Row(one.headline), *one.rows)]
    return Letter(
        _("%(shop)s: what happened since yesterday") % {"shop": merchant.name},
        _("What you wanted to hear of once a day."),
        _("Open your shop"),
        home,
        rows=rows,
        **note,
    )


def chat(piles: Iterable[Pile], merchant: Merchant) -> str:
    """For an incoming webhook of a chat, in the way of writing that such webhooks share: <address|words>."""
    lines = []
    for one in [part(pile, merchant) for pile in piles]:
        rows = ", ".join(f"<{row.url}|{_safe(row.text)}>" for row in one.rows)
        lines.append(f"<{one.url}|{_safe(f'{merchant.name}: {one.headline}')}>" + (f"\n{rows}" if rows else ""))
    return "\n".join(lines)


def _safe(text: str) -> str:
    """The three characters that mean something there; one line."""
    return " ".join(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦").split())
