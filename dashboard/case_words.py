"""What is wrong with a parcel, and what was done about it, in people's words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard import wording
from desk.models import Case, Step
from postpurchase.tenancy.models import User
from postpurchase.ui import words
from postpurchase.ui.badges import badge_for

KINDS = (
    "missing", "request",
    "late_vs_promise", "late_vs_edd", "stalled", "no_scan_after_label", "repeated_attempts", "pickup_expiring", "exception", "conflict",
)  # fmt: skip
SAID = {
    "missing": lazy("The shopper says that it has not arrived"),
    "request": lazy("The shopper asks you for something"),
    "exception": lazy("The carrier says that something holds it up"),
}
ACTS = {
    "told": ("send", lazy("The shopper was written to")),
    "asked": ("message-circle", lazy("The carrier was asked")),
    "snoozed": ("clock", lazy("Put off until %s")),
    "assigned": ("user", lazy("Given to %s")),
    "done": ("circle-check", lazy("Done")),
    "reopened": ("rotate-ccw", lazy("Opened again")),
}


def badge(kind: str) -> str:
    """The badge of a kind of trouble."""
    return wording.FLAG_BADGES.get(kind, kind)


def badges(case: Case) -> list[str]:
    """The badges of a case, the gravest first, each once."""
    return list(dict.fromkeys(badge(kind) for kind in KINDS if kind in case.kinds))


def choices() -> list[tuple[str, str]]:
    """The kinds as a filter offers them: those with one badge are one."""
    return list({badge(kind): (badge(kind), str(badge_for(badge(kind)).word)) for kind in KINDS}.values())


def of_badge(name: str) -> list[str]:
    """The kinds that wear a badge; [] for none of ours."""
    return [kind for kind in KINDS if badge(kind) == name]


def troubles(case: Case) -> list[str]:
    """What is wrong, a sentence each."""
    return [str(SAID[kind]) if kind in SAID else wording.plain(wording.FLAGS, kind) for kind in KINDS if kind in case.kinds]


def history(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """What was done, for ui/_trace.html. One query."""
    given = {int(one.text) for one in steps if one.act == "assigned" and one.text.isdecimal()}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=given)} if given else {}
    return [_step(one, names) for one in steps]


def _step(one: Step, names: dict[int, str]) -> dict[str, Any]:
    icon, said = ACTS[one.act]
    title, text = str(said), one.text
    if one.act == "snoozed":
        title, text = title % words.short_day(words.localised(datetime.fromisoformat(one.text)).date(), weekday=True), ""
    elif one.act == "assigned":
        title, text = (title % names.get(int(one.text), _("somebody")) if one.text else _("Given to nobody")), ""
    elif one.act == "told":
        text = wording.template(one.text)
    elif one.act == "asked":
        text = ""
    who = f"{one.by or _('Somebody')}, {words.moment(words.localised(one.at), words.now())}"
    tone = "ok" if one.act == "done" else ""
    return {"tone": tone, "icon": icon, "title": title, "text": f"{who}: {text}" if text else who, "at": None}
