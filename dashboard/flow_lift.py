"""Shares, differences and what a holdout proves, in words and as lines of a file."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from notifications.results.arms import FEW, FEW_ORDERERS, Judged, Lift
from notifications.results.interval import Interval, share
from postpurchase.lib.money import to_decimal
from postpurchase.ui import words


def share_of(hits: int, of: int) -> str:
    """A share with its 95 % interval, as words: 2.1%, from 1.8% to 2.5%. `of` is at least 1."""
    told = share(hits, of)
    said = {"value": _percent(told.value), "low": _percent(told.low), "high": _percent(told.high)}
    return _("%(value)s, from %(low)s to %(high)s") % said


def _percent(value: float) -> str:
    return words.percent(value, digits=1)


def points(told: Interval) -> str:
    """A difference of shares in percentage points: +1.2 points, from −0.3 to +2.7."""
    value, low, high = (_signed(100 * one) for one in (told.value, told.low, told.high))
    return _("%(value)s points, from %(low)s to %(high)s") % {"value": value, "low": low, "high": high}


def _signed(value: float) -> str:
    text = words.number(abs(round(value, 1)))
    return f"+{text}" if round(value, 1) > 0 else f"−{text}" if round(value, 1) < 0 else text


def side(given: tuple[int, int]) -> str:
    """So many of so many."""
    return _("%(hits)s of %(of)s") % {"hits": words.number(given[0]), "of": words.number(given[1])}


def said(lift: Lift) -> dict[str, Any]:
    """What a holdout proves, in words; `value` and `spent` are '' where there are too few people, or too few who ordered."""
    told = lift.interval
    found = {"written": side(lift.written), "held": side(lift.held), "value": "", "spent": "", "spent_more": "", "more": ""}
    if told is None:
        fewest = words.number(min(lift.written[1], lift.held[1]))
        return found | {"more": _("Too few: %(n)s people on the smaller side, %(few)s are wanted.") % {"n": fewest, "few": FEW}}
    low, high = (round(bound * lift.written[1]) for bound in (told.low, told.high))
    more = _("Of %(n)s people written to, that is %(low)s to %(high)s orderers more than without these messages.")
    of = more % {"n": words.number(lift.written[1]), "low": words.number(low), "high": words.number(high)}
    return found | {"value": points(told), "more": of if told.clear else _("Zero is among these: it may be chance.")} | _spent(lift)


def _spent(lift: Lift) -> dict[str, str]:
    """What messages add in money: for one person, and for all who were written to."""
    told = lift.revenue
    if told is None:
        fewest = words.number(min(lift.written[0], lift.held[0]))
        return {"spent_more": _("Too few: %(n)s ordered on the smaller side, %(few)s are wanted.") % {"n": fewest, "few": FEW_ORDERERS}}
    each = [words.money(round(one.mean), lift.currency) for one in (lift.written_spent, lift.held_spent)]
    text = _("Less refunds, a person written to spent %(written)s, one held out %(held)s.") % dict(
        zip(("written", "held"), each, strict=True)
    )
    low, high = (words.money(round(bound * lift.written[1]), lift.currency) for bound in (told.low, told.high))
    whole = _("For all %(n)s, that is %(low)s to %(high)s.") % {"n": words.number(lift.written[1]), "low": low, "high": high}
    more = whole if told.clear else _("Zero is among these: it may be chance.")
    return {"spent": _amount(told, lift.currency), "spent_more": f"{text} {more}"}


def _amount(told: Interval, currency: str) -> str:
    """A difference of amounts: €1.20, from −€0.30 to €2.70."""
    value, low, high = (words.money(round(one), currency) for one in (told.value, told.low, told.high))
    return _("%(value)s a person, from %(low)s to %(high)s") % {"value": value, "low": low, "high": high}


HEAD = (
    "holdout of test", "people", "ordered again", "held out", "held out who ordered", "points more", "from", "to", "currency",
    "revenue per person", "held out revenue per person", "more per person", "from", "to",
)  # fmt: skip


def lines(tests: Iterable[Judged]) -> list[list[Any]]:
    """What holdouts prove, for a file: below an empty line, a head and a line for each; nothing where nobody is held out."""
    found = [[one.step.id, *_numbers(one.lift)] for one in tests if one.lift]
    return [[], list(HEAD), *found] if found else []


def _numbers(lift: Lift) -> list[Any]:
    counts = [lift.written[1], lift.written[0], lift.held[1], lift.held[0]]
    share_, money = lift.interval, lift.revenue
    points_ = [f"{100 * one:.2f}" for one in (share_.value, share_.low, share_.high)] if share_ else [None] * 3
    means = [one.mean if one.people else 0.0 for one in (lift.written_spent, lift.held_spent)]
    amounts = [*means, *((money.value, money.low, money.high) if money else ())]
    told = [str(to_decimal(round(one), lift.currency)) for one in amounts] if lift.currency else []
    return [*counts, *points_, lift.currency, *told, *[None] * (5 - len(told))]
