"""The designer of the tracking page, by hand and without a script; and the answers to what shoppers ask."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from brands.models import Logo, PageDesign, PageVersion
from brands.page.content import read
from orders.models import Order
from postpurchase.tenancy.models import AuditEntry, Brand, Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.brands.shop import png
from tests.dashboard.pages import text
from tests.people import hire
from tests.portal.acts import place
from tracking import wishes
from tracking.models import Wish
from tracking.wishes import Asked

PAGE = "/m/ann/page/"


@pytest.fixture
def ada(ann: Merchant) -> Client:
    """An admin's browser."""
    client = Client()
    client.force_login(hire(ann, "ada@ann.example", Role.ADMIN))
    return client


@pytest.fixture
def placed(ann: Merchant) -> Order:
    with in_merchant(ann):
        return place()


def sections(ann: Merchant, at: int = -1) -> list[str]:
    with in_merchant(ann):
        return [f"{one.id}{'' if one.on else '-off'}" for one in read(PageDesign.objects.get().draft).variants[at].sections]


def arrange(client: Client, ann: Merchant, op: str, section: str = "", **more: str) -> Any:
    order = more.pop("order", None) or (",".join(sections(ann)) if in_use(ann) else "parcels,aside,support,order")
    return client.post(f"{PAGE}arrange/", {"op": op, "section": section, "order": order} | more)


def in_use(ann: Merchant) -> bool:
    with in_merchant(ann):
        return PageDesign.objects.exists()


def test_looking_at_the_designer_keeps_nothing(ada: Client, ann: Merchant) -> None:
    page = text(ada.get(PAGE))

    assert "Parcels and their journey" in page
    assert not in_use(ann)


def test_sections_are_added_moved_hidden_and_taken_out(ada: Client, ann: Merchant) -> None:
    arrange(ada, ann, "add", kind="faq")
    arrange(ada, ann, "up", "faq")
    arrange(ada, ann, "switch", "order")

    assert sections(ann) == ["faq", "parcels", "aside", "support", "order-off"]
    arrange(ada, ann, "to", "faq", at="3")
    assert sections(ann) == ["parcels", "aside", "support", "faq", "order-off"]
    arrange(ada, ann, "remove", "faq")
    arrange(ada, ann, "remove", "parcels")
    assert sections(ann) == ["parcels", "aside", "support", "order-off"]


def test_what_was_drawn_before_somebody_else_moved_something_does_nothing(ada: Client, ann: Merchant) -> None:
    arrange(ada, ann, "add", kind="faq")
    drawn = ",".join(sections(ann))
    arrange(ada, ann, "up", "faq", order=drawn)
    arrange(ada, ann, "up", "faq", order=drawn)

    assert sections(ann) == ["faq", "parcels", "aside", "support", "order"]


def test_parcels_leave_to_choose_what_no_other_section_shows(ada: Client, ann: Merchant) -> None:
    before = ada.get(f"{PAGE}?section=parcels").content.decode()
    arrange(ada, ann, "add", kind="timeline")

    after = ada.get(f"{PAGE}?section=parcels").content.decode()

    assert [name in before for name in ('name="scans"', 'name="items"')] == [True, True]
    assert [name in after for name in ('name="scans"', 'name="items"')] == [False, True]


def test_what_the_shops_own_site_shows_names_its_own_host(ada: Client, ann: Merchant) -> None:
    before = text(ada.get(PAGE))
    with in_merchant(ann):
        Brand.objects.update(portal_host="track.ann.example")

    after = text(ada.get(PAGE))

    assert ("http://track.ann.example:8000/s/ann/" in before, "http://track.ann.example:8000/s/ann/" in after) == (False, True)


def test_words_are_kept_in_each_language_and_rows_grow(ada: Client, ann: Merchant) -> None:
    arrange(ada, ann, "add", kind="faq")
    said = {"section": "faq", "title": "Questions", "rows.0.title": "Wash it?", "rows.0.text": "By hand."}
    ada.post(f"{PAGE}change/", said)
    ada.post(f"{PAGE}change/", {"section": "faq", "language": "de", "title": "Fragen", "rows.0.title": "Waschen?"})

    with in_merchant(ann):
        faq = read(PageDesign.objects.get().draft).variants[0].section("faq")
    assert faq
    assert (faq.title, faq.rows[0].title, faq.words) == ("Questions", "Wash it?", {"de": {"title": "Fragen", "rows.0.title": "Waschen?"}})
    assert 'name="rows.1.title"' in ada.get(f"{PAGE}?section=faq").content.decode()


def test_a_wrong_address_says_which_field_and_keeps_nothing(ada: Client, ann: Merchant) -> None:
    arrange(ada, ann, "add", kind="banner")

    answer = ada.post(f"{PAGE}change/", {"section": "banner", "title": "Sale", "url": "javascript:alert(1)"})

    assert answer.status_code == 422
    assert "The address must begin with https://" in text(answer)
    with in_merchant(ann):
        banner = read(PageDesign.objects.get().draft).variants[0].section("banner")
    assert banner and not banner.title


def test_a_picture_is_drawn_anew_and_served_by_us(ada: Client, ann: Merchant) -> None:
    arrange(ada, ann, "add", kind="banner")
    ada.post(f"{PAGE}change/", {"section": "banner", "picture": SimpleUploadedFile("a.png", png())})
    refused = ada.post(f"{PAGE}change/", {"section": "banner", "picture": SimpleUploadedFile("a.png", b"<svg onload=x>")})

    with in_merchant(ann):
        banner = read(PageDesign.objects.get().draft).variants[0].section("banner")
        assert banner and banner.image == f"/logo/{Logo.objects.get().pk}.png"
    assert refused.status_code == 422


def test_a_variant_needs_a_rule_and_the_last_is_everybodys(ada: Client, ann: Merchant) -> None:
    refused = ada.post(f"{PAGE}variant/", {"op": "add", "name": "Alps", "countries": "", "tags": ""})
    wrong = ada.post(f"{PAGE}variant/", {"op": "add", "name": "Alps", "countries": "Austria"})
    for name, countries in (("Alps", "AT, CH"), ("North", "se")):
        ada.post(f"{PAGE}variant/", {"op": "add", "name": name, "countries": countries})
    ada.post(f"{PAGE}variant/", {"op": "sooner", "variant": "some"})
    ada.post(f"{PAGE}variant/", {"op": "remove", "variant": "all"})

    with in_merchant(ann):
        found = [(one.name, one.countries) for one in read(PageDesign.objects.get().draft).variants]
    assert (refused.status_code, wrong.status_code) == (422, 422)
    assert found == [("Alps", ["AT", "CH"]), ("North", ["SE"]), ("", [])]


def test_what_shoppers_may_ask_for_and_sites_are_kept(ada: Client, ann: Merchant) -> None:
    wrong = ada.post(f"{PAGE}whole/", {"origins": "http://ann.example"})
    ada.post(f"{PAGE}whole/", {"asks": ["day", "address"], "origins": "https://Ann.example/\n"})

    with in_merchant(ann):
        content = read(PageDesign.objects.get().draft)
    assert wrong.status_code == 422
    assert (content.asks, content.origins) == (["day", "address"], ["https://ann.example"])


def test_a_draft_is_published_once_and_an_older_version_comes_back(ada: Client, ann: Merchant) -> None:
    for _ in range(2):
        ada.post(f"{PAGE}publish/")
    arrange(ada, ann, "add", kind="faq")
    ada.post(f"{PAGE}publish/")
    ada.post(f"{PAGE}restore/", {"number": "1"})

    with in_merchant(ann):
        live = PageDesign.objects.select_related("live").get().live
        assert (PageVersion.objects.count(), live and live.number) == (2, 1)
    assert ada.post(f"{PAGE}restore/", {"number": "9"}).status_code == 409


def test_the_frame_shows_the_draft_in_the_language_that_is_written(ada: Client, ann: Merchant) -> None:
    arrange(ada, ann, "add", kind="banner")
    ada.post(f"{PAGE}change/", {"section": "banner", "title": "Wool week"})
    page = ada.get(f"{PAGE}?language=de").content.decode()
    frame = page[page.index("/draft/") :].split('"')[0].replace("&amp;", "&")

    drawn = Client().get(frame)

    assert ("Wool week" in drawn.content.decode(), 'lang="de"' in drawn.content.decode()) == (True, True)
    assert "frame-ancestors 'self'" in drawn["Content-Security-Policy"]
    assert Client().get(frame.replace("/draft/", "/draft/x")).status_code == 404


def test_a_request_is_answered_once(ada: Client, ann: Merchant, placed: Order) -> None:
    with in_merchant(ann):
        row = wishes.ask(placed.pk, Asked("neighbour", "At Meyer’s"))
    listed = ada.get("/m/ann/shipments/requests/")
    url = listed.content.decode().split("/answer/")[0].split('action="')[-1] + "/answer/"

    answers = [ada.post(url, {"state": state}).status_code for state in ("accepted", "accepted", "declined", "asked")]

    assert "At Meyer’s" in text(listed)
    assert answers == [302, 302, 409, 409]
    with in_merchant(ann):
        assert Wish.objects.get(pk=row.pk).state == "accepted"
        assert AuditEntry.objects.filter(act="wish.settled").count() == 1
