from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms.sign_up import site_of
from postpurchase.tenancy.models import Brand


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the shop looks, and where shoppers turn."""

    class Meta:
        model = Brand
        fields = (
            "name", "logo_url", "accent", "surface", "website", "support_email", "support_phone", "support_url", "return_policy_url",
            "review_url", "postal_address",
        )  # fmt: skip
        labels = {
            "name": _("Name of the shop"),
            "logo_url": _("Logo"),
            "accent": _("Colour"),
            "surface": _("Background"),
            "website": _("Website"),
            "support_email": _("Email for help"),
            "support_phone": _("Phone for help"),
            "support_url": _("Page for help"),
            "return_policy_url": _("Page about returns"),
            "review_url": _("Where reviews are written"),
            "postal_address": _("Postal address"),
        }
        help_texts = {
            "logo_url": _("Address of a picture, over https. Without one, the name stands there."),
            "accent": _("# and six hex digits, for example #0f766e. We keep it readable in light and dark."),
            "surface": _("A pale colour, for example #faf9f6. Text stays readable on it."),
            "support_email": _("Where shoppers write when they need something."),
            "review_url": _("Emails that ask for a review, and their stars, lead there. Over https."),
            "postal_address": _("At the foot of every message. Some countries ask for it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean_logo_url(self) -> str:
        """Mails and pages are sent over TLS; a picture that is not would be left out or warned about."""
        return self._over_tls("logo_url")

    def clean_review_url(self) -> str:
        """Stars lead only to where nobody on the way can read along or change the page."""
        return self._over_tls("review_url")

    def _over_tls(self, name: str) -> str:
        """What is given, if it is https or was there before."""
        given: str = self.cleaned_data[name]
        if given != self.initial.get(name) and given and not given.startswith("https://"):
            raise forms.ValidationError(_("The address must start with https://."))
        return given


class SiteForm(forms.Form):
    """Where the shop is."""

    website = forms.CharField(label=_("Address of your shop"), max_length=200, widget=forms.TextInput(attrs={"inputmode": "url"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean_website(self) -> str:
        """As it is to be called, if it may be called at all."""
        return site_of(self.cleaned_data["website"])
