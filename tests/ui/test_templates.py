import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings

from tests.ui.draw import draw
from tests.ui.samples import PAGES

ROOT = Path(settings.TEMPLATES[0]["DIRS"][0]).parent
LOOKED_AT = {  # instead of a sample: the test opens these pages from a shop with data
    "browser/test_accounts.py": ("account/", "mfa/", "dashboard/team", "dashboard/member", "dashboard/settings"),
    "browser/test_imports.py": ("dashboard/import", "dashboard/export"),
    "browser/test_lists.py": (
        "dashboard/shipments",
        "dashboard/promises",
        "dashboard/codes",
        "dashboard/customer",
        "dashboard/search",
        "dashboard/job",
        "dashboard/simulate",
        "dashboard/backtest",
    ),
    "browser/test_mapping.py": ("dashboard/mapping", "dashboard/asking"),
    "browser/test_results.py": ("dashboard/results", "dashboard/flow_results"),
    "browser/test_connections.py": ("dashboard/connection", "dashboard/inbound", "dashboard/domain"),
    "browser/test_house.py": ("dashboard/key", "dashboard/audit", "dashboard/usage"),
    "browser/test_brand.py": ("dashboard/brand", "dashboard/alerts"),
    "browser/test_designs.py": ("dashboard/designs", "dashboard/email_design"),
    "browser/test_page_asks.py": ("dashboard/point",),
    "browser/test_tracking_page.py": ("dashboard/tracking_page", "dashboard/requests"),
    "browser/test_rules.py": ("dashboard/rules", "dashboard/suppression"),
    "browser/test_texting.py": ("dashboard/sms",),
    "browser/test_flow_editor.py": ("dashboard/flow_",),
    "browser/test_work.py": ("dashboard/work", "dashboard/case", "dashboard/limits", "dashboard/asked"),
    "api/test_contract.py": ("api/docs.html",),
}
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

    changing = [head for head, body in forms if ('type="hidden"' in body or "hx-post" in head) and 'role="search"' not in head]

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
    seen = {page for page in pages if page.startswith(tuple(chain.from_iterable(LOOKED_AT.values())))}

    assert pages - parts - seen - {template for template, _ in PAGES.values()} == set()


@pytest.mark.parametrize("test", LOOKED_AT)
def test_a_page_without_sample_is_looked_at_by_a_test_that_is_there(test: str) -> None:
    folder = ROOT / "templates"

    assert (ROOT / "tests" / test).is_file()
    assert [start for start in LOOKED_AT[test] if not list(folder.glob(f"{start}*"))] == []


def test_every_part_stands_on_the_page_of_parts() -> None:
    folder = ROOT / "templates"
    parts = {f"ui/{path.name}" for path in (folder / "ui").glob("*.html")}

    assert parts - _included("dashboard/design.html") - {"ui/_field.html"} == set()  # a field is drawn by its tag


def _included(name: str) -> set[str]:
    found = set(re.findall(r'include "(ui/[^"]+)"', (ROOT / "templates" / name).read_text()))
    return found.union(*(_included(one) for one in found))
