"""What a page's head says, whatever else stands in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brands import read
from postpurchase.lib import clock
from postpurchase.lib.http import Fetched

AT = "https://shop.example/start/"


def head(text: str, charset: str = "utf-8") -> read.Look:
    return read.head(Fetched(AT, "text/html", charset, text.encode("latin-1" if charset == "latin-1" else "utf-8"), True))


def manifest(told: object) -> read.Look:
    return read.manifest(Fetched(AT, "application/json", "", json.dumps(told).encode(), True))


def test_name_colour_and_pictures_are_found_the_best_first() -> None:
    found = head(
        """<!doctype html><html><head><title>Warm things | Fjäll &amp; Söner</title>
        <meta property="og:site_name" content="Fjäll &amp; Söner"><meta name=application-name content='Fjäll'>
        <meta name="theme-color" content="#ABC" media="(prefers-color-scheme: light)">
        <meta name="theme-color" content="#000000" media="(prefers-color-scheme: dark)">
        <link rel="icon" sizes="16x16" href="/small.png"><link rel="icon" sizes="96x96" href="big.png">
        <link rel="icon" type="image/svg+xml" href="/logo.svg"><link href="//cdn.example/touch.png" rel="apple-touch-icon">
        <meta property="og:image" content="https://cdn.example/share.jpg"><link rel="manifest" href="/site.webmanifest"></head>
        <body><meta name="theme-color" content="#ffffff"></body>"""
    )

    assert found.names == ["Fjäll & Söner", "Fjäll", "Warm things"]
    assert found.colours == ["#aabbcc"]
    assert found.manifest == "https://shop.example/site.webmanifest"
    assert found.pictures == [
        "https://cdn.example/touch.png",
        "https://cdn.example/share.jpg",
        "https://shop.example/start/big.png",
        "https://shop.example/small.png",
    ]


def test_what_stands_in_scripts_comments_and_templates_is_not_said_by_the_page() -> None:
    found = head(
        """<script>document.write('<meta property="og:site_name" content="Script">')</script>
        <!-- <meta property="og:site_name" content="Comment"> --><template><title>Template</title></template>
        <svg><title>Drawing</title></svg><style><title>Style</title></style><title>Real</title>
        <script><meta name="theme-color" content="#111111">"""
    )

    assert (found.names, found.colours, found.pictures) == (["Real"], [], [])


def test_markup_in_a_name_stays_text_on_one_line() -> None:
    found = head('<meta property="og:site_name" content="<b>x</b>\n&lt;script&gt;alert(1)\u202e&lt;/script&gt;">'.replace("<b>x</b>", "x"))

    assert found.names == ["x <script>alert(1) </script>"]
    assert all(len(name) <= 80 for name in head(f"<title>{'a' * 900}</title>").names)


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#0F766E", "#0f766e"), ("#abc", "#aabbcc"), ("#11223344", "#112233"), ("rgb(1, 2,3)", "#010203"),
        ("rgba(255 0 0 / 50%)", "#ff0000"), ("red", ""), ("#12", ""), ("rgb(256,0,0)", ""), ("url(javascript:1)", ""),
        ("#0f766e;background:url(x)", ""), ("var(--x)", ""), ("", ""),
    ],
)  # fmt: skip
def test_only_colours_by_numbers_are_taken(text: str, colour: str) -> None:
    assert read.colour(text) == colour


@pytest.mark.parametrize(
    ("title", "name"),
    [("Northlight: gear for the cold", "Northlight"), ("Shoes – Ann", "Ann"), ("Jack-Jones", "Jack-Jones"), ("", ""), (" | ", "")],
)
def test_the_name_is_told_from_the_slogan(title: str, name: str) -> None:
    assert read.before_slogan(title) == name


def test_a_manifest_tells_name_colours_and_its_largest_icon() -> None:
    found = manifest(
        {
            "name": "Fjäll",
            "theme_color": "#123456",
            "background_color": "#fff",
            "icons": [{"src": "a.png", "sizes": "48x48"}, {"src": "/b.png", "sizes": "512x512"}, {"src": "c.svg", "type": "image/svg+xml"}],
        }
    )

    assert (found.names, found.colours) == (["Fjäll"], ["#123456", "#ffffff"])
    assert found.pictures == ["https://shop.example/b.png", "https://shop.example/start/a.png"]


@pytest.mark.parametrize("told", [[], "x", None, 3, {"icons": "x", "name": ["a"]}, {"icons": [1, {"src": None}, {}]}])
def test_an_odd_manifest_tells_what_it_can(told: object) -> None:
    assert manifest(told).pictures == []


def test_a_manifest_of_brackets_is_none() -> None:
    assert read.manifest(Fetched(AT, "", "", b"[" * 900_000, True)) == read.Look()


@given(st.text(max_size=300))
def test_no_text_makes_it_stumble(text: str) -> None:
    assert isinstance(head(text.encode("utf-8", "replace").decode()), read.Look)


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "<meta ",
        "<meta a=",
        '<meta a="',
        "<!--",
        "<script",
        "<script></script",
        "<meta content='x' ",
        "<title>",
        "<link rel=icon href=x>",
    ],
)
def test_a_page_made_to_take_long_takes_no_time(unit: str) -> None:
    began = clock.monotonic()

    head(unit * (300_000 // len(unit)))

    assert clock.monotonic() - began < 3.0


def test_an_unknown_charset_is_read_as_utf8() -> None:
    assert read.head(Fetched(AT, "text/html", "klingon", "<title>Fjäll</title>".encode(), True)).names == ["Fjäll"]
    assert head("<title>Fjäll</title>", "latin-1").names == ["Fjäll"]
