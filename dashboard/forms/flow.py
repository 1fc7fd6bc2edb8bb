from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class PreviewForm(forms.Form):
    """Which order to draw the message for: a recent one, or any by its number."""

    order = forms.ChoiceField(label=_("Recent order"), required=False)
    number = forms.CharField(label=_("Or any order’s number"), required=False, max_length=60)
    language = forms.ChoiceField(label=_("Language"), choices=[("", _("As this shopper reads it")), *settings.LANGUAGES], required=False)

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["order"].choices = choices  # type: ignore[attr-defined]


class TestForm(forms.Form):
    """Where a test goes. Only to somebody of the team: a shopper must never get one."""

    to = forms.EmailField(label=_("To"), help_text=_("An address of your team"))
    order = forms.CharField(widget=forms.HiddenInput)
    step = forms.CharField(widget=forms.HiddenInput)
    language = forms.ChoiceField(choices=[("", ""), *settings.LANGUAGES], required=False, widget=forms.HiddenInput)
    once = forms.RegexField(r"\A[\w-]{20,60}\Z", widget=forms.HiddenInput)

    def __init__(self, *args: object, team: frozenset[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.auto_id = "test_%s"  # the form beside it has an order too
        self.team = team

    def clean_to(self) -> str:
        """Lower case, and on the team."""
        to: str = self.cleaned_data["to"].lower()
        if to not in self.team:
            raise forms.ValidationError(_("This address is not on your team. Nothing was sent: take your own, or add the person first."))
        return to
