"""From an address to a suggestion, and from a suggestion to the brand: by a worker, and by one click."""

import json
from typing import Any

import pytest
from django.test import Client

from brands import suggest, tasks
from brands.models import Logo, Reading, Suggestion
from postpurchase.lib import reach
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.brands.shop import Site, png

HOME = '<title>Ann’s | wool</title><meta property="og:site_name" content="Ann &amp; Söner"><meta name="theme-color" content="#8a1c3c">'
pytestmark = pytest.mark.django_db


def read(merchant: Merchant, url: str) -> Suggestion:
    with in_merchant(merchant):
        row = suggest.ask(url)
    suggest.carry_out(merchant.pk, row.pk)
    with in_merchant(merchant):
        row.refresh_from_db()
        return Suggestion.objects.select_related("logo").get(pk=row.pk)


def test_a_site_becomes_a_suggestion_and_changes_nothing_by_itself(ann: Merchant, site: Site) -> None:
    site.put("/", HOME + '<link rel="apple-touch-icon" href="/touch.png"><script src="/x.js"></script>')
    site.put("/touch.png", png(), "image/png")

    row = read(ann, site.url)

    assert (row.state, row.name, row.accent) == (Reading.FOUND, "Ann & Söner", "#8a1c3c")
    assert row.logo and (row.logo.width, row.logo.height) == (180, 180)
    assert site.asked == ["/", "/touch.png"]
    with in_merchant(ann):
        assert Brand.objects.get().name == "Ann"


def test_one_click_takes_over_what_is_ticked(ann: Merchant, site: Site, admin: Client) -> None:
    site.put("/", HOME + '<link rel="apple-touch-icon" href="/touch.png">')
    site.put("/touch.png", png(), "image/png")
    row = read(ann, site.url)
    with in_merchant(ann):
        version = Brand.objects.get().version

    answer = admin.post("/m/ann/brand/take/", {"suggestion": str(row.pk), "field": ["accent", "logo_url"]})
    again = admin.post("/m/ann/brand/take/", {"suggestion": str(row.pk), "field": ["name"]})

    assert (answer.status_code, again.status_code) == (302, 409)
    with in_merchant(ann):
        brand = Brand.objects.get()
        assert (brand.name, brand.accent, brand.website) == ("Ann", "#8a1c3c", site.url)
        assert brand.logo_url == f"http://127.0.0.1:8000/logo/{row.logo_id}.png"
        assert brand.version == version + 1
    picture = Client().get(f"/logo/{row.logo_id}.png")
    assert (picture.status_code, picture["Content-Type"], picture["X-Content-Type-Options"]) == (200, "image/png", "nosniff")
    assert picture["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert picture.content.startswith(b"\x89PNG")


def test_left_alone_it_holds_for_nothing(ann: Merchant, site: Site, admin: Client) -> None:
    site.put("/", HOME)
    row = read(ann, site.url)

    assert admin.post("/m/ann/brand/leave/", {"suggestion": str(row.pk)}).status_code == 302
    with in_merchant(ann), pytest.raises(IllegalMove):
        suggest.take(row.pk, ["name"])
    with in_merchant(ann):
        assert Brand.objects.get().name == "Ann"


def test_the_manifest_fills_what_the_page_leaves_open_and_a_pale_colour_is_none(ann: Merchant, site: Site) -> None:
    site.put(
        "/", '<meta name="theme-color" content="#ffffff"><link rel="manifest" href="m.json"><link rel="apple-touch-icon" href="gone.png">'
    )
    site.put(
        "/m.json",
        json.dumps({"name": "Ann", "theme_color": "#2040a0", "icons": [{"src": "i.png", "sizes": "512x512"}]}),
        "application/json",
    )
    site.put("/i.png", png(512, 512), "image/png")

    row = read(ann, site.url)

    assert (row.name, row.accent, row.logo is not None) == ("Ann", "#2040a0", True)


def test_without_a_word_the_logos_own_colour_is_taken(ann: Merchant, site: Site) -> None:
    site.put("/", '<link rel="icon" sizes="64x64" href="i.png">')
    site.put("/i.png", png(64, 64, (15, 118, 110)), "image/png")

    row = read(ann, site.url)

    assert (row.name, row.accent) == ("", "#087868")


def test_pictures_inside_our_network_are_not_fetched(ann: Merchant, site: Site) -> None:
    links = ["http://127.0.0.1:1/x.png", "https://169.254.169.254/x.png", "file:///etc/passwd", "data:image/png;base64,AAAA", "/logo.svg"]
    site.put("/", HOME + "".join(f'<link rel="icon" href="{one}">' for one in links) + '<link rel="manifest" href="https://10.0.0.1/m">')

    row = read(ann, site.url)

    assert (row.state, row.logo) == (Reading.FOUND, None)
    assert site.asked == ["/"]


def test_a_bomb_or_a_program_in_place_of_a_picture_leaves_no_logo(ann: Merchant, site: Site) -> None:
    site.put("/", HOME + '<link rel="icon" href="a.png"><link rel="icon" href="b.png">')
    site.put("/a.png", b"<svg onload=alert(1)>", "image/png")
    site.put("/b.png", b"\0" * 2_000_000, "image/png")

    row = read(ann, site.url)

    assert (row.state, row.logo, site.asked) == (Reading.FOUND, None, ["/", "/a.png", "/b.png"])
    with in_merchant(ann):
        assert not Logo.objects.exists()


@pytest.mark.parametrize(("kind", "said"), [("application/pdf", "There is no page"), (None, "It answered 404.")])
def test_what_is_no_page_is_told(ann: Merchant, site: Site, kind: str | None, said: str) -> None:
    if kind:
        site.put("/", b"%PDF", kind)

    row = read(ann, site.url)

    assert row.state == Reading.FAILED
    assert said in row.problem


def test_an_address_inside_is_refused_at_the_form_and_by_the_worker(ann: Merchant, admin: Client) -> None:
    for given in (
        "127.0.0.1",
        "https://localhost/",
        "http://10.0.0.1:8000/x",
        "https://u:p@shop.example",
        "shop",
        "https://shop.example:22/",
    ):
        answer = admin.post("/m/ann/brand/read/", {"website": given})
        assert (answer.status_code, bool(answer.context["brand"]["site_form"].errors["website"])) == (422, True), given
    with in_merchant(ann):
        assert not Suggestion.objects.exists()

    row = read(ann, "https://127.0.0.1/")

    assert row.state == Reading.FAILED


@pytest.mark.parametrize(
    ("given", "called"), [("shop.example", "https://shop.example/"), (" http://Shop.example/a ", "https://shop.example/a")]
)
def test_an_address_is_taken_as_people_write_it(given: str, called: str) -> None:
    assert suggest.address_of(given) == called
    with pytest.raises(reach.Refused):
        suggest.address_of("javascript:alert(1)")


def test_a_newer_wish_replaces_the_one_before_and_a_late_worker_changes_nothing(ann: Merchant, site: Site) -> None:
    site.put("/", HOME)
    with in_merchant(ann):
        first, second = suggest.ask(site.url), suggest.ask(site.url)

    suggest.carry_out(ann.pk, first.pk)
    suggest.carry_out(ann.pk, second.pk)
    suggest.carry_out(ann.pk, second.pk)

    with in_merchant(ann):
        assert list(Suggestion.objects.order_by("id").values_list("state", flat=True)) == [Reading.LEFT, Reading.FOUND]
    assert site.asked == ["/"]


def test_the_sweep_finds_what_a_lost_nudge_left(ann: Merchant, site: Site, settled: Any) -> None:
    site.put("/", HOME)
    with in_merchant(ann):
        row = suggest.ask(site.url)

    with settled():
        tasks.read_waiting()

    with in_merchant(ann):
        row.refresh_from_db()
        assert row.state == Reading.FOUND


def test_we_are_nobodys_scanner(ann: Merchant, admin: Client) -> None:
    answers = [admin.post("/m/ann/brand/read/", {"website": f"shop{n}.example"}).status_code for n in range(21)]

    assert answers == [302] * 20 + [422]
    with in_merchant(ann):
        assert Suggestion.objects.count() == 20


def test_another_shops_suggestion_cannot_be_taken(ann: Merchant, bob: Merchant, site: Site, admin: Client) -> None:
    site.put("/", HOME)
    row = read(bob, site.url)

    assert admin.post("/m/ann/brand/take/", {"suggestion": str(row.pk), "field": "name"}).status_code == 409
    with in_merchant(bob):
        row.refresh_from_db()
        assert row.state == Reading.FOUND
