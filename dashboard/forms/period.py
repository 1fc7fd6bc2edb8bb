from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postpurchase.ui import words

MOST = 366  # days: a leap year


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"])


class PeriodForm(forms.Form):
    """From a day to another, both in it, by the shop's clock."""

    since = _day(_("From"))
    until = _day(_("To"))

    def clean(self) -> dict[str, Any]:
        """In this order, not ahead of today, and at most a year."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and since > words.now().date():
            self.add_error("since", _("This day is still to come. Choose today or an earlier one."))
        elif since and until and until < since:
            self.add_error("until", _("This is before the first day. Choose the same day or a later one."))
        elif since and until and until - since >= timedelta(days=MOST):
            self.add_error("until", _("That is more than a year. Choose an earlier day here, or a later one before."))
        return given
