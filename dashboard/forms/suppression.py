from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications import suppressions
from notifications.models import Stream, Suppression

SCOPES = ((Stream.MARKETING.value, _("No marketing")), (Suppression.ALL, _("Nothing at all")))
LARGEST = 2_000_000  # bytes of a list


class AddForm(forms.Form):
    """One address, or a list of them in a file."""

    address = forms.CharField(
        label=_("Email address or phone number"), required=False, max_length=254,
        help_text=_("A number with its country’s code: +49 170 1234567."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a list"),
        required=False,
        help_text=_("CSV, an address on each line, in the first column. Up to 2 MB and 50,000 lines."),
    )
    scope = forms.ChoiceField(label=_("What they get no more"), choices=SCOPES, initial=Stream.MARKETING, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "add-%s"} | kwargs)
        self.label_suffix = ""
        self.wrong: list[int] = []

    def clean_address(self) -> str:
        """Something that can be written to."""
        given: str = self.cleaned_data["address"].strip()
        if given and not suppressions.channel_of(given):
            raise forms.ValidationError(_("Enter a whole address, such as anna@example.com, or a number that begins with +."))
        return given

    def clean_file(self) -> list[str]:
        """Its addresses."""
        given = self.cleaned_data["file"]
        if given is None:
            return []
        if given.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 2 MB. Split it in several."))
        try:
            found, self.wrong = suppressions.read(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is no text in UTF-8. Save it as CSV (UTF-8).")) from None
        if len(found) > suppressions.MOST:
            raise forms.ValidationError(_("The file has more than 50,000 lines. Split it in several."))
        if not found:
            raise forms.ValidationError(_("There is no address in the first column of this file."))
        return found

    def clean(self) -> dict[str, Any] | None:
        """One of the two."""
        given = super().clean() or {}
        if not self.errors and not given.get("address") and not given.get("file"):
            self.add_error("address", _("Enter an address, or choose a file."))
        return given


class LiftForm(forms.Form):
    """Why it is lifted."""

    why = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Kept in the audit log. Name nobody."), error_messages={"required": _("Say why.")}
    )
    sure = forms.BooleanField(label=_("They want our messages again, and told us so"), required=False)

    def __init__(self, *args: Any, asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if asked:
            self.fields["sure"].required = True
            self.fields["sure"].error_messages["required"] = str(_("They asked for it by themselves: tick this only if they asked again."))
        else:
            del self.fields["sure"]
