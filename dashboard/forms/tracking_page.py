"""The form of a section of the tracking page, made from its kind's fields."""

import re
from collections.abc import Container
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands import pictures
from brands.page.content import MOST_ROWS, ROWS, TEXTS, WITH_ADDRESS, WITH_PICTURE, Section, fields, source

LABELS: dict[str, Any] = {
    "title": gettext_lazy("Heading"),
    "text": gettext_lazy("Text"),
    "label": gettext_lazy("Words on the button"),
    "url": gettext_lazy("Where it leads"),
}
OF_ROWS: dict[tuple[str, str], Any] = {
    ("faq", "title"): gettext_lazy("Question"),
    ("faq", "text"): gettext_lazy("Answer"),
    ("howto", "text"): gettext_lazy("Step"),
    ("products", "title"): gettext_lazy("Product"),
    ("products", "text"): gettext_lazy("Price"),
    ("products", "url"): gettext_lazy("Its page"),
    ("social", "title"): gettext_lazy("Name"),
    ("social", "url"): gettext_lazy("Its page"),
}
LEADS = re.compile(r"(https://|mailto:)[^\s\"'<>\\]+")
SITES = re.compile(r"https://[^\s\"'<>\\]+")


class SectionForm(forms.Form):
    """One section, in one language. In another than the main one there are its texts only, and what is empty is as in the main one.

    `apart`: kinds of sections that the page has. What one of them shows, parcels do not, so there is nothing to choose.
    """

    def __init__(
        self, data: Any = None, files: Any = None, *, section: Section, main: bool, language: str, apart: Container[str] = ()
    ) -> None:
        super().__init__(data, files)
        self.label_suffix, self.section, self.main, self.apart = "", section, main, apart
        own = section.words.get(language, {})
        for name in fields(section):
            self._text(name, source(section, name) if main else own.get(name, ""), "" if main else source(section, name))
        if main:
            self._whole()

    def _whole(self) -> None:
        section = self.section
        if section.kind == "parcels" and "timeline" not in self.apart:
            self.fields["scans"] = _tick(_("List of all scans"), section.scans)
        if section.kind == "parcels" and "items" not in self.apart:
            self.fields["items"] = _tick(_("What is in the parcel"), section.items)
        if section.kind in WITH_ADDRESS:
            self._address("url", section.url)
        if section.kind in WITH_PICTURE:
            self.fields["picture"] = forms.FileField(label=_("Picture"), required=False, help_text=_("PNG, JPEG or WebP, at most 5 MB."))
            if section.image:
                self.fields["unpictured"] = _tick(_("Take the picture out"), False)
        for n, row in enumerate(section.rows):
            if "url" in ROWS.get(section.kind, ()):
                self._address(f"rows.{n}.url", row.url)
        if section.kind in ROWS and len(section.rows) < MOST_ROWS:  # an empty row, to write the next one in
            for name in ROWS[section.kind]:
                key = f"rows.{len(section.rows)}.{name}"
                self._address(key, "") if name == "url" else self._text(key, "", "")
        self.order_fields(sorted(self.fields, key=lambda name: int(name.split(".")[1]) + 1 if name.startswith("rows.") else 0))

    def _label(self, name: str) -> str:
        parts = name.split(".")
        return f"{OF_ROWS[self.section.kind, parts[2]]} {int(parts[1]) + 1}" if parts[1:] else str(LABELS[name])

    def _text(self, name: str, now: str, shown: str) -> None:
        prose = name.endswith("text") and self.section.kind != "products"
        widget = forms.Textarea(attrs={"rows": 3, "class": "input"}) if prose else forms.TextInput()
        widget.attrs["placeholder"] = shown[:80]
        most = 4000 if prose else 200
        self.fields[name] = forms.CharField(label=self._label(name), required=False, max_length=most, initial=now, widget=widget)

    def _address(self, name: str, now: str) -> None:
        if self.section.kind == "review":  # one is led there by us, and we lead to sites only
            told, wrong = _("An address that begins with https://"), _("The address must begin with https:// and hold no spaces.")
        else:
            told = _("An address that begins with https:// or mailto:")
            wrong = _("The address must begin with https:// or mailto: and hold no spaces.")
        self.fields[name] = forms.RegexField(
            SITES if self.section.kind == "review" else LEADS,
            label=self._label(name),
            required=False,
            max_length=1000,
            initial=now,
            help_text="" if "." in name else told,
            error_messages={"invalid": wrong},
        )

    def clean_picture(self) -> Any:
        """Not too large."""
        given = self.cleaned_data["picture"]
        if given and given.size > pictures.MOST_BYTES:
            raise forms.ValidationError(_("The picture is larger than 5 MB. Make it smaller, then try again."))
        return given

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by the names of the section's words."""
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in fields(self.section)}

    def changes(self) -> dict[str, Any]:
        """What a section in the main language is to be. Empty rows are none, and take their translations with them."""
        given = {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in self.cleaned_data.items()}
        found = {name: given[name] for name in (*TEXTS.get(self.section.kind, ()), "url", "scans", "items") if name in given}
        numbers = sorted({int(name.split(".")[1]) for name in given if name.startswith("rows.")})
        rows = {n: {name: given.get(f"rows.{n}.{name}", "") for name in ROWS[self.section.kind]} for n in numbers}
        kept = [n for n in numbers if any(rows[n].values())]
        words = {code: _renumbered(said, kept) for code, said in self.section.words.items()}
        return found | {"rows": [rows[n] for n in kept], "words": {code: said for code, said in words.items() if said}}

    def image(self) -> dict[str, str]:
        """The picture as it is to be, kept. Raises picture.Unusable."""
        if given := self.cleaned_data.get("picture"):
            return {"image": pictures.keep(given.read())}
        return {"image": ""} if self.cleaned_data.get("unpictured") else {}


def _renumbered(said: dict[str, str], kept: list[int]) -> dict[str, str]:
    found = {}
    for key, text in said.items():
        first, _dot, rest = key.partition(".")
        at, _dot, name = rest.partition(".")
        if not rest:
            found[key] = text
        elif int(at) in kept:
            found[f"{first}.{kept.index(int(at))}.{name}"] = text
    return found


def _tick(label: str, now: bool) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, initial=now)
