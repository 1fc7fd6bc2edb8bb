"""Days of arrival as a person would say them."""

from datetime import date, timedelta

from portal.tongue import told as _
from postpurchase.ui import words

WEEK = timedelta(days=6)  # so near, a weekday alone says which


def full(day: date, today: date) -> str:
    """A day written out, to follow a verb: today, Monday 23 November; Thursday 26 November."""
    text = words.day(day, today, long=True)
    return text[:1].lower() + text[1:] if abs((day - today).days) <= 1 else text  # the word before the date, as in "heute, Montag"


def span(earliest: date, latest: date, today: date) -> str:
    """The days in which something is to happen, to follow a verb: 'Friday or Saturday', 'between Thu 26 Nov and Mon 30 Nov'.

    Days that are over are left out of it.
    """
    first = min(max(earliest, today), latest)
    if first == latest:
        return full(latest, today)
    if _adjacent(first, latest, today):
        return _("%(one)s or %(other)s") % {"one": _near(first, today), "other": _near(latest, today)}
    return _("between %(first)s and %(last)s") % {"first": words.day(first, today), "last": words.day(latest, today)}


def short(earliest: date, latest: date, today: date) -> str:
    """The same in the least room: 'tomorrow', 'Fri 6 Mar', '6 Mar – 10 Mar'."""
    first = min(max(earliest, today), latest)
    if first == latest:
        return words.day(latest, today)
    if _adjacent(first, latest, today):
        return _("%(one)s or %(other)s") % {"one": words.weekday(first), "other": words.weekday(latest)}
    return words.days(first, latest)


def past(day: date, today: date) -> str:
    """A day that has been, to follow a verb: today, yesterday, Thursday 26 November."""
    return words.day(day, today) if (today - day).days in (0, 1) else full(day, today)


def _near(day: date, today: date) -> str:
    return words.day(day, today) if (day - today).days in (0, 1) else words.weekday(day, long=True)


def _adjacent(first: date, latest: date, today: date) -> bool:
    return latest - first == timedelta(days=1) and latest - today <= WEEK
