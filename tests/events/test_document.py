"""docs/events.md is what the catalogue says."""

from django.conf import settings

from postpurchase.events.catalogue import FACTS
from postpurchase.events.document import markdown


def test_the_page_is_up_to_date() -> None:
    page = (settings.BASE_DIR / "docs" / "events.md").read_text(encoding="utf-8")

    assert page == markdown(), "run: python3 manage.py events_doc"


def test_the_page_names_every_fact_with_its_fields() -> None:
    page = markdown()

    assert [kind for kind in FACTS if f"\n## {kind}\n" not in page] == []
    assert "| `was` | date or empty |" in page
    assert "| `fields` | list of text |" in page
