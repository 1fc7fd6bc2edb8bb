"""A form for each kind of step: filled from a step, and turned into the step that it says."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard import flow_words, wording
from notifications import ours
from notifications.definition import Definition, Missing, Send, Tag, Tell, Until, Wait
from notifications.definition.check import GUARDS, SURE
from notifications.models import EmailDesign

Initial = dict[str, Any]
TIMES = [("1", _("hours")), ("24", _("days"))]
GUARANTEES = [
    ("amo", _("At most once: in doubt it is not sent again")),
    ("key", _("Exactly once, where the provider can tell")),
    ("alo", _("At least once: in doubt it is sent again")),
]


def number(label: Any, most: int, least: int = 0, **more: Any) -> forms.IntegerField:
    """A whole number within bounds."""
    field = forms.IntegerField(label=label, min_value=least, max_value=most, **more)
    field.widget.attrs["inputmode"] = "numeric"
    return field


def _against() -> list[tuple[str, str | Promise]]:
    return [(name, wording.CHECKS[name][1]) for name in GUARDS]


def _messages(chosen: str) -> list[Any]:
    """What a step may send, by what it is for; and what it names already, whatever that is."""
    designs = [(design.template, design.name) for design in EmailDesign.objects.only("key", "name").order_by("name", "id")]
    groups = [
        (_("Order messages"), [(name, wording.template(name)) for name in ours.NEWS if name in wording.ICONS]),
        (_("Marketing"), [(name, wording.template(name)) for name in ours.REQUESTS]),
        (_("Your designs"), designs),
    ]
    known = {name for _group, names in groups for name, _word in names}
    return [*([] if chosen in known else [(chosen, wording.template(chosen))]), *(group for group in groups if group[1])]


class StepForm(forms.Form):
    """`more`: fields that stand under "Advanced". `beside`: those that stand beside each other in one row."""

    more: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id, self.label_suffix = "step-%s", ""

    def main_fields(self) -> list[forms.BoundField]:
        """What is always seen."""
        return [self[name] for name in self.fields if name not in self.more]

    def main_rows(self) -> list[list[forms.BoundField]]:
        """The same as they are drawn: those of `beside` in one row, in the place of the first."""
        rows: list[list[forms.BoundField]] = []
        for field in self.main_fields():
            if field.name in self.beside and rows and rows[-1][0].name in self.beside:
                rows[-1].append(field)
            else:
                rows.append([field])
        return rows

    def more_fields(self) -> list[forms.BoundField]:
        """What few need."""
        return [self[name] for name in self.more if name in self.fields]


class WaitForm(StepForm):
    """How long, counted from what, until when on the clock, and what if that never comes."""

    mode = forms.ChoiceField(label=_("Wait"), choices=[("for", _("Counted from a moment")), ("on", _("Until a day of the calendar"))])
    on = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    days = number(_("Days"), 365)
    hours = number(_("Hours"), 23)
    minutes = number(_("Minutes"), 59)
    side = forms.ChoiceField(label=_("Before or after"), choices=[("after", _("After")), ("before", _("Before"))])
    anchor = forms.ChoiceField(label=_("Counted from"), choices=list(flow_words.ANCHORS.items()))
    missing_days = number(_("If it has not come after so many days"), 365, 1)
    missing_to = forms.ChoiceField(
        label=_("Then"),
        choices=[("leave", _("Leave the flow")), ("on", _("Go on all the same")), ("way", _("Go another way"))],
    )
    at = forms.CharField(
        label=_("Then until this time of day"),
        required=False,
        help_text=_("The shopper’s clock. Empty: at once."),
        widget=forms.TextInput(attrs={"type": "time"}),
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Only on"),
        required=False,
        choices=[(str(at), day) for at, day in enumerate(flow_words.WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: on any day."),
    )
    use_days = forms.BooleanField(
        label=_("Count the product’s own days of use"),
        required=False,
        help_text=_("The longest of the order’s products; the days above where no product says."),
    )
    best_time = forms.BooleanField(label=_("At the hour at which this person reads"), required=False)
    more = ("weekdays", "best_time")
    beside = ("days", "hours", "minutes")

    def __init__(self, *args: Any, plan: Definition, step: Wait, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sure = {one.event for one in plan.triggers} <= SURE[step.anchor]
        gone = ("days", "hours", "minutes", "side", "anchor", "use_days") if step.on else ("on",)
        for name in (*gone, *(("missing_days", "missing_to") if step.on or sure else ())):
            del self.fields[name]

    @staticmethod
    def filled(step: Wait) -> Initial:
        """What the form shows of a step."""
        plain = {name: getattr(step, name) for name in ("on", "days", "anchor", "at", "use_days", "best_time")}
        to = "leave" if step.missing is None or not step.missing.next else "on" if step.missing.next == step.next else "way"
        return plain | {
            "mode": "on" if step.on else "for",
            "hours": step.minutes // 60,
            "minutes": step.minutes % 60,
            "side": "before" if step.before else "after",
            "weekdays": [str(day) for day in step.weekdays],
            "missing_days": step.missing.days if step.missing else 30,
            "missing_to": to,
        }

    def told(self, step: Wait) -> Initial:
        """The fields of the step that the form says. `missing.next` is "?" for a way of its own that is still to be made."""
        given = self.cleaned_data
        new: Initial = {
            "at": given["at"] or None,
            "weekdays": sorted(int(day) for day in given["weekdays"]),
            "best_time": given["best_time"],
            "on": given.get("on"),
        }
        if "days" in given:
            new |= {"days": given["days"], "minutes": given["hours"] * 60 + given["minutes"], "before": given["side"] == "before"}
            new |= {"anchor": given["anchor"], "use_days": given["use_days"]}
        if new["on"] or step.on:
            new |= {"days": 0, "minutes": 0, "before": False, "use_days": False, "anchor": "here", "missing": None}
        elif "missing_to" in given:
            way = step.missing.next if step.missing and step.missing.next not in ("", step.next) else "?"
            to = {"leave": "", "on": step.next, "way": way}[given["missing_to"]]
            new["missing"] = Missing(days=given["missing_days"], next=to or "")
        else:
            new["missing"] = None
        return new


class SendForm(StepForm):
    """What is sent, and what speaks against it."""

    template = forms.ChoiceField(label=_("Message"))
    channel = forms.ChoiceField(label=_("By"), choices=[("email", _("Email")), ("sms", _("SMS"))])
    unless = forms.MultipleChoiceField(
        label=_("Not if"),
        required=False,
        choices=_against,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Asked again at the last moment. Then it is not sent, and the reason is kept."),
    )
    hold_while = forms.MultipleChoiceField(
        label=_("Hold while"),
        required=False,
        choices=_against,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Waits until it is over, as long as the message is useful."),
    )
    useless = number(_("Useless after"), 8760, 1, required=False)
    unit = forms.ChoiceField(label=_("Counted in"), choices=TIMES)
    anchor = forms.ChoiceField(label=_("Useless, counted from"), choices=[(k, w) for k, w in flow_words.ANCHORS.items() if k != "here"])
    priority = number(_("Priority"), 9, help_text=_("9 goes before 0, where a person may get only one message now."))
    digest_minutes = number(_("Wait for its like, minutes"), 1440, help_text=_("Two parcels on one day become one message."))
    guarantee = forms.ChoiceField(label=_("If the mail server does not answer"), choices=GUARANTEES)
    more = ("hold_while", "anchor", "priority", "digest_minutes", "guarantee")
    beside = ("useless", "unit")

    def __init__(self, *args: Any, plan: Definition, step: Send, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = _messages(step.template)  # type: ignore[attr-defined]

    @staticmethod
    def filled(step: Send) -> Initial:
        """What the form shows of a step."""
        hours = step.useless_after_hours or 0
        days = bool(hours) and hours % 24 == 0
        plain = {name: getattr(step, name) for name in ("template", "channel", "unless", "hold_while", "anchor", "priority")}
        plain |= {"digest_minutes": step.digest_minutes, "guarantee": step.guarantee}
        return plain | {"useless": (hours // 24 if days else hours) or None, "unit": "24" if days else "1"}

    def told(self, step: Send) -> Initial:
        """The fields of the step that the form says."""
        given = dict(self.cleaned_data)
        useless, unit = given.pop("useless"), given.pop("unit")
        order = {name: at for at, name in enumerate(step.unless)}  # as they were: their order is the order of asking
        given["unless"] = sorted(given["unless"], key=lambda name: order.get(name, len(order)))
        return given | {"useless_after_hours": useless * int(unit) if useless else None}

    def clean(self) -> Initial:
        """A year at most, whatever it is counted in."""
        given: Initial = super().clean() or {}
        if (given.get("useless") or 0) * int(given.get("unit") or 1) > 8760:
            self.add_error("useless", _("A year at most: 365 days, or 8760 hours."))
        return given


class UntilForm(StepForm):
    """The longest time. What is waited for stands in boxes of its own."""

    days = number(_("At most, days"), 365)
    hours = number(_("and hours"), 23)
    minutes = number(_("and minutes"), 59)
    more = ("minutes",)
    beside = ("days", "hours")

    def __init__(self, *args: Any, plan: Definition, step: Until, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    @staticmethod
    def filled(step: Until) -> Initial:
        """What the form shows of a step."""
        return {"days": step.days, "hours": step.minutes // 60, "minutes": step.minutes % 60}

    def told(self, step: Until) -> Initial:
        """The fields of the step that the form says."""
        given = self.cleaned_data
        return {"days": given["days"], "minutes": given["hours"] * 60 + given["minutes"]}


class TellForm(StepForm):
    """Whom, and what."""

    to = forms.ChoiceField(label=_("Whom"), choices=[("team", _("The team, as each wants alerts")), ("webhook", _("Your webhooks"))])
    text = forms.CharField(label=_("What it says"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, plan: Definition, step: Tell, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    @staticmethod
    def filled(step: Tell) -> Initial:
        """What the form shows of a step."""
        return {"to": step.to, "text": step.text}

    def told(self, step: Tell) -> Initial:
        """The fields of the step that the form says."""
        return dict(self.cleaned_data)


class TagForm(StepForm):
    """Tags, with commas between them."""

    add = forms.CharField(label=_("Put on"), required=False, max_length=300, help_text=_("Several with commas between them"))
    remove = forms.CharField(label=_("Take off"), required=False, max_length=300)

    def __init__(self, *args: Any, plan: Definition, step: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    @staticmethod
    def filled(step: Tag) -> Initial:
        """What the form shows of a step."""
        return {"add": ", ".join(step.add), "remove": ", ".join(step.remove)}

    def told(self, step: Tag) -> Initial:
        """The fields of the step that the form says."""
        split = {name: [word.strip() for word in text.split(",") if word.strip()] for name, text in self.cleaned_data.items()}
        return {name: [word[:60] for word in words][:10] for name, words in split.items()}
