from collections.abc import Sequence
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms.sign_up import zones
from integrations.carriers.custom import guess, layout
from integrations.carriers.custom.layout import Layout
from integrations.carriers.custom.mapping import ALWAYS, FIELDS, LONGEST, Mapping, faults
from integrations.carriers.custom.pointers import Keys, lists, parsed, places, written
from integrations.registry import Unreadable
from postpurchase.ui.parcels import PARCELS

MOST_SAMPLE = 100_000  # characters
WORDS = {
    "number": _("Parcel number"),
    "time": _("Time, or day"),
    "clock": _("Time of day, if it stands apart"),
    "code": _("Status code"),
    "text": _("Text"),
    "carrier": _("Carrier"),
    "city": _("City"),
    "region": _("Region"),
    "postcode": _("Postcode"),
    "country": _("Country"),
    "order": _("Order number"),
    "event_id": _("Event id"),
    "signed_by": _("Signed by"),
    "photo": _("Address of a photo"),
    "signature": _("Address of a signature"),
}
FAULTS = {
    "pattern": _("This does not read a date. Write it like %d.%m.%Y %H:%M"),
    "zone": _("There is no such time zone."),
    "country": _("Write the country as two capital letters, for example DE."),
    "carrier": _("Write the carrier’s name with letters or digits."),
    "delimiter": _("One character that is no letter, digit or quotation mark."),
    "choice": _("Choose one of the list."),
}
REQUIRED = {
    "number": _("Every scan needs a parcel. Choose where its number stands."),
    "time": _("Every scan needs a time. Choose where it stands."),
    "code": _("Choose where the status code or the text stands."),
    "carrier": _("Choose where the carrier stands, or write its name beside it."),
}
DELIMITERS = [(",", _("Comma")), (";", _("Semicolon")), ("\t", _("Tab")), ("|", _("Bar")), ("~", "~"), ("^", "^"), (":", _("Colon"))]


class SampleForm(forms.Form):
    """A body as the other side sends it, and how it is written."""

    sample = forms.CharField(
        label=_("A call or file as they send it"),
        max_length=MOST_SAMPLE,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("JSON, JSON line by line, or a table. A few scans are enough. It is used for this page only and not kept."),
    )
    form = forms.ChoiceField(label=_("Form"), choices=[("", _("Recognise")), ("json", "JSON"), ("csv", _("Table (CSV)"))], required=False)
    encoding = forms.ChoiceField(label=_("Encoding"), choices=list(layout.ENCODINGS.items()), initial="utf-8", required=False)
    delimiter = forms.ChoiceField(label=_("Columns are split by"), choices=DELIMITERS, initial=",", required=False)
    header = forms.BooleanField(label=_("The first row names the columns"), initial=True, required=False)

    @property
    def layout(self) -> Layout:
        """As chosen; recognised where nothing was."""
        given = self.cleaned_data
        encoding = given.get("encoding") or "utf-8"
        if not given.get("form"):
            found = layout.detect(given.get("sample", "").encode())
            return Layout(found.form, encoding, found.delimiter)
        return Layout(given["form"], encoding, given.get("delimiter") or ",", bool(given.get("header")))

    @property
    def body(self) -> bytes:
        """The sample as it would come."""
        return str(self.cleaned_data.get("sample", "")).encode(self.layout.encoding, "replace")


class MappingForm(forms.Form):
    """Where things stand in it. The choices are the places of the sample, and those that the kept mapping names."""

    entries = forms.ChoiceField(label=_("Each scan is an entry of"), required=False)
    times = forms.ChoiceField(
        label=_("04/05/2026 is"),
        choices=[("dmy", _("4 May (day first)")), ("mdy", _("5 April (month first)")), ("own", _("Written in a way of its own"))],
        initial="dmy",
        required=False,
        help_text=_("Other ways of writing times are recognised by themselves."),
    )
    pattern = forms.CharField(label=_("Its own way"), max_length=LONGEST, required=False, help_text=_("For example %d.%m.%Y %H:%M"))
    zone = forms.ChoiceField(
        label=_("Times without an offset are of"),
        required=False,
        help_text=_("Where you do not know it, they are shown as they stand, without a zone."),
    )

    def __init__(self, data: Any = None, *, body: Any, kept: Mapping | None, how: Layout, asks: bool = False) -> None:
        self.how, self.kept, self.asks = how, kept, asks
        found = places(body)
        begun = kept or first_guess(body, how)
        super().__init__(data, initial=_initial(begun))
        self._offer(found, body, begun)
        for name in FIELDS:
            choices = [("", _("Not told")), *((written(keys), _called(keys, found.get(keys, ""))) for keys in self.known)]
            self.fields[f"at_{name}"] = forms.ChoiceField(label=WORDS[name], choices=choices, required=False)
        for name, label in (("carrier", _("Carrier, if always the same")), ("code", _("Code, if always the same"))):
            self.fields[f"always_{name}"] = forms.CharField(label=label, max_length=80, required=False)
        self.fields["always_country"] = forms.CharField(label=_("Country, if not told"), max_length=2, required=False)

    def _offer(self, found: dict[Keys, str], body: Any, begun: Mapping) -> None:
        self.known = list(dict.fromkeys([*found, *begun.places.values()]))
        stands = [(written(keys), " › ".join(keys) or _("The whole body")) for keys in dict.fromkeys([*lists(body), begun.entries])]
        self.fields["entries"].choices = stands  # type: ignore[attr-defined]
        self.fields["zone"].choices = [("", _("I do not know")), *zones()]  # type: ignore[attr-defined]

    @property
    def mapping(self) -> Mapping:
        """What the form says, as far as it is valid; version and source are the kept one's."""
        given = self.cleaned_data
        kept = self.kept or Mapping()
        return msgspec.structs.replace(
            kept,
            layout=self.how,
            entries=parsed(given.get("entries", "")),
            places={name: parsed(at) for name in FIELDS if (at := given.get(f"at_{name}"))},
            always={name: value for name in ALWAYS if (value := given.get(f"always_{name}", "").strip())},
            times=given.get("times") or "dmy",
            pattern=given.get("pattern", ""),
            zone=given.get("zone", ""),
        )

    def clean(self) -> dict[str, Any]:
        """Refused by the field that has to be mended."""
        given = super().clean() or {}
        for fault in faults(self.mapping, asks=self.asks):
            field = f"at_{fault.field}" if fault.reason == "required" else fault.field
            text = REQUIRED[fault.field] if fault.reason == "required" else FAULTS[fault.reason]
            self.add_error(field if field in self.fields else None, text)
        return given


def first_guess(body: Any, how: Layout) -> Mapping:
    """A mapping to begin with."""
    entries = guess.likely_entries(lists(body))
    return Mapping(layout=how, entries=entries, places=guess.likely(places(body), entries))


def decoded(body: bytes, how: Layout) -> tuple[Any, str]:
    """The sample as objects, and why it cannot be read ('' where it can)."""
    if not body.strip():
        return [], ""
    try:
        return layout.decode(body, how), ""
    except Unreadable as error:
        return [], str(error)


def meanings(posted: Any, most: int) -> dict[str, str]:
    """Code -> status, of the table of codes as it was posted. A status that there is not is left out."""
    given = ((posted.get(f"code_{at}", ""), posted.get(f"means_{at}", "")) for at in range(most))
    return {code[:80]: status for code, status in given if code and (not status or status in PARCELS)}


def _initial(mapping: Mapping) -> dict[str, Any]:
    told: dict[str, Any] = {f"at_{name}": written(keys) for name, keys in mapping.places.items()}
    told |= {f"always_{name}": value for name, value in mapping.always.items()}
    plain = {"entries": written(mapping.entries), "times": mapping.times, "pattern": mapping.pattern, "zone": mapping.zone}
    return told | plain


def _called(keys: Sequence[str], example: str) -> str:
    name = " › ".join(keys)
    return f"{name} ({example[:30]})" if example else name
