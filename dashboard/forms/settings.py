from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dashboard.forms.sign_up import zones
from postpurchase.tenancy.models import Brand


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who writes, in which language, by which clock."""

    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    estimates_first = forms.ChoiceField(
        label=_("Day of arrival shown first"),
        choices=[("carrier", _("The carrier’s")), ("ours", _("Ours"))],
        required=False,
        help_text=_("Ours is learned from your own parcels. The other one is shown where the first is missing or over."),
    )

    class Meta:
        model = Brand
        fields = ("sender_name", "sender_email", "locale", "time_zone", "estimates_first")
        labels = {
            "sender_name": _("Sender’s name"),
            "sender_email": _("Sender’s address"),
        }
        help_texts = {
            "sender_name": _("Empty: the name of the shop."),
            "sender_email": _("The confirmed address of somebody on your team. Empty: an address of ours."),
        }

    def __init__(self, *args: Any, team: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.team = team

    def clean_estimates_first(self) -> str:
        """As it is kept, where a form of before does not ask."""
        kept: str = self.instance.estimates_first
        return self.cleaned_data["estimates_first"] or kept

    def clean_sender_email(self) -> str:
        """Nobody writes in the name of an address that is not theirs."""
        given: str = self.cleaned_data["sender_email"].lower()
        if given and given not in self.team:
            raise forms.ValidationError(_("Nobody on your team has this address. Take one of theirs, or invite it to the team first."))
        return given
