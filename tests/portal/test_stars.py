"""The box for a review: when it shows, where its stars lead, and which of them is counted."""

from datetime import timedelta

import pytest
from django.test import Client

from brands.page import arranging, keeping
from brands.page.content import Content, fresh
from desk import stars
from desk.models import Stars
from desk.privacy import forget
from orders.models import Order
from postpurchase.lib.clock import Hands
from postpurchase.tenancy.models import Brand, Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.people import signed_in
from tests.portal.acts import NOW, link, scan
from tests.portal.test_visits import SOMEBODY
from tracking import wishes
from tracking.models import Wish
from tracking.wishes import Asked

pytestmark = pytest.mark.django_db
REVIEWS = "https://reviews.example/ann"


@pytest.fixture
def rated(ann: Merchant, order: Order) -> Order:
    """A delivered order of a shop whose page has the box."""
    publish(ann, REVIEWS)
    with in_merchant(ann):
        scan(status="delivered")
    return order


def publish(shop: Merchant, url: str) -> None:
    with in_merchant(shop):
        row, content = keeping.locked(), boxed(url)
        keeping.keep(row, content)
        keeping.publish(row)


def boxed(url: str) -> Content:
    content, name = arranging.added(fresh("en"), fresh("en").variants[0], "review")
    return arranging.rewritten(content, content.variants[0], name, {"title": "Rate it", "url": url})


def shown(order: Order, query: str = "") -> str:
    return Client().get(f"{link(order)}{query}").content.decode()


def follow(order: Order, n: int) -> tuple[int, str]:
    answer = Client(headers={"user-agent": SOMEBODY}).get(f"{link(order)}/stars/{n}")
    return answer.status_code, answer.get("Location", "")


def send(order: Order, n: int | str, agent: str = SOMEBODY) -> tuple[int, str]:
    answer = Client(headers={"user-agent": agent}).post(f"{link(order)}/stars/5", {"stars": n})
    return answer.status_code, answer.get("Location", "")


def chosen(shop: Merchant) -> dict[int, int]:
    with in_merchant(shop):
        return {n: orders for n, orders in stars.since(NOW - timedelta(days=1)).items() if orders}


def test_the_box_shows_once_all_is_delivered_and_while_nobody_misses_it(ann: Merchant, order: Order) -> None:
    publish(ann, REVIEWS)
    before = (shown(order), follow(order, 5), send(order, 5))
    with in_merchant(ann):
        scan(status="delivered")
    after = shown(order)
    with in_merchant(ann):
        wishes.ask(order.pk, Asked("missing"))
    missed = (shown(order), follow(order, 5), send(order, 5))
    with in_merchant(ann):
        wishes.settle(Wish.objects.get(), Wish.State.ACCEPTED)

    assert "Rate it" not in before[0] + missed[0]
    assert {*before[1:], *missed[1:]} == {(302, link(order))}
    assert '<div class="stars" role="group" aria-labelledby="review">' in after
    assert all(f'href="{link(order)}/stars/{n}" rel="noreferrer" aria-label="{n} of 5 stars"' in after for n in range(1, 6))
    assert "Rate it" in shown(order)
    assert 'aria-label="3 von 5 Sternen"' in shown(order, "?lang=de")
    assert chosen(ann) == {}


def test_following_every_star_of_a_mail_chooses_none(ann: Merchant, rated: Order) -> None:
    assert [follow(rated, n) for n in range(1, 6)] == [(200, "")] * 5
    assert chosen(ann) == {}


def test_a_star_opens_with_itself_taken_in_the_shops_words(rated: Order) -> None:
    page = shown(rated, "/stars/4?lang=de")

    assert '<h1 id="asked">Rate it</h1>' in page
    assert '<input type="radio" name="stars" value="4" aria-label="4 von 5 Sternen" checked>' in page
    assert page.count(" checked>") == 1


def test_a_star_that_is_sent_leads_to_the_shops_address_and_the_last_one_counts(ann: Merchant, rated: Order) -> None:
    assert [send(rated, n) for n in (2, 4, 4)] == [(302, REVIEWS)] * 3
    assert send(rated, 1, agent="Googlebot/2.1") == (302, REVIEWS)

    assert chosen(ann) == {4: 1}
    with in_merchant(ann):
        forget([rated.pk])
        assert not Stars.objects.exists()


def test_no_other_site_can_send_a_star(ann: Merchant, rated: Order) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"user-agent": SOMEBODY})

    assert strict.post(f"{link(rated)}/stars/5", {"stars": 1}).status_code == 403
    assert chosen(ann) == {}


@pytest.mark.parametrize("n", [0, 6])
def test_there_are_five_stars(n: int, ann: Merchant, rated: Order) -> None:
    assert (follow(rated, n), send(rated, n), send(rated, "")) == ((404, ""), (422, ""), (422, ""))
    assert chosen(ann) == {}


def test_a_box_without_an_address_shows_nothing_and_stars_of_mails_lead_to_the_parcel_or_the_brands_page(
    ann: Merchant, rated: Order
) -> None:
    publish(ann, "")
    without = (follow(rated, 5), send(rated, 5))
    with in_merchant(ann):
        Brand.objects.update(review_url=REVIEWS)

    assert "Rate it" not in shown(rated)
    assert without == ((302, link(rated)), (302, link(rated)))
    assert send(rated, 3) == (302, REVIEWS)
    assert chosen(ann) == {3: 1}


def test_a_test_order_counts_nothing(ann: Merchant, rated: Order) -> None:
    with in_merchant(ann):
        Order.objects.update(test=True)

    assert send(rated, 5) == (302, REVIEWS)
    assert chosen(ann) == {}


def test_a_new_box_leads_where_the_shops_mails_do_and_shows_in_the_frame(ann: Merchant, now: Hands) -> None:
    with in_merchant(ann):
        Brand.objects.update(review_url=REVIEWS)
    admin = signed_in(ann, Role.ADMIN)
    admin.post("/m/ann/page/arrange/", {"op": "add", "kind": "review", "order": "parcels,aside,support,order"})

    page = admin.get("/m/ann/page/?section=review").content.decode()
    frame = page[page.index("/draft/") :].split('"')[0].replace("&amp;", "&")
    refused = admin.post("/m/ann/page/change/", {"section": "review", "url": "mailto:ann@ann.example"})

    assert refused.status_code == 422
    assert f'value="{REVIEWS}"' in page
    assert "Chosen in the last 90 days" in page
    assert 'aria-label="5 of 5 stars"' in Client().get(frame).content.decode()
