from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.carriers import directory
from postpurchase.ui import words
from tracking.points import TOLD


class PointForm(forms.Form):
    """A pick-up point."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As shoppers know it: the shop, station or locker."))
    street = forms.CharField(label=_("Street and number"), max_length=120)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=16, help_text=_("The nearest are found by it."))
    city = forms.CharField(label=_("City"), max_length=80)
    country = forms.CharField(label=_("Country"), max_length=2, help_text=_("Two letters: DE."))
    hours = forms.CharField(label=_("Opening hours"), required=False, max_length=120, help_text=_("In words: Mon to Sat 8 to 20."))
    carrier = forms.CharField(label=_("Carrier"), required=False, max_length=40, help_text=_("As your shop tells it: DHL. Empty: any."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "point-%s"} | kwargs)
        self.label_suffix = ""

    def clean_carrier(self) -> str:
        """As carriers are kept."""
        return directory.normalise(self.cleaned_data["carrier"].strip())

    def clean_country(self) -> str:
        """A country that there is."""
        code: str = self.cleaned_data["country"].strip().upper()
        if words.country(code) == code:
            raise forms.ValidationError(_("No country has this code. Write DE for Germany."))
        return code

    @property
    def told(self) -> dict[str, str]:
        """What the point says."""
        return {name: self.cleaned_data[name] for name in TOLD}
