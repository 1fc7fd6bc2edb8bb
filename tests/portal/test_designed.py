"""What the shop made of its page: which variant an order gets, in whose words, and what nobody can put into it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from brands.page import arranging, keeping
from brands.page.content import BadPage, Content, fresh, read, stored
from orders.models import Customer, Order
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import NOW, SHIRT, link, page_of, scan, ship


def published(content: Content) -> None:
    row = keeping.locked()
    keeping.keep(row, content)
    keeping.publish(row)


def banner(content: Content, variant: str, title: str, **more: Any) -> Content:
    content, name = arranging.added(content, content.variant(variant), "banner")
    return arranging.rewritten(content, content.variant(variant), name, {"title": title, **more})


def variants() -> Content:
    content, german = arranging.branched(fresh("en"), "Germany", ["DE"], [])
    content = banner(content, german, "For Germany")
    content, vip = arranging.branched(content, "VIP", [], ["vip"])
    content = banner(content, vip, "For friends")
    return banner(content, "all", "For all")


@pytest.mark.parametrize(
    ("country", "tags", "of_customer", "shown"),
    [("FR", [], [], "For all"), ("DE", [], [], "For Germany"), ("DE", ["vip"], [], "For friends"), ("FR", [], ["vip"], "For friends")],
)
def test_the_first_variant_whose_rules_hold_is_shown(
    country: str, tags: list[str], of_customer: list[str], shown: str, client: Client, ann: Merchant, order: Order
) -> None:
    with in_merchant(ann):
        published(variants())
        Order.objects.filter(pk=order.pk).update(ship_country=country, tags=tags)
        Customer.objects.update(tags=of_customer)

    page = client.get(link(order)).content.decode()

    assert [title for title in ("For all", "For Germany", "For friends") if title in page] == [shown]


def test_sections_stand_in_their_order_and_hidden_ones_nowhere(client: Client, ann: Merchant, order: Order) -> None:
    with in_merchant(ann):
        content = banner(banner(fresh("en"), "all", "One"), "all", "Two")
        content = arranging.moved(content, content.variants[0], "banner-2", 0)
        content = arranging.switched(content, content.variants[0], "order")
        published(content)

    page = client.get(link(order)).content.decode()

    at = [page.index(text) for text in ('id="banner-2"', 'id="parcel-1"', 'id="banner"', 'id="help"')]
    assert at == sorted(at)
    assert 'id="order"' not in page


@pytest.mark.parametrize("hidden", [False, True])
def test_scans_and_products_leave_their_parcels_for_sections_of_their_own(hidden: bool, shop: Merchant, order: Order) -> None:
    ship(order, lines=[SHIRT])
    for hours in range(7):
        scan(at=NOW - timedelta(hours=hours))
    before = page_of(order)
    content = fresh("en")
    for kind in ("timeline", "items"):
        content, name = arranging.added(content, content.variants[0], kind)
        content = arranging.switched(content, content.variants[0], name) if hidden else content
    published(content)

    after = page_of(order)

    assert [(len(one.scans), len(one.items)) for one in before.parcels] == [(7, 1)]
    assert [item.quantity for item in before.unshipped] == [3]
    assert [(one.scans, one.items) for one in after.parcels] == [([], [])]
    assert (after.unshipped, before.ways, before.boxes) == ([], [], [])
    assert [(one.label, len(one.scans), len(one.more)) for one in after.ways] == ([] if hidden else [("", 5, 2)])
    assert [(one.label, [item.quantity for item in one.items]) for one in after.boxes] == (
        [] if hidden else [("", [2]), ("Still to come", [3])]
    )


def test_words_are_the_readers_and_else_the_shops(client: Client, ann: Merchant, order: Order) -> None:
    with in_merchant(ann):
        content = banner(fresh("en"), "all", "Hello")
        published(arranging.translated(content, content.variants[0], "banner", "de", {"title": "Guten Tag"}))

    said = {code: client.get(f"{link(order)}?lang={code}").content.decode() for code in ("de", "fr")}

    assert ("Guten Tag" in said["de"], "Hello" in said["de"], "Hello" in said["fr"]) == (True, False, True)


def test_what_a_merchant_writes_never_runs(client: Client, ann: Merchant, order: Order) -> None:
    with in_merchant(ann):
        published(banner(fresh("en"), "all", "<script>alert(1)</script>", text="<img src=x onerror=y>"))

    page = client.get(link(order)).content

    assert (b"<script>alert" in page, b"<img src=x" in page, b"&lt;script&gt;alert" in page) == (False, False, True)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://x.example", "//x.example", 'https://x"onclick="', "data:text/html,x"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadPage):
        banner(fresh("en"), "all", "x", url=url)


@pytest.mark.parametrize("image", ["https://x.example/a.png", "/logo/../a.png", "//x.example/logo/a.png"])
def test_a_picture_from_elsewhere_is_refused(image: str) -> None:
    with pytest.raises(BadPage):
        banner(fresh("en"), "all", "x", image=image)


def test_a_draft_shows_nowhere_and_a_version_at_once(client: Client, ann: Merchant, order: Order) -> None:
    with in_merchant(ann):
        row = keeping.locked()
        keeping.keep(row, banner(fresh("en"), "all", "Soon"))
    before = b"Soon" in Client().get(link(order)).content
    with in_merchant(ann):
        version = Brand.objects.get().version
        assert [keeping.publish(row).number, keeping.publish(row).number] == [1, 1]
        assert Brand.objects.get().version > version

    assert (before, b"Soon" in client.get(link(order)).content) == (False, True)


def test_an_older_version_comes_back_with_its_draft(shop: Merchant) -> None:
    published(banner(fresh("en"), "all", "First"))
    published(banner(fresh("en"), "all", "Second"))
    row = keeping.locked()

    assert keeping.roll_back(row, 1).number == 1
    assert read(row.draft).variants[-1].sections[1].title == "First"
    with pytest.raises(IllegalMove):
        keeping.roll_back(row, 7)


ACTS = st.lists(
    st.tuples(st.sampled_from(["add", "up", "off", "out", "to"]), st.integers(0, 9), st.sampled_from(arranging.KINDS)), max_size=12
)


@given(ACTS)
@settings(max_examples=30, deadline=None)
def test_no_order_of_acts_makes_a_page_that_cannot_be_kept(acts: list[tuple[str, int, str]]) -> None:
    content = fresh("en")
    for act, n, kind in acts:
        variant = content.variants[0]
        name = variant.sections[n % len(variant.sections)].id
        if act == "add" and kind in arranging.addable(variant):
            content, _name = arranging.added(content, variant, kind)
        elif act == "off":
            content = arranging.switched(content, variant, name)
        elif act == "out":
            content = arranging.removed(content, variant, name)
        elif act in ("up", "to"):
            content = arranging.moved(content, variant, name, n)

    assert read(stored(content)) == content


def test_a_frame_is_for_the_sites_that_the_shop_names(client: Client, ann: Merchant) -> None:
    without = client.get("/s/ann/embed").status_code
    with in_merchant(ann):
        content = fresh("en")
        content.origins = ["https://ann.example"]
        published(content)

    answer = client.get("/s/ann/embed")

    assert (without, answer.status_code) == (404, 200)
    assert "frame-ancestors https://ann.example" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert not answer.cookies
