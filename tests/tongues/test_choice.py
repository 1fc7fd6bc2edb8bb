"""Which language a message, a page and the dashboard are in."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from notifications import direct, language
from notifications.models import Message
from orders.models import Customer, Order
from postpurchase.tenancy.models import Brand, Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui import tongue
from tests.people import hire
from tests.portal.acts import link, place, ship


@pytest.mark.parametrize(
    ("order", "customer", "country", "brand", "found"),
    [
        ("fr-CA", "de", "JP", "es", "fr-ca"),
        ("sv", "de-DE", "JP", "es", "de"),
        ("", "", "JP", "es", "ja"),
        ("", "", "CH", "es", "de-ch"),
        ("", "", "PT", "es", "pt-br"),
        ("", "", "SE", "es", "es"),
        ("", "sv", "", "es", "es"),
        ("", "", "", "da", "en"),
        ("pt_PT", "", "", "", "pt-br"),
        ("zh-Hant", "", "", "", "en"),
    ],
)
def test_a_message_is_in_the_first_language_we_speak(order: str, customer: str, country: str, brand: str, found: str) -> None:
    row = Order(locale=order, ship_country=country, customer=Customer(locale=customer))

    assert language.of(row, brand=Brand(locale=brand)) == found


def test_a_batch_asks_for_customers_once_and_only_where_orders_are_silent(order: Order, django_assert_num_queries: Any) -> None:
    silent = Order.objects.get(pk=order.pk)
    silent.locale = ""
    brand = Brand.objects.get()

    with django_assert_num_queries(0):
        assert language.of_many([order], brand) == {order.pk: "de"}
    with django_assert_num_queries(1):
        assert language.of_many([silent, silent], brand) == {order.pk: "de"}


def test_the_language_of_a_message_is_kept_with_it(order: Order) -> None:
    Order.objects.update(locale="", ship_country="FR")
    Customer.objects.update(locale="")
    silent = Order.objects.get()

    assert (direct.write("tracking_link", silent).locale, direct.write("tracking_link", silent, locale="ja").locale) == ("fr", "ja")
    Order.objects.update(locale="es-MX")
    assert direct.write("tracking_link", Order.objects.get()).locale == "es-mx"
    assert Message.objects.count() == 3


@pytest.fixture
def page(ann: Merchant) -> str:
    """The address of the page of an order that says Portuguese."""
    with in_merchant(ann):
        order = place(locale="pt-BR")
        ship(order)
        return link(order)


def said(client: Client, page: str, accepted: str = "", query: str = "") -> tuple[str, str]:
    response = client.get(page + query, headers={"Accept-Language": accepted} if accepted else {})
    assert response["Vary"] == "Accept-Encoding, Accept-Language, Cookie"
    body = response.content.decode()
    return body.split('<html lang="')[1].split('"')[0], response["ETag"]


def test_a_page_asks_the_address_then_the_cookie_then_the_browser_then_the_order(client: Client, page: str) -> None:
    assert said(client, page)[0] == "pt-br"
    assert said(client, page, "fi,da;q=0.5")[0] == "pt-br"
    assert said(client, page, "de-DE,en;q=0.5")[0] == "de"
    assert said(client, page, "de", "?lang=ja")[0] == "ja"
    assert said(client, page, "de")[0] == "ja"
    assert said(client, page, "de", "?lang=xx")[0] == "ja"


def test_where_nobody_says_a_language_the_page_has_the_brands(client: Client, ann: Merchant) -> None:
    with in_merchant(ann):
        Brand.objects.update(locale="es")
        order = place(locale="fi")
        ship(order)

    assert said(client, link(order))[0] == "es"
    assert '<html lang="es"' in client.get("/s/ann/").content.decode()


def test_each_language_is_a_page_of_its_own(client: Client, page: str) -> None:
    tags = {language: said(client, page, language)[1] for language in ("en", "de", "fr", "es", "pt-br", "ja")}

    assert len(set(tags.values())) == 6
    assert said(client, page, "fr")[1] == tags["fr"]
    assert client.get(page, headers={"If-None-Match": tags["fr"], "Accept-Language": "de"}).status_code == 200
    assert client.get(page, headers={"If-None-Match": tags["fr"], "Accept-Language": "fr"}).status_code == 304


def test_the_choice_is_kept_in_a_cookie_that_says_nothing_else(client: Client, page: str) -> None:
    cookie = client.get(page + "?lang=fr").cookies["lang"]

    assert (cookie.value, cookie["path"], cookie["samesite"], bool(cookie["httponly"])) == ("fr", "/", "Lax", True)
    assert client.get(page).cookies == {}
    body = client.get(page).content.decode()
    assert '<a href="?lang=fr" lang="fr" aria-current="true">Français</a>' in body
    assert body.count("?lang=") == 12


def test_a_page_that_is_not_there_says_so_in_the_readers_language(client: Client, db: None) -> None:
    body = client.get("/t/" + "A" * 22, headers={"Accept-Language": "fr"}).content.decode()

    assert '<html lang="fr"' in body
    assert "Il n’y a rien à cette adresse" in body


@pytest.fixture
def german(monkeypatch: Any) -> None:
    """A German dashboard, as if its catalogue were whole."""
    have = {"shopper": tongue.spoken(), "portal": tongue.spoken("portal"), "dashboard": frozenset({"en", "de"})}
    monkeypatch.setattr(tongue, "spoken", lambda door="shopper": have[door])


def test_the_dashboard_is_in_the_persons_language_else_the_browsers(ann: Merchant, client: Client, german: None) -> None:
    user = hire(ann, "olga@ann.example", Role.OWNER)
    client.force_login(user)

    def read(accepted: str) -> str:
        return client.get("/account/", headers={"Accept-Language": accepted}).content.decode().split('<html lang="')[1].split('"')[0]

    assert [read("de-AT"), read("fr,en"), read("fr"), read("ja,de")] == ["de", "en", "en", "de"]
    client.post("/account/name/", {"name": "Olga", "language": "de"})
    assert [read("en"), read("fr")] == ["de", "de"]
    client.post("/account/name/", {"name": "Olga", "language": ""})
    assert read("en") == "en"


def test_a_language_that_the_dashboard_lacks_is_refused(ann: Merchant, client: Client) -> None:
    user = hire(ann, "olga@ann.example", Role.OWNER)
    client.force_login(user)

    assert client.post("/account/name/", {"name": "Olga", "language": "fr"}).status_code == 422
    user.refresh_from_db()
    assert (user.language, user.name) == ("", "")


def test_a_language_is_offered_once_its_catalogue_is_whole(tmp_path: Any, settings: Any) -> None:
    settings.LOCALE_PATHS = [tmp_path / "dashboard"]
    folder = tmp_path / "dashboard" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text("")
    tongue.spoken.cache_clear()
    try:
        assert tongue.spoken("dashboard") == {"en"}
        (folder / "django.mo").write_bytes(b"")
        tongue.spoken.cache_clear()
        assert tongue.spoken("dashboard") == {"en", "de"}
    finally:
        tongue.spoken.cache_clear()


def test_no_language_stays_behind_in_the_thread(client: Client, page: str) -> None:
    client.get(page, headers={"Accept-Language": "ja"})

    assert translation.get_language() == "en"
    assert tongue.of_shopper(RequestFactory().get("/")) == ""
