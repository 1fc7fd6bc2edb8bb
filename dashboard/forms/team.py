from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postpurchase.tenancy.models import Role

MEANS = {
    Role.OWNER: _("Owner: everything, and who else is an owner"),
    Role.ADMIN: _("Admin: everything but owners"),
    Role.AGENT: _("Agent: orders and messages, no settings"),
    Role.VIEWER: _("Viewer: looks, changes nothing"),
}


def roles(most: Role) -> list[tuple[str, Any]]:
    """The roles that somebody of that role may give."""
    return [(role.value, MEANS[role]) for role in Role if role != Role.OWNER or most == Role.OWNER]


class RoleForm(forms.Form):
    """One of the roles that the person may give."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, most: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles(most)  # type: ignore[attr-defined]


class InviteForm(RoleForm):
    """Whom to ask, and as what."""

    email = forms.EmailField(label=_("Email"), help_text=_("They get a link that holds for seven days."))
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect, initial=Role.AGENT)
    field_order = ("email", "role")

    def __init__(self, *args: Any, team: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team

    def clean_email(self) -> str:
        """Lower case, and not on the team yet."""
        email: str = self.cleaned_data["email"].lower()
        if email in self.team:
            raise forms.ValidationError(_("This person is on the team already. Change their role in the list above."))
        return email
