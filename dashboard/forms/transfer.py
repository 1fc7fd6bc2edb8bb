from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postpurchase.lib import money
from transfers import columns
from transfers.models import Form, Kind, Subject
from transfers.reading import layout
from transfers.reading.layout import Layout


class UploadForm(forms.Form):
    """A file, and what it is about."""

    kind = forms.ChoiceField(label=_("What is in the file"), choices=Kind.choices, initial=Kind.ORDERS, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        allow_empty_file=True,
        help_text=_("CSV or Excel (.xlsx), up to 100 MB and 500,000 rows."),
        error_messages={"required": _("Choose a file of up to 100 MB. A larger one is not taken: split it in several.")},
    )
    connection = forms.ChoiceField(label=_("These orders are from"), required=False)

    def __init__(self, *args: Any, connections: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["connection"].choices = connections  # type: ignore[attr-defined]
        if len(connections) < 2:
            del self.fields["connection"]
        else:
            self.fields["connection"].help_text = _("An order that this source has told already is brought up to date, not doubled.")


class LookForm(forms.Form):
    """How the file is written."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=list(layout.ENCODINGS.items()))
    delimiter = forms.ChoiceField(label=_("Columns are split by"), choices=list(layout.DELIMITERS.items()))

    def __init__(self, data: Any = None, *, how: Layout) -> None:
        super().__init__(data, initial=how.plain())


class ColumnsForm(forms.Form):
    """Which column fills which field, and how dates and amounts are written."""

    dates = forms.ChoiceField(label=_("Dates are written like"), choices=list(layout.DATES.items()))
    decimal = forms.ChoiceField(label=_("Amounts are written like"), choices=list(layout.DECIMALS.items()))
    currency = forms.CharField(label=_("Currency, where a row has none"), max_length=3)

    def __init__(self, data: Any = None, *, kind: str, headers: Sequence[str], mapping: Mapping[str, int], how: Layout) -> None:
        super().__init__(data, initial=how.plain() | {f"to_{key}": at for key, at in mapping.items()})
        self.kind, self.how = kind, how
        choices = [("", _("Not in the file")), *((str(at), header) for at, header in enumerate(headers))]
        for field in columns.FIELDS[kind]:
            self.fields[f"to_{field.key}"] = forms.ChoiceField(label=str(field.label), choices=choices, required=False)
        if kind != Kind.ORDERS:
            del self.fields["currency"], self.fields["decimal"]

    def clean_currency(self) -> str:
        """A currency that exists."""
        code = str(self.cleaned_data["currency"]).strip().upper()
        try:
            money.exponent(code)
        except money.BadAmount:
            raise forms.ValidationError(_("This is not a currency. Write its code, for example EUR.")) from None
        return code

    def clean(self) -> dict[str, Any]:
        """Every field that rows need has a column, and no column is asked for twice."""
        given = super().clean() or {}
        mapping = self.mapping
        for field in columns.missing(self.kind, mapping):
            self.add_error(f"to_{field.key}", _("Every row needs this. Choose its column."))
        for key in [key for key, at in mapping.items() if list(mapping.values()).count(at) > 1][1:]:
            self.add_error(f"to_{key}", _("This column fills another field already. Choose another one."))
        return given

    @property
    def mapping(self) -> dict[str, int]:
        """Field -> column."""
        return {name[3:]: int(value) for name, value in self.cleaned_data.items() if name.startswith("to_") and value}

    @property
    def layout(self) -> Layout:
        """How the file is written, as corrected."""
        given = self.cleaned_data
        decimal, currency = given.get("decimal", self.how.decimal), given.get("currency", self.how.currency)
        return Layout(self.how.form, self.how.encoding, self.how.delimiter, given["dates"], decimal, currency)


class ExportForm(forms.Form):
    """What, and in which form."""

    subject = forms.ChoiceField(label=_("What"), choices=Subject.choices)
    form = forms.ChoiceField(label=_("File"), choices=Form.choices, initial=Form.CSV, required=False)
    query = forms.CharField(max_length=2000, required=False)

    def __init__(self, data: Any = None, *, subjects: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["subject"].choices = [choice for choice in Subject.choices if choice[0] in subjects]  # type: ignore[attr-defined]
