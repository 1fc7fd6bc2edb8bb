from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brands import preview
from domains import claim
from domains.models import Domain, Kind, State
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text

GIVEN = {"name": "Fjäll & <b>Söner</b>", "accent": "#8a1c3c", "surface": "#fdf6f0", "support_email": "help@fjall.example",
         "review_url": "https://fjall.example/reviews"}  # fmt: skip
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


def frames(response: Any) -> list[str]:
    return [one["url"] for one in (response.context["frames"] if "frames" in response.context else response.context["brand"]["frames"])]


def kept(merchant: Merchant) -> dict[str, Any]:
    with in_merchant(merchant):
        row = Brand.objects.get()
    return {field.name: getattr(row, field.attname) for field in Brand._meta.local_fields}


def test_what_is_saved_holds_and_every_page_is_drawn_anew(ann: Merchant, admin: Client) -> None:
    version = kept(ann)["version"]

    assert admin.post("/m/ann/brand/change/", GIVEN)["Location"] == "/m/ann/brand/"

    found = kept(ann)
    assert {name: found[name] for name in GIVEN} == GIVEN
    assert found["version"] == version + 1
    assert found["time_zone"] == "Europe/Berlin"  # it is not on this form


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("accent", "red"), ("accent", "#0f766e;}"), ("surface", "#fff"), ("logo_url", "http://x.example/a.png"),
     ("logo_url", "javascript:alert(1)"), ("support_email", "help"), ("website", "//"), ("review_url", "http://fjall.example/reviews")],
)  # fmt: skip
def test_a_fault_is_told_at_its_field_and_nothing_is_kept(ann: Merchant, admin: Client, field: str, value: str) -> None:
    before = kept(ann)

    answer = admin.post("/m/ann/brand/change/", GIVEN | {field: value})

    assert (answer.status_code, list(answer.context["brand"]["form"].errors)) == (422, [field])
    assert kept(ann) == before


def test_the_preview_shows_the_page_and_the_mail_as_they_would_be_and_keeps_nothing(ann: Merchant, admin: Client) -> None:
    before = kept(ann)

    answer = admin.post("/m/ann/brand/preview/", GIVEN, headers=HTMX)

    assert (answer.status_code, kept(ann)) == (200, before)
    assert [url.split("/")[1] for url in frames(answer)] == ["look", "look", "m", "m"]
    page, mail = (admin.get(url) for url in (frames(answer)[0], frames(answer)[2]))
    for document in (page, mail):
        assert "Fjäll &amp; &lt;b&gt;Söner&lt;/b&gt;" in document.content.decode()
        assert "frame-ancestors 'self'" in document["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "/brand/8a1c3c-fdf6f0.css" in page.content.decode()
    assert "Sorted at the hub" in text(page)
    assert "#8a1c3c" in mail.content.decode()
    assert "help@fjall.example" in mail.content.decode()


def test_without_script_the_button_brings_the_whole_page_with_what_was_written(ann: Merchant, admin: Client) -> None:
    answer = admin.post("/m/ann/brand/preview/", GIVEN)

    assert answer.context["brand"]["form"]["accent"].value() == "#8a1c3c"
    assert "/brand/8a1c3c-fdf6f0.css" in admin.get(frames(answer)[0]).content.decode()
    assert admin.post("/m/ann/brand/preview/", GIVEN | {"accent": "red"}).status_code == 422


def test_half_a_colour_is_shown_as_it_is_kept(ann: Merchant, admin: Client) -> None:
    answer = admin.post("/m/ann/brand/preview/", GIVEN | {"accent": "#8a1"}, headers=HTMX)

    page = admin.get(frames(answer)[0]).content.decode()
    assert "/brand/0f766e-fdf6f0.css" in page
    assert "Söner" in page


@pytest.mark.parametrize(("shade", "said"), [("light", "@media not all"), ("dark", "@media all"), ("'><script>", "@media not all")])
def test_light_and_dark_are_shown_whatever_the_device_prefers(ann: Merchant, admin: Client, shade: str, said: str) -> None:
    answer = admin.post("/m/ann/brand/preview/", GIVEN | {"shade": shade}, headers=HTMX)

    page, mail = (admin.get(frames(answer)[place]).content.decode() for place in (0, 2))
    assert f'<html data-theme="{"dark" if shade == "dark" else "light"}"' in page
    assert said in mail
    assert "<script" not in page


def test_nobody_can_make_up_a_look(ann: Merchant, admin: Client) -> None:
    signed = preview.token(Brand(name="Ann"))

    assert Client().get(f"/look/{signed}/").status_code == 200
    for altered in (signed[:-1] + ("A" if signed[-1] != "A" else "B"), "x", signed.split(":")[0]):
        assert Client().get(f"/look/{altered}/").status_code == 404
        assert admin.get(f"/m/ann/brand/mail/{altered}/").status_code == 404


def test_drawing_the_samples_reads_nothing_of_a_shop(ann: Merchant, admin: Client) -> None:
    signed = preview.token(Brand(name="Ann"))

    with CaptureQueriesContext(connection) as asked:
        Client().get(f"/look/{signed}/")

    assert len(asked) == 0


def test_settings_and_brand_say_who_stands_in_from_and_how_to_change_it(ann: Merchant, admin: Client) -> None:
    for page in ("/m/ann/settings/", "/m/ann/brand/"):
        said = text(admin.get(page))
        assert "Shoppers read: Ann via Postpurchase <orders@post.postpurchase.example>" in said, page
        assert "Prove your domain" in said
    with in_merchant(ann):
        row = claim.add(Kind.SENDING, "ann.example")
        Domain.objects.filter(pk=row.pk).update(state=State.VERIFIED)

    said = text(admin.get("/m/ann/settings/"))
    assert "Shoppers read: Ann <orders@ann.example>" in said and "Prove your domain" not in said
