from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts.kinds import KINDS, may_hear
from dashboard.forms.sign_up import zones
from postpurchase.lib import reach

WAYS = (("", _("Not at all")), ("at_once", _("At once")), ("daily", _("Once a day")))


class ChoiceForm(forms.Form):
    """What somebody wants to hear of, and when."""

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for key, kind in KINDS.items():
            if may_hear(key, role):
                self.fields[key] = forms.ChoiceField(label=kind.label, choices=WAYS, required=False)  # type: ignore[arg-type]
        said = _("Of your own place: “once a day” is at eight in the morning there.")
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=zones, help_text=said)

    def chosen(self, way: str) -> list[str]:
        """The kinds that are told that way."""
        return [key for key in KINDS if self.cleaned_data.get(key) == way]


class ChannelForm(forms.Form):
    """Where the team's chat takes messages, and which ones."""

    url = forms.CharField(
        label=_("Address of the incoming webhook"), max_length=reach.LONGEST, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kinds = forms.MultipleChoiceField(
        label=_("What is told there"),
        choices=[(key, kind.label) for key, kind in KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one.")},
    )

    def __init__(self, *args: Any, fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["url"].required = fresh
        self.fields["url"].help_text = (
            _("Slack, Mattermost, Discord (with /slack behind its address) and others make one for you.")
            if fresh
            else _("Kept, and not shown again. Write another one here to replace it.")
        )

    def clean_url(self) -> str:
        """One that may be called."""
        given: str = self.cleaned_data["url"].strip()
        try:
            return reach.target(given).url if given else ""
        except reach.Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
