from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postpurchase.tenancy.keys import OVERLAPS, SCOPES

RIGHTS = {
    "orders:read": _("Read orders"),
    "orders:write": _("Send and change orders"),
    "customers:read": _("Read customers"),
    "shipments:read": _("Read shipments and scans"),
    "shipments:write": _("Send shipments and scans"),
    "messages:read": _("Read what was written to shoppers"),
    "events:read": _("Read the list of events"),
    "webhooks:read": _("Read webhooks and their deliveries"),
    "webhooks:write": _("Add, change and remove webhooks"),
    "flows:read": _("Read flows"),
    "flows:write": _("Make, change and publish flows"),
}
LASTS = (_("Not at all: it ends now"), _("One hour"), _("One day"), _("One week"), _("30 days"))


def right(scope: str) -> str:
    """What a scope lets a key do, in words; a scope of tomorrow's is shown as it is."""
    return str(RIGHTS.get(scope, scope))


class KeyForm(forms.Form):
    """What a key is called, which orders it sees, and what it may do."""

    label = forms.CharField(label=_("Name"), max_length=60, help_text=_("Where it is used, for example “Warehouse”."))
    live = forms.ChoiceField(
        label=_("Orders"), choices=[("1", _("Live orders")), ("0", _("Test orders"))], initial="0", widget=forms.RadioSelect
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(scope, RIGHTS[scope]) for scope in SCOPES],
        help_text=_("Give it what its program needs and no more. It cannot be changed later; another key can take its place."),
        error_messages={"required": _("Tick at least one: a key without rights opens nothing.")},
    )


class RotateForm(forms.Form):
    """How long the old key goes on."""

    overlap = forms.TypedChoiceField(
        label=_("How long the old key still works"),
        choices=[(str(int(time.total_seconds())), word) for time, word in zip(OVERLAPS, LASTS, strict=True)],
        initial=str(int(OVERLAPS[2].total_seconds())),
        coerce=int,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.label_suffix = ""
