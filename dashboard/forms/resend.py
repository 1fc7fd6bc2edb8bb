from django import forms
from django.utils.translation import gettext_lazy as _

# What a shopper may be sent again whenever they ask: it is true at any time.
RESENDABLE = (("confirmation", _("Send the confirmation again")), ("tracking_link", _("Send the tracking link")))


class ResendForm(forms.Form):
    """`once` was drawn with the page: a double click carries it twice, and is one message."""

    template = forms.ChoiceField(choices=RESENDABLE)
    once = forms.RegexField(r"\A[\w-]{20,60}\Z")
