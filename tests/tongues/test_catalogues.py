"""Every text that a shopper may read is marked, and translated whole; the search for gaps finds each kind of gap."""

from typing import Any

import pytest
from babel.messages import Catalog

from console.tongues import catalogues, marked, unmarked
from console.tongues.marked import Text
from postpurchase.ui import tongue

PLACES: marked.Places = {Text("Parcel %(n)s"): [("a.html", 1)], Text("One scan", "%(n)s scans"): [("a.html", 2)]}


@pytest.mark.parametrize(("door", "language"), [(door, code) for door in ("shopper", "portal") for code in catalogues.languages(door)])
def test_a_shopper_finds_no_gap(door: str, language: str) -> None:
    assert list(catalogues.faults(door, language, marked.by_door()[door])) == []


def test_a_language_of_the_dashboard_is_shown_only_whole() -> None:
    places = marked.by_door()["dashboard"]
    shown = tongue.spoken("dashboard") - {"en"}

    assert [fault for language in shown for fault in catalogues.faults("dashboard", language, places)] == []


def test_shoppers_speak_six_languages() -> None:
    assert tongue.spoken() == {"en", "de", "fr", "es", "pt-br", "ja"}
    assert tongue.spoken("portal") - tongue.spoken() == {"it", "nl", "pl", "sv", "tr", "ar"}


def test_no_text_of_a_shoppers_template_is_unmarked() -> None:
    assert list(unmarked.everywhere()) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>{% translate 'Here' %} {{ name }}</p>", []),
        ("<p>Here {{ name }}</p>", ["Here"]),
        ("<img alt='A hat'>", ["A", "hat"]),
        ("<a class='btn' href='/x'>{% blocktranslate %}Go to {{ shop }}{% endblocktranslate %}</a>", []),
        ("{% comment %}Not shown{% endcomment %}<style>.a{color:red}</style><!-- nor this -->", []),
    ],
)
def test_words_outside_the_marks_are_seen(source: str, words: list[str]) -> None:
    assert unmarked.words_in(source, html=True) == words


def faults_of(monkeypatch: Any, *entries: tuple[Any, Any, tuple[str, ...]]) -> list[str]:
    made = Catalog(locale="de", fuzzy=False)
    for text, said, flags in entries:
        made.add(text, said, flags=flags)
    monkeypatch.setattr(catalogues, "read", lambda door, language: made)
    return [fault for fault in catalogues.faults("shopper", "de", PLACES) if "older than" not in fault]


GOOD = (("Parcel %(n)s", "Paket %(n)s", ()), (("One scan", "%(n)s scans"), ("Ein Scan", "%(n)s Scans"), ()))


def test_a_whole_catalogue_has_no_fault(monkeypatch: Any) -> None:
    assert faults_of(monkeypatch, *GOOD) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (("Parcel %(n)s", "", ()), "not translated"),
        (("Parcel %(n)s", "Paket %(n)s", ("fuzzy",)), "not translated"),
        (("Parcel %(n)s", "Paket %(number)s", ()), "values differ"),
        (("Parcel %(n)s", "Paket", ()), "values differ"),
    ],
)
def test_each_kind_of_gap_is_a_fault(entry: Any, fault: str, monkeypatch: Any) -> None:
    assert [found.split(":")[0] for found in faults_of(monkeypatch, entry, GOOD[1])] in ([fault], [f"{fault} from the original"])


def test_a_missing_form_of_the_plural_is_a_fault(monkeypatch: Any) -> None:
    (fault,) = faults_of(monkeypatch, GOOD[0], (("One scan", "%(n)s scans"), ("Ein Scan", ""), ()))

    assert fault.startswith("not translated")


def test_a_text_that_the_catalogue_lacks_or_that_nobody_marks_is_a_fault(monkeypatch: Any) -> None:
    found = faults_of(monkeypatch, GOOD[0], ("Gone", "Weg", ()))

    assert found == ["not in the catalogue: 'One scan'", "marked nowhere any more: 'Gone'"]
