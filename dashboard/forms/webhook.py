from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOMENT = "%Y-%m-%dT%H:%M"


class EndpointForm(forms.Form):
    """Where to send, and what. Whether it hears of live or of test orders is settled when it is made."""

    url = forms.CharField(
        label=_("Address"), max_length=2000, help_text=_("Public, and over https. It answers with 2xx within 15 seconds.")
    )
    label = forms.CharField(label=_("Name"), max_length=80, required=False, help_text=_("For your team. May stay empty."))
    live = forms.ChoiceField(
        label=_("Orders"), choices=[("1", _("Live orders")), ("0", _("Test orders"))], initial="1", widget=forms.RadioSelect
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none to be told of all of them, also of those that come later."),
    )

    def __init__(self, *args: Any, fresh: bool, events: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].widget.input_type = "url"
        self.fields["events"].choices = events  # type: ignore[attr-defined]
        if not fresh:
            del self.fields["live"]


class ReplayForm(forms.Form):
    """A range of time, on the shop's clock, and what of it."""

    since = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT))
    until = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT))
    what = forms.ChoiceField(
        label=_("What"),
        choices=[("undelivered", _("What did not arrive")), ("failed", _("What failed")), ("all", _("Everything, also what arrived"))],
    )

    def clean(self) -> dict[str, Any]:
        """From before to, and to its minute's end."""
        given: dict[str, Any] = super().clean() or {}
        since: datetime | None = given.get("since")
        until: datetime | None = given.get("until")
        if since and until:
            given["until"] = until + timedelta(minutes=1)
            if since > until:
                self.add_error("until", _("This is before the beginning."))
        return given
