"""Forms of the steps that fork, of what starts a flow, and of a new one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from msgspec.structs import replace

from dashboard import flow_words, wording
from dashboard.flow_boxes import EVENTS
from dashboard.flow_step_forms import Initial, StepForm, number
from notifications.definition import Definition, Split, Trial


class SplitForm(StepForm):
    """What each branch is called. When it is taken stands in boxes of its own."""

    def __init__(self, *args: Any, plan: Definition, step: Split, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for at in range(len(step.branches)):
            self.fields[f"name{at}"] = forms.CharField(label=_("Name"), max_length=60)

    @staticmethod
    def filled(step: Split) -> Initial:
        """What the form shows of a step."""
        return {f"name{at}": branch.name for at, branch in enumerate(step.branches)}

    def told(self, step: Split) -> Initial:
        """The fields of the step that the form says."""
        return {"branches": [replace(branch, name=self.cleaned_data[f"name{at}"]) for at, branch in enumerate(step.branches)]}


class TrialForm(StepForm):
    """The arms with their shares, and the rule by which they are judged."""

    goal = forms.ChoiceField(label=_("Better is the one where more often"), choices=list(flow_words.GOALS.items()))
    people = number(_("People in each arm before it is judged"), 1_000_000, 100)
    confidence = number(_("How sure, in percent"), 99, 80)
    more = ("people", "confidence")

    def __init__(self, *args: Any, plan: Definition, step: Trial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        arms: dict[str, forms.Field] = {}
        for at in range(len(step.arms)):
            arms[f"name{at}"] = forms.CharField(label=_("Arm %s, name") % "ABCDE"[at], max_length=60)
            arms[f"share{at}"] = number(_("Share in percent"), 99, 1)
            arms[f"holdout{at}"] = forms.BooleanField(
                label=_("Held out"), required=False, help_text=_("Shows what would be without the rest.")
            )
        self.fields = arms | self.fields

    @staticmethod
    def filled(step: Trial) -> Initial:
        """What the form shows of a step."""
        shown: Initial = {"goal": step.goal, "people": step.people, "confidence": step.confidence}
        for at, arm in enumerate(step.arms):
            shown |= {f"name{at}": arm.name, f"share{at}": arm.share, f"holdout{at}": arm.holdout}
        return shown

    def told(self, step: Trial) -> Initial:
        """The fields of the step that the form says."""
        given = self.cleaned_data
        arms = [
            replace(arm, name=given[f"name{at}"], share=given[f"share{at}"], holdout=given[f"holdout{at}"])
            for at, arm in enumerate(step.arms)
        ]
        return {"arms": arms} | {name: given[name] for name in ("goal", "people", "confidence")}


class StartForm(StepForm):
    """For what the flow runs, what it is, and what ends it early. What starts it stands in boxes of its own."""

    key = forms.ChoiceField(label=_("Runs once for"), choices=[("order", _("each order")), ("shipment", _("each parcel"))])
    stream = forms.ChoiceField(
        label=_("Kind"),
        choices=[("transactional", _("Order messages: to everybody")), ("marketing", _("Marketing: only to those who agreed"))],
    )
    cancel_on = forms.MultipleChoiceField(
        label=_("Ends early when"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(event, wording.EVENTS.get(event) or wording.hook_event(event)) for event in EVENTS],
        help_text=_("Then nothing more is sent."),
    )
    person_gap_days = number(_("Same person not again for so many days"), 3650, help_text=_("0: with each order or parcel"))
    more = ("person_gap_days",)

    @staticmethod
    def filled(plan: Definition) -> Initial:
        """What the form shows of a flow."""
        return {name: getattr(plan, name) for name in ("key", "stream", "cancel_on", "person_gap_days")}

    def told(self, plan: Definition) -> Initial:
        """The fields of the flow that the form says."""
        given = dict(self.cleaned_data)
        order = {name: at for at, name in enumerate(plan.cancel_on)}
        given["cancel_on"] = sorted(given["cancel_on"], key=lambda name: order.get(name, len(order)))
        return given


class NewFlowForm(forms.Form):
    """What a new flow is called, and what it begins with."""

    name = forms.CharField(label=_("Name"), max_length=80)
    purpose = forms.CharField(label=_("What it is for"), max_length=200, required=False, help_text=_("For your team. May stay empty."))
    begin = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, begins: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["begin"].choices = begins  # type: ignore[attr-defined]
