from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.carriers import directory
from postpurchase.ui import words
from tracking.limits import NAMES, Lane, Limits

ONCE = r"\A[\w-]{20,50}\Z"


class Once(forms.Form):
    """`once` was drawn with the page: a double click carries it twice, and is one act."""

    once = forms.RegexField(ONCE, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}-%s"} | kwargs)
        self.label_suffix = ""


class ManyForm(Once):
    """What to do about each of several."""

    act = forms.ChoiceField(choices=[(name, name) for name in ("mine", "tomorrow", "done")])


class TellForm(Once):
    """Which message."""

    template = forms.ChoiceField(label=_("Message"))

    def __init__(self, *args: Any, options: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = options  # type: ignore[attr-defined]


class AskForm(Once):
    """The letter, as it went."""

    letter = forms.CharField(label=_("Letter"), max_length=6000, widget=forms.Textarea(attrs={"rows": 12, "class": "input"}))


class SnoozeForm(Once):
    """Until the morning of a day."""

    until = forms.DateField(label=_("Until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class AssignForm(Once):
    """To somebody of the team; empty: to nobody."""

    member = forms.ChoiceField(label=_("Whose it is"), required=False)

    def __init__(self, *args: Any, team: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", _("Nobody")), *((str(pk), name) for pk, name in team)]  # type: ignore[attr-defined]


class DoneForm(Once):
    """What came of it."""

    note = forms.CharField(label=_("Note"), required=False, max_length=500, help_text=_("What came of it, for your team."))


class LimitsForm(forms.Form):
    """The limits of a lane. Empty: as the next wider rule has it."""

    carrier = forms.CharField(label=_("Carrier"), required=False, max_length=40, help_text=_("As your shop tells it: DHL. Empty: any."))
    service = forms.CharField(label=_("Service"), required=False, max_length=120, help_text=_("As your shop tells it. Empty: any."))
    country = forms.CharField(label=_("Country it goes to"), required=False, max_length=2, help_text=_("Two letters: DE. Empty: any."))
    first_scan_days = forms.IntegerField(
        label=_("Working days from the label to the first scan"), required=False, min_value=1, max_value=30
    )
    quiet_days = forms.IntegerField(label=_("Working days without a scan"), required=False, min_value=1, max_value=60)
    pickup_days = forms.IntegerField(label=_("Days at a pick-up point"), required=False, min_value=1, max_value=60)
    attempts = forms.IntegerField(label=_("Failed attempts"), required=False, min_value=1, max_value=10)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "limits-%s"} | kwargs)
        self.label_suffix = ""

    def clean_carrier(self) -> str:
        """As carriers are kept."""
        given = self.cleaned_data["carrier"].strip()
        return directory.normalise(given) if given else ""

    def clean_country(self) -> str:
        """A country that there is."""
        code: str = self.cleaned_data["country"].strip().upper()
        if code and words.country(code) == code:
            raise forms.ValidationError(_("No country has this code. Write DE for Germany."))
        return code

    def clean(self) -> dict[str, Any] | None:
        """A service is a carrier's, and a rule says something."""
        given = super().clean() or {}
        if given.get("service") and not given.get("carrier"):
            self.add_error("carrier", _("Name the carrier whose service it is."))
        if not self.errors and all(given.get(name) is None for name in NAMES):
            raise forms.ValidationError(_("Enter at least one limit."))
        return given

    @property
    def lane(self) -> Lane:
        """Whose parcels."""
        return Lane(**{name: self.cleaned_data[name].strip() for name in Lane._fields})

    @property
    def limits(self) -> Limits:
        """What holds for them."""
        return Limits(**{name: self.cleaned_data[name] for name in NAMES})
