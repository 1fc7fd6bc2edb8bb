import re
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.countries import CONFIRM, NAMES
from notifications.models import Confirm, MessagingRules
from postpurchase.ui import words


class RulesForm(Protocol):
    """A section of the rules page: a form over some columns of the one row. `told` says them for the audit log."""

    def is_valid(self) -> bool:
        """Whether it can be kept."""

    def keep(self, row: MessagingRules) -> list[str]:
        """Put what was chosen into the row, and name the columns that it owns; the caller saves."""


class ConsentForm(forms.Form):
    """Who must confirm, and who may be written to as a customer."""

    COLUMNS = ("confirm", "confirm_in", "soft_opt_in")

    confirm = forms.ChoiceField(label=_("Ask for a confirmation by mail"), choices=Confirm.choices, widget=forms.RadioSelect)
    confirm_in = forms.CharField(
        label=_("Countries, if you list them"),
        required=False,
        max_length=800,
        widget=forms.TextInput(attrs={"placeholder": "DE, AT, CH", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Two letters each, with commas between them."),
    )
    soft_opt_in = forms.MultipleChoiceField(
        label=_("Write to customers who said nothing, until they object"),
        choices=list(NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("About similar products only, by email, and where your checkout says so. Ask your lawyer first."),
    )

    def __init__(self, *args: Any, row: MessagingRules, **kwargs: Any) -> None:
        initial = {"confirm": row.confirm, "confirm_in": ", ".join(row.confirm_in), "soft_opt_in": row.soft_opt_in}
        super().__init__(*args, **{"initial": initial, "auto_id": "consent-%s"} | kwargs)
        self.label_suffix = ""
        places = ", ".join(words.country(code) for code in sorted(CONFIRM))
        self.fields["confirm"].help_text = (
            _("Courts ask for it in: %s. A tick at your checkout counts there once it was confirmed.") % places
        )

    def clean_confirm_in(self) -> list[str]:
        """Countries that there are."""
        given = [part.upper() for part in re.split(r"[\s,;]+", self.cleaned_data["confirm_in"]) if part]
        wrong = [code for code in given if not re.fullmatch(r"[A-Z]{2}", code) or words.country(code) == code]
        if wrong:
            raise forms.ValidationError(_("No country has this code: %s. Write DE for Germany.") % ", ".join(wrong[:5]))
        return sorted(set(given))

    def clean(self) -> dict[str, Any] | None:
        """A list that is asked for may not be empty."""
        given = super().clean() or {}
        if given.get("confirm") == Confirm.LISTED and not given.get("confirm_in") and "confirm_in" not in self.errors:
            self.add_error("confirm_in", _("Enter at least one country, or choose another answer above."))
        return given

    def keep(self, row: MessagingRules) -> list[str]:
        """Into the row."""
        for name in self.COLUMNS:
            setattr(row, name, self.cleaned_data[name])
        return list(self.COLUMNS)


class PaceForm(forms.Form):
    """How often one person hears from the shop beside their orders, and when."""

    COLUMNS = ("cap", "cap_days", "quiet_transactional")

    cap = forms.IntegerField(
        label=_("Marketing messages to one person"),
        min_value=0,
        max_value=50,
        help_text=_("By email, and as many by text message. More urgent ones go first; the others wait, and none is lost. 0: no limit."),
    )
    cap_days = forms.IntegerField(label=_("In so many days"), min_value=1, max_value=90)
    quiet_transactional = forms.BooleanField(
        label=_("Order messages wait for the morning too"),
        required=False,
        help_text=_("Marketing always keeps the quiet hours of the place where the person is. “Delivered” at night is of use to most."),
    )

    def __init__(self, *args: Any, row: MessagingRules, **kwargs: Any) -> None:
        initial = {name: getattr(row, name) for name in self.COLUMNS}
        super().__init__(*args, **({"initial": initial, "auto_id": "pace-%s"} | kwargs))
        self.label_suffix = ""

    def keep(self, row: MessagingRules) -> list[str]:
        """Into the row."""
        for name in self.COLUMNS:
            setattr(row, name, self.cleaned_data[name])
        return list(self.COLUMNS)
