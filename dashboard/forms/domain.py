from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """A name of the merchant's own."""

    name = forms.CharField(max_length=253, error_messages={"required": _("Enter a name.")})

    def __init__(self, *args: object, label: object, hint: object, sample: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["name"]
        field.label, field.help_text = label, hint  # type: ignore[assignment]
        field.widget.attrs |= {"placeholder": sample, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
