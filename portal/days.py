"""Days of arrival as a person would say them."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from postpurchase.ui import words

WEEK = timedelta(days=6)  # so near, a weekday alone says which


def full(day: date, today: date) -> str:
    """Today; tomorrow, Friday 27 November; Thursday 26 November."""
    return words.day(day, today, long=True)


def span(earliest: date, latest: date, today: date) -> str:
    """The days in which something is to happen, to follow a verb: 'Friday or Saturday', 'between Thu 26 Nov and Mon 30 Nov'.

    Days that are over are left out of it.
    """
    first = min(max(earliest, today), latest)
    if first == latest:
        return _within(full(latest, today))
    if latest - first == timedelta(days=1) and latest - today <= WEEK:
        return _("%(one)s or %(other)s") % {"one": _near(first, today), "other": _near(latest, today)}
    return _("between %(first)s and %(last)s") % {"first": words.day(first, today), "last": words.day(latest, today)}


def _near(day: date, today: date) -> str:
    return words.day(day, today) if (day - today).days in (0, 1) else words.weekday(day, long=True)


def _within(text: str) -> str:
    """Without the capital that a heading wants: only words.day's today and tomorrow have one."""
    for word in (_("today"), _("tomorrow"), _("yesterday")):
        if text.lower().startswith(word):
            return word + text[len(word) :]
    return text
