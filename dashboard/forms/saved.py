from django import forms
from django.utils.translation import gettext_lazy as _

from transfers.models import Subject


class NameForm(forms.Form):
    """What a kept filter is called."""

    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        error_messages={
            "required": _("Give the filter a name."),
            "max_length": _("A filter’s name has up to 40 characters. Choose a shorter one."),
        },
    )


class KeepForm(NameForm):
    """Which address of which list, and for whom."""

    subject = forms.ChoiceField(choices=Subject.choices)
    query = forms.CharField(
        max_length=2000,
        error_messages={
            "required": _("This list has no filter to keep. Set one first."),
            "max_length": _("Take a filter off: these are too many to keep."),
        },
    )
    team = forms.BooleanField(required=False)
