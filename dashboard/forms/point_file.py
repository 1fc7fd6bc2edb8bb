"""A file of pick-up points: every row checked by the form of a single one, all of it taken or nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.forms.point import PointForm
from tracking import points, zones
from transfers.reading import sheet
from transfers.reading.comma import Sniffer
from transfers.reading.limits import Unreadable
from transfers.reading.sheet import Numbered
from transfers.turning.cells import YES, Table

LARGEST = 2_000_000  # bytes
MOST = 5_000  # rows
SHOWN = 20  # faults
NO = {"no", "false", "0", "nein", "n", "off"}


class PointsForm(forms.Form):
    """A file of pick-up points, as the list gives one.

    After is_valid(), `told` has what each row says, and `on` whether it is offered; None where the file does not say.
    """

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or Excel (.xlsx), up to 2 MB and 5,000 rows. Columns: name, carrier, street, postcode, city, country, hours, on."
        ),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "points-%s"} | kwargs)
        self.label_suffix = ""
        self.told: list[dict[str, str]] = []
        self.on: list[bool] | None = None

    def clean_file(self) -> None:
        """Every row is a point, or nothing of the file is taken: the errors name row and column."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 2 MB. Split it in several."))
        try:
            table, rows = _table(given.name, list(given.chunks()))
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        wanted = [name for name in ("name", "street", "city", "country") if name not in table.mapping]
        if wanted:
            raise forms.ValidationError(_("The first row names no column %s. Name the columns as our own file does.") % ", ".join(wanted))
        if not rows:
            raise forms.ValidationError(_("The file has no rows below its column names."))
        self._read(table, rows)

    def _read(self, table: Table, rows: Sequence[Numbered]) -> None:
        faults, form, on = list[str](), PointForm({}), list[bool]()
        for row in rows:
            told, wrong = _point(table, row, form)
            self.told.append(told)
            on.append(table.text(row, "on").lower() not in NO)
            faults += wrong
        if len(faults) > SHOWN:
            faults[SHOWN:] = [_("And %(n)s more.") % {"n": len(faults) - SHOWN}]
        if faults:
            self.add_error(None, faults)  # each on a line of its own, above the field
        self.on = on if "on" in table.mapping else None


def _table(name: str, chunks: list[bytes]) -> tuple[Table, list[Numbered]]:
    """The file's columns, and its rows. Raises Unreadable."""
    sniffer = Sniffer()
    chunks = list(sniffer.watch(chunks))
    how = sheet.recognise(sniffer.head, name, sniffer.encoding, currency="")
    headers, _first = sheet.peek(chunks, how)
    rows = list[Numbered]()
    for row in sheet.numbered(chunks, how):
        if len(rows) == MOST:
            raise Unreadable(_("The file has more than 5,000 rows. Split it in several."))
        rows.append(row)
    named = {header.strip().lower(): at for at, header in reversed(list(enumerate(headers)))}
    mapping = {column: named[column] for column in (*points.TOLD, "on") if column in named}
    return Table(headers, mapping, how, zones.named("UTC")), rows


def _point(table: Table, row: Numbered, form: PointForm) -> tuple[dict[str, str], list[str]]:
    """What a row says, and what is wrong with it. `form` is lent: making one for each row takes most of the time."""
    given = {name: table.text(row, name) for name in points.TOLD}
    given["country"] = table.country(row, "country") or given["country"]
    table.faults.clear()  # the form says it in the reader's language
    form.data = given
    form.full_clean()
    wrong = [_said(row.number, table.column(name) or name, str(error)) for name, errors in form.errors.items() for error in errors]
    on = table.text(row, "on")
    if on and on.lower() not in YES | NO | {"on"}:
        wrong.append(_said(row.number, table.column("on"), _("Write yes or no.")))
    return (form.told if not form.errors else {}), wrong


def _said(number: int, column: str, error: str) -> str:
    return _("Row %(n)s, %(column)s: %(error)s") % {"n": number, "column": column, "error": error}
