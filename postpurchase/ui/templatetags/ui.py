"""Tags of the design system: icon, badge, when, field, money."""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext

from postpurchase.lib import clock
from postpurchase.ui import forms, words
from postpurchase.ui.badges import badge_for
from postpurchase.ui.mould import said as escaped
from postpurchase.ui.words import Speech

register = template.Library()
UNDO = "undo "  # begins the tags of a message of django.contrib.messages that can be undone


@lru_cache(maxsize=512)
def _icon(name: str, classes: str) -> SafeString:
    css = f"icon {classes}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, static("icons.svg"), name)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: the word beside it says the same. `classes`: l, flip."""
    return _icon(name, classes)


@register.simple_tag
def badge(status: Any, word: str = "") -> SafeString:
    """A state as icon and word (see badges.py); `word` overrides the text."""
    look = badge_for(status, word)
    word = escaped(look.word)
    return mark_safe(f'<span class="badge" data-tone="{escaped(look.tone)}">{_icon(look.icon, "")}{word}</span>')  # noqa: S308


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Minor units as text: {{ 12840|money:"EUR" }} is €128.40. None is an empty string."""
    return "" if minor is None else words.money(minor, currency)


@register.filter
def way_back(message: Any) -> dict[str, Any] | None:
    """Where a message's Undo posts to, and what: {url, fields [(name, value)]}; None for one that has none."""
    tags = message.extra_tags or ""
    if not tags.startswith(UNDO):
        return None
    url, _, query = tags.removeprefix(UNDO).partition("?")
    return {"url": url, "fields": parse_qsl(query)}


@register.filter
def number(value: int | float | None) -> str:
    """A number grouped for the reader: 1,204. None is an empty string."""
    return "" if value is None else words.number(value)


@register.filter
def bdi(value: object) -> SafeString:
    """A name or number such as #1187, kept as it is in a sentence that is read from right to left."""
    return format_html("<bdi>{}</bdi>", value)


@register.filter
def isolated(value: str) -> str:
    """The same where no element can stand, as in a title."""
    return words.isolated(value)


def _said(value: datetime, now: datetime, form: str, here: Speech) -> str:
    if form == "clock":
        return words.clock_time(value, here=here)
    if form == "full":
        return f"{words.day(value.date(), now.date(), here=here)} {words.clock_time(value, here=here)}"
    if form == "short":
        return words.day(value.date(), now.date(), weekday=False, here=here)
    if form in ("day", "heading"):
        return words.day(value.date(), now.date(), long=form == "heading", here=here)
    return words.moment(value, now, here=here)


@register.simple_tag
def when(value: date | datetime | None, form: str = "", zone: str = "", classes: str = "") -> SafeString | str:
    """A time element as people say it, exact time and zone in the DOM and on hover.

    Forms: "" (today 14:02, Wed 18:02, Fri 13 Nov), clock (14:02), full (Wed 18 Nov 18:02), day (Thu 26 Nov), short
    (26 Nov), heading (Today, Monday 23 November). `zone` shows the moment in another zone than the active one. None is a dash.
    A naive moment is a clock on a wall whose zone nobody told: it is shown as it is, in the zone's day, and no zone is claimed.
    """
    if value is None:
        return "–"
    css = format_html(' class="{}"', classes) if classes else ""
    if not isinstance(value, datetime):
        today = clock.business_now().astimezone(get_current_timezone()).date()
        said = words.day(value, today, long=form == "heading", weekday=form != "short")
        return format_html('<time{} datetime="{}">{}</time>', css, value.isoformat(), said)
    tz = ZoneInfo(zone) if zone else get_current_timezone()
    return mark_safe(_time(value, clock.business_now(), tz, form, css, words.speech()))  # noqa: S308


def _time(value: datetime, now: datetime, zone: tzinfo, form: str, css: str, here: Speech) -> str:
    """The element, with both moments as they are in the zone; a naive one stays as it is."""
    there = value if value.tzinfo is None or value.tzinfo is zone else value.astimezone(zone)
    said = _said(there, now.astimezone(zone), form, here)
    return f'<time{css} datetime="{there.isoformat()}" title="{escaped(words.exact(there, here=here))}">{escaped(said)}</time>'


@register.simple_tag
def scans(every: Iterable[Any]) -> SafeString:
    """The scans of a parcel's timeline, each {text, place, at, zone, tone, icon}. Drawn here, as a page may have hundreds."""
    now, here = clock.business_now(), words.speech()
    return mark_safe("".join([_scan(seen, now, here) for seen in every]))  # noqa: S308


def _scan(seen: Any, now: datetime, here: Speech) -> str:
    tone = f' data-tone="{escaped(seen.tone)}"' if seen.tone else ""
    place = f"<p>{escaped(seen.place)}</p>" if seen.place else ""
    head = f'<li{tone}><span class="mark">{_icon(seen.icon, "")}</span><div><b class="medium">{escaped(seen.text)}</b>'
    return f"{head}{place}</div>{_time(seen.at, now, ZoneInfo(seen.zone), '', '', here)}</li>"


@register.simple_tag
def field(bound: BoundField, hint: str = "", **attrs: str) -> SafeString:
    """A form field with label, control, hint and errors. Extra attributes go to the control: placeholder="80337"."""
    return forms.render_field(bound, hint=hint, attrs={key.replace("_", "-"): value for key, value in attrs.items()})


@register.simple_tag
def copy_button(value: str, label: str, classes: str = "copy", word: str = "") -> SafeString:
    """A button that copies `value`; `label` says what is copied, `word` is what is seen. Hidden until the script runs."""
    kept = f'class="{escaped(classes)}" data-copy="{escaped(value)}" data-done="{escaped(gettext("Copied"))}"'
    seen = f'<span aria-hidden="true">{escaped(word or gettext("Copy"))}</span>'
    said = f'<span class="vh">{escaped(label)}</span>'
    return mark_safe(f'<button type="button" {kept} hidden>{_icon("copy", "")}{seen}{said}</button>')  # noqa: S308
