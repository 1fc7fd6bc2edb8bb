"""Every kind of block, drawn in every language, for mail programs as they are."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from notifications.designs import builtin
from notifications.designs.blocks import KINDS
from notifications.designs.content import Content, fields, read, stored
from notifications.designs.drawing import ready
from notifications.press import pressed
from tests.designs.conftest import made
from tests.designs.email_lint import faults
from tests.designs.samples import BLOCKS
from tests.ui.draw import draw_email
from tests.ui.samples.emails import EMAILS, SHIPMENT, SPARSE

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def drawn(content: Content, language: str = "en", sample: str = "shipped", **more: Any) -> tuple[str, str, str]:
    """Subject, HTML and text."""
    found: dict[str, Any] = {**EMAILS[sample], **more}
    with translation.override(language):
        filled = ready(content, language).filled(found)
        found |= {"blocks": filled.blocks(marketing="unsubscribe_url" in found), "subject": filled.line("subject"), "preheader": "x"}
        return found["subject"], pressed("email/design.html", language)(found), pressed("email/design.txt", language)(found)


def test_there_is_a_sample_of_every_kind() -> None:
    assert set(BLOCKS) == set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_is_drawn_for_every_mail_program_in_every_language(kind: str, language: str) -> None:
    block, seen = BLOCKS[kind]
    content = made({"type": kind, **block})

    _subject, html, text = drawn(content, language)

    assert faults(html) == []
    assert seen in html
    assert seen in text or kind == "divider"
    assert "<b>" not in text
    assert "{{" not in html + text


def test_each_star_leads_to_the_orders_page_with_itself_taken_unless_the_design_has_an_address_of_its_own() -> None:
    ours = drawn(made({"type": "review", "id": "r"}), sample="review_request")[1]
    own = drawn(made({"type": "review", "id": "r", "url": "https://own.example/"}), sample="review_request")[1]
    page = EMAILS["review_request"]["tracking_url"]

    assert [ours.count(f'href="{page}/stars/{n}" aria-label="{n} of 5 stars"') for n in range(1, 6)] == [1] * 5
    assert (own.count('href="https://own.example/"'), "/stars/" in own) == (5, False)


@pytest.mark.parametrize("kind", BLOCKS)
def test_an_empty_block_breaks_nothing(kind: str) -> None:
    _subject, html, text = drawn(made({"type": kind}), sample="confirmation")

    assert faults(html) == []
    assert "None" not in html + text


@pytest.mark.parametrize("name", EMAILS)
@pytest.mark.parametrize("samples", [EMAILS, SPARSE], ids=["full", "sparse"])
def test_every_built_in_email_is_fit_for_mail_programs(name: str, samples: dict[str, dict[str, object]]) -> None:
    html = draw_email(name, samples[name])[2]

    assert [one for one in faults(html) if "/email-img/" not in one] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("base", builtin.DRAWN)
def test_an_email_made_ones_own_says_what_the_built_in_one_says(base: str, language: str) -> None:
    content = read(stored(builtin.content(base, "en")))
    for samples in (EMAILS, SPARSE):
        sample = {key: value for key, value in samples[base].items() if key in EMAILS[base]}
        subject, preheader, html, _text = draw_email(base, sample, language)

        own_subject, own_html, _own_text = drawn_as(content, language, sample)

        assert own_subject == subject
        assert words(own_html) == words(html)
        with translation.override(language):
            assert ready(content, language).filled(sample).line("preheader") == preheader


def drawn_as(content: Content, language: str, sample: dict[str, Any]) -> tuple[str, str, str]:
    """For exactly this context, with nothing of another."""
    with translation.override(language):
        filled = ready(content, language).filled(sample)
        found = sample | {"blocks": filled.blocks(marketing=False), "subject": filled.line("subject"), "preheader": ""}
        return found["subject"], pressed("email/design.html", language)(found), pressed("email/design.txt", language)(found)


def words(html: str) -> list[str]:
    """What is read on the page, in its order."""
    body = re.sub(r"<!--.*?-->", "", html[html.index("<table") :], flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body)).split()


def test_values_are_escaped_and_only_inline_marks_and_honest_links_are_left() -> None:
    text = "{{ order.first_name }} <script>x</script><a href='javascript:y'>a</a><a href='https://b.example' onclick='z'>b</a><img src=q>"
    order = {**EMAILS["shipped"]["order"], "first_name": "<img src=x>"}  # type: ignore[dict-item]

    _subject, html, plain = drawn(made({"type": "text", "title": "{{ order.first_name }}", "text": text}), order=order)

    assert html.count("&lt;img src=x&gt;") == 2
    assert "javascript:" not in html
    assert "onclick" not in html
    assert '<a class="lnk" style="color: #1f6b50" href="https://b.example">b</a>' in html
    assert "b (https://b.example)" in plain
    assert "<img src=x>" in plain


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/orders", "https://", "https://a b", 'https://a"onload=x']
)
def test_a_button_that_leads_nowhere_is_not_drawn(url: str) -> None:
    assert 'class="btn' not in drawn(made({"type": "button", "label": "Go", "url": url}))[1]


def test_a_language_without_words_of_its_own_has_the_main_ones() -> None:
    content = made(words={"de": {"subject": "Bestellung {{ order.number }}", "lead.title": "Da ist sie"}})

    subject, html, _text = drawn(content, "de")

    assert subject == "Bestellung #1043"
    assert ">Da ist sie</h1>" in html
    assert "It is <b>here</b>." in html
    assert drawn(content, "fr")[0] == "Order #1043"


@pytest.mark.parametrize(("more", "done"), [({}, 2), ({"delivered_text": "today"}, 4), ({"shipment": None}, 1)])
def test_the_bars_go_as_far_as_the_parcel(more: dict[str, Any], done: int) -> None:
    html = drawn(made({"type": "tracking"}), **({"shipment": SHIPMENT} | more))[1]

    assert html.count('class="bar bar-on"') == done


def test_marketing_has_a_way_out_whatever_was_drawn() -> None:
    content = made()
    content.blocks = content.blocks[:-1]

    _subject, html, text = drawn(content, sample="review_request")

    assert "/u/abc" in html
    assert "/u/abc" in text


def test_every_text_has_a_name_of_its_own() -> None:
    content = made(*({"type": kind, **block} for kind, (block, _seen) in BLOCKS.items()))
    keys = [field.key for field in fields(content)]

    assert len(keys) == len(set(keys)) > 25
