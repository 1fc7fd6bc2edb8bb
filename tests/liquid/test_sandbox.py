"""Merchants' Liquid: what it does for them, and that nothing else comes of it."""

import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from notifications.liquid import markup
from notifications.liquid.sandbox import ALLOWANCE, MOST_TEXT, Allowance, BadLiquid, read
from tests.liquid.attacks import FORBIDDEN, GIVEN, HUGE, MARKUP, PROBES

SECONDS = 1.0  # of processor time


@pytest.fixture(autouse=True, scope="module")
def _alone() -> Iterator[None]:
    """What is timed is the template's: not the other threads of a long run of tests, nor a look through all that they left in memory."""
    gc.disable()
    yield
    gc.enable()


def written(source: str, *, html: bool = True, strict: bool = False, **names: object) -> str:
    return read(source, html=html, strict=strict).write(names or GIVEN)


def test_it_fills_names_tests_them_and_goes_through_lists() -> None:
    source = "{% if order.number %}{{ order.number | append: '!' }}{% endif %}"
    source += "{% for line in order.lines %} {{ line.title | downcase }}{% endfor %}"

    assert written(source, html=False) == "#1! a <i>"


def test_what_is_missing_is_empty_when_sent_and_an_error_when_checked() -> None:
    assert written("Dear {{ nobody }}{{ nobody.name | default: 'you' }}") == "Dear you"
    assert written("{% if nobody %}a{% else %}b{% endif %}{{ nobody | default: 'c' }}", strict=True) == "bc"
    with pytest.raises(BadLiquid, match="Line 2: “nobody” has no value here"):
        written("Dear\n{{ nobody }}", strict=True)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a\nb {% if %}x{% endif %}", "Line 2: missing expression"),
        ("{{ x | nope }}", "Line 1: unknown filter 'nope'"),
        ("{% if x %}", "expected tag endif"),
        ("{{ x", "Line 1: "),
        ("{{ 'a' | plus: 1 }}", "Line 1: “plus” needs a number."),
    ],
)
def test_an_error_names_the_line_and_what_is_wrong(source: str, said: str) -> None:
    with pytest.raises(BadLiquid) as error:
        written(source)

    assert str(error.value).startswith(said)


@pytest.mark.parametrize("source", HUGE, ids=range(len(HUGE)))
def test_what_would_take_the_machine_down_is_dead_at_once(source: str) -> None:
    begun = time.thread_time()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        found = written(source)
    except BadLiquid:
        found = ""

    assert time.thread_time() - begun < SECONDS
    assert len(found) <= 2 * MOST_TEXT
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024  # kB


@pytest.mark.parametrize("source", FORBIDDEN)
def test_tags_and_filters_that_reach_out_do_not_exist(source: str) -> None:
    with pytest.raises(BadLiquid):
        written(source)


@pytest.mark.parametrize("source", PROBES)
def test_no_python_object_can_be_reached(source: str) -> None:
    assert written(source) == ""


@pytest.mark.parametrize("source", MARKUP)
def test_nothing_that_runs_or_breaks_out_is_left_in_the_html(source: str) -> None:
    found = markup.cleaned(written(source)).lower()

    assert not any(
        bad in found for bad in ("<script", "<img", "<svg", "<style", "<iframe", "<form", "javascript:", "onclick", "onload", "style=")
    )
    assert "<b>&" not in found
    assert "<i>" not in found


def test_the_texts_of_one_message_share_what_they_may_cost() -> None:
    text, allowance = read("{% for i in (1..900) %}{{ i }}{% endfor %}", html=False), Allowance()
    drawn = 0

    with pytest.raises(BadLiquid, match="too much work"):
        for _ in range(ALLOWANCE):
            text.write({}, allowance)
            drawn += 1

    assert 5 < drawn < 20


PIECES = st.sampled_from(
    ["{{ s }}", "{{ s | append: s }}", "{% for i in (1..99) %}", "{% endfor %}", "{% assign s = s | replace: 'a', s %}", "{% if s %}",
     "{% endif %}", "{% capture s %}", "{% endcapture %}",
     "{{ order.lines | map: 'title' | join: s }}", "{% break %}", "{{ (1..999) | join: s }}",
     "{{", "}}", "{%", "%}", "|", "'", "\n", "{{ s | split: '' | reverse | uniq | sort | join: 'x' }}", "<a href=", "(1..9)"]
)  # fmt: skip


@how(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60))
def test_whatever_is_put_together_ends_soon_in_a_text_or_in_words(pieces: list[str]) -> None:
    begun = time.thread_time()
    try:
        found = written("".join(pieces))
    except BadLiquid as error:
        found = str(error)

    assert len(found) <= 2 * MOST_TEXT
    assert time.thread_time() - begun < SECONDS


def test_all_of_it_together_stays_within_256_mib() -> None:
    """In a process of its own, whose memory is limited: an attack that wants more dies with a MemoryError, which is no BadLiquid."""
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (768 << 20, 768 << 20))\n"
        "import django; django.setup()\n"
        "from notifications.liquid.sandbox import read, BadLiquid\n"
        "from tests.liquid.attacks import *\n"
        "start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for source in HUGE:\n"
        "    try: read(source, html=True).write(GIVEN)\n"
        "    except BadLiquid: pass\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) // 1024)"
    )

    told = subprocess.run(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, env=dict(os.environ), capture_output=True, text=True, check=True
    )

    assert int(told.stdout) < 256
