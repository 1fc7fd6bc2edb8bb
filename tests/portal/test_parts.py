"""The shelf of kept pages, the brand's stylesheet, the reader's language, days in words."""

from datetime import date
from threading import Thread

import pytest
from django.templatetags.static import static
from django.test import Client, RequestFactory

from portal import days
from portal.door import masked
from portal.looks import look_of, stylesheet_url
from portal.shelf import Kept, Shelf
from postpurchase.tenancy.models import Brand
from postpurchase.ui import tongue
from postpurchase.ui.colour import contrast

TODAY = date(2026, 3, 5)  # a Thursday


def kept(size: int = 10) -> Kept:
    return Kept("v", 0.0, 200, b"x" * size, '"e"')


def test_the_longest_unused_page_goes_first() -> None:
    shelf = Shelf(pages=2)
    shelf.put(("a", "en"), kept())
    shelf.put(("b", "en"), kept())
    shelf.take(("a", "en"))
    shelf.put(("c", "en"), kept())

    assert [bool(shelf.take((name, "en"))) for name in "abc"] == [True, False, True]


def test_bytes_are_bounded_too() -> None:
    shelf = Shelf(size=100)
    for name in "abc":
        shelf.put((name, "en"), kept(40))
    shelf.put(("huge", "en"), kept(101))

    assert (len(shelf), shelf.held) == (2, 80)
    shelf.put(("b", "en"), kept(10))
    shelf.drop(("c", "en"))
    assert (len(shelf), shelf.held) == (1, 10)


def test_many_threads_keep_the_books_right() -> None:
    shelf = Shelf(pages=50, size=2000)

    def work(seed: int) -> None:
        for n in range(400):
            shelf.put((str((n * seed) % 97), "en"), kept(n % 90))
            shelf.take((str(n % 97), "en"))

    threads = [Thread(target=work, args=(seed,)) for seed in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(shelf) <= 50
    assert shelf.held == sum(len(page.body) for page in shelf._kept.values()) <= 2000


@pytest.mark.parametrize("accent", ["#d7ff1e", "#000000", "#ffffff", "#0f766e", "#ff00aa"])
@pytest.mark.parametrize("surface", ["#faf9f6", "#000000", "#d7ff1e"])
def test_any_two_colours_stay_readable(accent: str, surface: str, client: Client) -> None:
    response = client.get(stylesheet_url(accent, surface))

    css = response.content.decode()
    found = dict(part.strip().split(": ") for part in css[css.index("--") : css.index("}")].split(";"))
    assert found["--brand-accent"] == accent
    assert contrast(found["--brand-ink"], accent) >= 4.5
    assert contrast(found["--brand-surface"], "#16180a") >= 16
    assert (response["Content-Type"], response["Cache-Control"]) == ("text/css; charset=utf-8", "public, max-age=31536000, immutable")


@pytest.mark.parametrize("path", ["/brand/red-blue.css", "/brand/0f766e-faf9f.css", "/brand/0f766e-faf9f6;x.css", "/brand/0f766e.css"])
def test_only_colours_make_a_stylesheet(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


def test_a_colour_that_is_none_falls_back() -> None:
    assert stylesheet_url("url(//evil)", "#FAF9F6") == "/brand/0f766e-faf9f6.css"


@pytest.mark.parametrize(
    ("logo", "shown"),
    [("https://cdn.example/x.png", ""), ("//cdn.example/x.png", ""), ("/media/x.png", "/media/x.png"), ("", "")],
)
def test_a_logo_is_shown_from_our_own_host_only(logo: str, shown: str) -> None:
    assert look_of(Brand(name="Ann", logo_url=logo)).logo_url == shown


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/", "", ""),
        ("/", "de-AT,de;q=0.9,en;q=0.5", "de-at"),
        ("/", "de-DE", "de"),
        ("/", "en-US,en;q=0.9", "en-us"),
        ("/", "fi,ja;q=0.4", "ja"),
        ("/", "fi,da", ""),
        ("/", "pt-PT", "pt-br"),
        ("/?lang=de", "en", "de"),
        ("/?lang=xx", "de", "de"),
        ("/?lang=../../etc", "", ""),
    ],
)
def test_the_reader_chooses_among_what_we_speak(path: str, accepted: str, language: str) -> None:
    assert tongue.of_shopper(RequestFactory().get(path, headers={"Accept-Language": accepted})) == language


@pytest.mark.parametrize(
    ("first", "last", "span", "short"),
    [
        (5, 5, "today, Thursday 5 March", "today"),
        (6, 6, "tomorrow, Friday 6 March", "tomorrow"),
        (9, 9, "Monday 9 March", "Mon 9 Mar"),
        (5, 6, "today or tomorrow", "Thu or Fri"),
        (9, 10, "Monday or Tuesday", "Mon or Tue"),
        (2, 7, "between today and Sat 7 Mar", "5–7 Mar"),
        (20, 21, "between Fri 20 Mar and Sat 21 Mar", "20–21 Mar"),
        (2, 3, "Tuesday 3 March", "Tue 3 Mar"),
    ],
)
def test_days_are_said_as_people_say_them(first: int, last: int, span: str, short: str) -> None:
    window = date(2026, 3, first), date(2026, 3, last)

    assert (days.span(*window, TODAY), days.short(*window, TODAY)) == (span, short)


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("anna.berg@example.de", "a••••@e••••.de"),
        ("a@b.co.uk", "a••••@b••••.uk"),
        ("", ""),
        ("no-address", ""),
        ("x@localhost", "x••••@••••localhost"),
    ],
)
def test_an_address_is_masked(email: str, shown: str) -> None:
    assert masked(email) == shown


def test_browsers_find_an_icon_where_they_look_by_themselves(client: Client) -> None:
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (302, static("favicon.svg"), "public, max-age=604800")
