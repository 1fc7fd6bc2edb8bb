import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from tests.ui.draw import draw
from tests.ui.samples import PAGES

ROOT = Path(settings.TEMPLATES[0]["DIRS"][0]).parent
PORTAL = [name for name, (template, _) in PAGES.items() if template.startswith("portal/")]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_inline_style_no_inline_script_and_no_handler(name: str, at_sample_time: None) -> None:
    html = draw(name)

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert not re.findall(r"<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("name", PAGES)
def test_every_id_of_a_page_is_used_once_and_every_reference_finds_it(name: str, at_sample_time: None) -> None:
    html = draw(name)

    ids = Counter(re.findall(r'\sid="([^"]+)"', html))
    wanted = " ".join(re.findall(r'(?:aria-labelledby|aria-describedby|popovertarget|for)="([^"]+)"', html)).split()

    assert [one for one, times in ids.items() if times > 1] == []
    assert [one for one in wanted if one not in ids] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_icon_of_a_page_is_in_the_sprite(name: str, at_sample_time: None) -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))

    used = set(re.findall(r'icons[^"]*\.svg#([\w-]*)', draw(name)))

    assert used - sprite == set()


@pytest.mark.parametrize("name", PAGES)
def test_a_form_that_changes_something_is_a_post(name: str, at_sample_time: None) -> None:
    forms = re.findall(r"<form([^>]*)>(.*?)</form>", draw(name), flags=re.DOTALL)

    changing = [head for head, body in forms if 'type="hidden"' in body or "hx-post" in head]

    assert all('method="post"' in head for head in changing)


@pytest.mark.parametrize("name", PORTAL)
def test_a_shoppers_page_is_small_and_loads_nothing_from_elsewhere(name: str, at_sample_time: None) -> None:
    html = draw(name)

    assert len(html.encode()) < 30_000
    assert re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//[^"]*"', html) == []
    assert "htmx" not in html


@pytest.mark.parametrize("language", ["de", "ja", "ar"])
@pytest.mark.parametrize("name", ["tracking_late", "home", "orders", "order"])
def test_a_page_is_drawn_in_other_languages(name: str, language: str, at_sample_time: None) -> None:
    html = draw(name, language)

    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in html


def test_a_locked_tracking_page_names_nobody(at_sample_time: None) -> None:
    locked, unlocked = draw("tracking_on_the_way"), draw("tracking_unlocked")

    assert "Anna Berg" in unlocked
    assert not any(secret in locked for secret in ("Anna", "Lindenstraße", "anna.berg", "€128.40"))


def test_the_whole_stylesheet_stays_under_60_kilobytes() -> None:
    assert sum(path.stat().st_size for path in (ROOT / "static/css").glob("*.css")) < 60_000


def test_every_page_template_has_a_sample() -> None:
    folder = ROOT / "templates"
    pages = {str(path.relative_to(folder)) for path in folder.rglob("*.html")}
    parts = {page for page in pages if "/_" in page or page.startswith("email/") or page.endswith("base.html")} | {"lone.html"}
    parts |= {
        page for page in pages if page.startswith(("account/", "mfa/", "dashboard/team", "dashboard/member", "dashboard/settings"))
    }  # tests/browser/test_accounts.py looks at them
    parts |= {page for page in pages if page.startswith(("dashboard/import", "dashboard/export"))}  # and test_imports.py at these
    parts |= {page for page in pages if page.startswith(("dashboard/brand", "dashboard/alerts"))}  # and test_brand.py at these
    parts |= {"api/docs.html"}  # drawn from the contract; tests/api looks at it

    assert pages - parts - {template for template, _ in PAGES.values()} == set()
