"""The forms of a page's variants, and of what holds for all of them."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.page.content import Content, Variant

ASKS = {
    "missing": gettext_lazy("It has not arrived"),
    "instructions": gettext_lazy("A note for the courier"),
    "safe_place": gettext_lazy("A safe place"),
    "neighbour": gettext_lazy("A neighbour"),
    "pickup": gettext_lazy("A pick-up point"),
    "day": gettext_lazy("Another day"),
    "address": gettext_lazy("Another address, before it is shipped"),
}


class VariantForm(forms.Form):
    """For which orders a variant is."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    countries = forms.CharField(
        label=gettext_lazy("Countries"), required=False, max_length=800, help_text=gettext_lazy("Two letters each: DE, AT, CH")
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"), required=False, max_length=800, help_text=gettext_lazy("Of the order or of the customer: VIP, trade")
    )

    def __init__(self, data: Any = None, *, variant: Variant | None = None) -> None:
        told = {"name": variant.name, "countries": ", ".join(variant.countries), "tags": ", ".join(variant.tags)} if variant else {}
        super().__init__(data, initial=told, auto_id="now_%s" if variant else "new_%s")
        self.label_suffix = ""

    def clean_countries(self) -> list[str]:
        """Codes of ISO 3166-1."""
        found = _listed(self.cleaned_data["countries"].upper())
        if wrong := [one for one in found if not re.fullmatch("[A-Z]{2}", one)]:
            raise forms.ValidationError(_("%s is no country’s code of two letters.") % wrong[0])
        return found

    def clean_tags(self) -> list[str]:
        """As the shop writes them."""
        return [one[:120] for one in _listed(self.cleaned_data["tags"])]

    def clean(self) -> dict[str, Any]:
        """One of both, or it would be everybody's."""
        given = super().clean() or {}
        if not self.errors and not given["countries"] and not given["tags"]:
            self.add_error("countries", _("Name a country or a tag."))
        return given


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in re.split(r"[,\n]", text) if part.strip()))


class WholeForm(forms.Form):
    """What holds for all variants."""

    asks = forms.MultipleChoiceField(
        label=gettext_lazy("Shoppers may ask for"), choices=list(ASKS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    origins = forms.CharField(
        label=gettext_lazy("Sites that may show the look-up"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "input", "spellcheck": "false"}),
        help_text=gettext_lazy("One a line, for example https://shop.example"),
    )

    def __init__(self, data: Any = None, *, content: Content) -> None:
        super().__init__(data, initial={"asks": content.asks, "origins": "\n".join(content.origins)})
        self.label_suffix = ""

    def clean_origins(self) -> list[str]:
        """Without paths."""
        found = [one.lower().rstrip("/") for one in _listed(self.cleaned_data["origins"])]
        if wrong := [one for one in found if not re.fullmatch(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?", one)]:
            raise forms.ValidationError(_("%s is no site: write https:// and its name, without a path.") % wrong[0])
        if len(found) > 10:
            raise forms.ValidationError(_("Name at most ten sites."))
        return found
