from uuid import UUID

import pytest
from django.test import Client

from notifications.models import Flow, Message, State
from orders.models import Order
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Membership, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant
from tests.people import hire, signed_in

NOBODY = UUID(int=7 << 76 | 2 << 62)

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses(shop: Merchant) -> dict[str, list[str]]:
    with in_merchant(shop):
        order, message = to_public("ord", Order.objects.all()[0].pk), to_public("msg", Message.objects.filter(state=State.UNKNOWN)[0].pk)
    at = "/m/ann"
    read = [f"{at}/", f"{at}/orders/", f"{at}/orders/{order}/", f"{at}/messages/", f"{at}/flows/", f"{at}/flows/shipped/"]
    one = f"{at}/messages/{message}"
    read += [f"{one}/", f"{one}/body/", f"{one}/text/", f"{at}/flows/shipped/preview/?order={order}"]
    acts = [f"{one}/again/", f"{one}/arrived/", f"{at}/orders/{order}/send/"]
    return {"read": read, "agent": acts, "admin": [f"{at}/flows/shipped/switch/", f"{at}/flows/shipped/test/"]}


def test_a_viewer_reads_everything_and_does_nothing(addresses: dict[str, list[str]], viewer: Client) -> None:
    assert [viewer.get(url).status_code for url in addresses["read"]] == [200] * 10
    assert [viewer.post(url).status_code for url in addresses["agent"] + addresses["admin"]] == [403] * 5
    with in_merchant(Merchant.objects.get(slug="ann")):
        assert Message.objects.filter(state=State.UNKNOWN).count() == 1
        assert Flow.objects.get(key="shipped").enabled


def test_an_agent_decides_about_messages_but_switches_no_flow(addresses: dict[str, list[str]], agent: Client) -> None:
    assert [agent.post(url).status_code for url in addresses["admin"]] == [403, 403]
    assert agent.post(addresses["agent"][1]).status_code == 302


def test_a_stranger_gets_the_same_404_as_for_what_does_not_exist(addresses: dict[str, list[str]], stranger: Client) -> None:
    missing = stranger.get("/m/no-such-shop/")

    for url in [*addresses["read"], *addresses["agent"], *addresses["admin"]]:
        for answer in (stranger.get(url), stranger.post(url)):
            assert (answer.status_code, answer.content) == (404, missing.content), url


def test_ids_of_another_shop_are_404_in_ones_own(addresses: dict[str, list[str]], stranger: Client) -> None:
    urls = [url.replace("/m/ann/", "/m/bob/") for url in addresses["read"] + addresses["agent"] if "_" in url]

    assert urls
    assert {stranger.get(url).status_code for url in urls if "preview" not in url} <= {404, 405}
    assert {stranger.post(url).status_code for url in urls[-3:]} == {404}


def test_the_logged_out_are_sent_to_sign_in(addresses: dict[str, list[str]]) -> None:
    for url in [*addresses["read"], *addresses["agent"]]:
        answer = Client().get(url)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/")


def test_an_act_is_never_a_get_and_a_page_never_a_post(addresses: dict[str, list[str]], admin: Client) -> None:
    assert {admin.get(url).status_code for url in addresses["agent"] + addresses["admin"]} == {405}
    assert {admin.post(url).status_code for url in addresses["read"]} == {405}


@pytest.mark.parametrize("name", ["ord_", "ord_zzzzzzzzzzzzzzzzzzzzzzzzzz", to_public("ord", NOBODY), "1043", to_public("msg", NOBODY)])
def test_malformed_and_unknown_ids_are_404(viewer: Client, name: str) -> None:
    assert viewer.get(f"/m/ann/orders/{name}/").status_code == 404


def test_who_works_for_several_shops_may_switch(ann: Merchant, bob: Merchant) -> None:
    client = signed_in(ann, Role.OWNER)
    with in_merchant(bob):
        from_ann = User.objects.get(email="owner@ann.example")
    hire_too(bob, from_ann)

    page = client.get("/m/bob/").content.decode()

    assert '<a href="/m/bob/" aria-current="true">' in page
    assert '<a href="/m/ann/">' in page


def hire_too(merchant: Merchant, user: User) -> None:
    with in_merchant(merchant):
        Membership.objects.create(user=user, role=Role.AGENT)


def test_csrf_is_checked(shop: Merchant) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(hire(shop, "olga@ann.example", Role.OWNER))

    assert client.post("/m/ann/flows/shipped/switch/", {"on": "0"}).status_code == 403
