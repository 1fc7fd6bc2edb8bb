from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dashboard.forms.sign_up import zones
from postpurchase.tenancy.models import Brand


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the shop looks and speaks."""

    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    class Meta:
        model = Brand
        fields = ("name", "logo_url", "accent", "website", "sender_name", "sender_email", "support_email", "locale", "time_zone")
        labels = {
            "name": _("Name of the shop"),
            "logo_url": _("Logo"),
            "accent": _("Colour"),
            "website": _("Website"),
            "sender_name": _("Sender’s name"),
            "sender_email": _("Sender’s address"),
            "support_email": _("Address for help"),
        }
        help_texts = {
            "logo_url": _("Address of a picture, over https. Without one, the name stands there."),
            "accent": _("# and six hex digits, for example #0f766e. We keep it readable in light and dark."),
            "sender_name": _("Empty: the name of the shop."),
            "sender_email": _("The confirmed address of somebody on your team. Empty: an address of ours."),
            "support_email": _("Where shoppers write when they need something."),
        }

    def __init__(self, *args: Any, team: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.team = team

    def clean_sender_email(self) -> str:
        """Nobody writes in the name of an address that is not theirs."""
        given: str = self.cleaned_data["sender_email"].lower()
        if given and given not in self.team:
            raise forms.ValidationError(_("Nobody on your team has this address. Take one of theirs, or invite it to the team first."))
        return given
