import re

import pytest

from tests.ui.draw import draw_email
from tests.ui.samples.emails import EMAILS, MARKETING, MAY_LACK_BUTTON, SPARSE, TOGETHER, WITHOUT_BUTTON

BOTH = [
    pytest.param(name, samples[name], id=f"{name}-{kind}") for kind, samples in (("full", EMAILS), ("sparse", SPARSE)) for name in EMAILS
]


@pytest.mark.parametrize(("name", "context"), BOTH)
def test_an_email_is_small_and_carries_its_styles_in_its_elements(name: str, context: dict[str, object]) -> None:
    _, _, html, _ = draw_email(name, context)

    assert len(html.encode()) < 60_000
    assert 'class="btn font" style="' in html or name in WITHOUT_BUTTON or (name in MAY_LACK_BUTTON and context is SPARSE[name])
    assert "var(--" not in html
    assert "{{" not in html


@pytest.mark.parametrize(("name", "context"), BOTH)
def test_an_email_has_one_subject_line_a_hidden_preheader_and_alt_texts(name: str, context: dict[str, object]) -> None:
    subject, preheader, html, _ = draw_email(name, context)

    assert 5 < len(subject) <= 78
    assert 5 < len(preheader) <= 140
    assert f"<title>{subject.replace('&', '&amp;')}</title>" in html
    assert html.index('class="hide"') < html.index("<table")
    assert all(" alt=" in image for image in re.findall(r"<img[^>]*>", html))


@pytest.mark.parametrize(("name", "context"), BOTH)
def test_the_text_part_says_the_same_without_markup(name: str, context: dict[str, object]) -> None:
    _, _, html, text = draw_email(name, context)

    assert not re.search(r"<[a-z/]|&[a-z]+;", text)
    for url in re.findall(r'<a href="(https://track[^"]+)" class="btn', html):
        assert url in text


@pytest.mark.parametrize("name", EMAILS)
def test_only_marketing_offers_to_stop_and_it_always_does(name: str) -> None:
    _, _, html, text = draw_email(name, EMAILS[name])

    assert ("/u/abc" in html, "/u/abc" in text) == (name in MARKETING, name in MARKETING)


@pytest.mark.parametrize("name", EMAILS)
def test_every_email_says_who_writes_and_why(name: str) -> None:
    _, _, html, text = draw_email(name, EMAILS[name])

    assert "You get this because" in html
    assert "You get this because" in text
    assert "411 14 Gothenburg" in html
    assert "411 14 Gothenburg" in text


def test_parcels_that_leave_together_are_told_of_in_one_mail() -> None:
    subject, _, html, text = draw_email("shipped", TOGETHER)

    assert subject == "2 parcels of order #1043 are on their way"
    assert html.count("Parcel 1 of 2") == html.count("Parcel 2 of 2") == 1
    assert all(number in html and number in text for number in ("00340434161094042557", "00340434161094042564"))


def test_a_parcel_that_stands_still_is_not_called_late() -> None:
    subject, _, html, text = draw_email("delayed", EMAILS["delayed"] | {"stalled": True, "promised_text": ""})

    assert subject == "Your parcel is standing still"
    assert "Later than promised" not in html + text


@pytest.mark.parametrize(
    ("missed", "said", "gesagt"),
    [
        (True, "Later than promised: now ", "Später als zugesagt: jetzt "),
        (False, "Later than expected: now ", "Später als erwartet: jetzt "),
    ],
)
def test_a_late_parcel_is_called_later_than_promised_only_where_a_promise_broke(missed: bool, said: str, gesagt: str) -> None:
    context = EMAILS["delayed"] | {"promise_missed": missed}

    for language, words in (("en", said), ("de", gesagt)):
        subject, _, html, text = draw_email("delayed", context, language)
        assert (subject.startswith(words), words in html, words in text) == (True, True, True)


def test_a_name_that_looks_like_markup_is_escaped_in_html_and_kept_in_text() -> None:
    order = {**EMAILS["confirmation"]["order"], "first_name": "<b>A & B</b>"}  # type: ignore[dict-item]

    _, _, html, text = draw_email("confirmation", {**EMAILS["confirmation"], "order": order})

    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in html
    assert "<b>A & B</b>" in text
