"""The team looks at messages, and tries them, in any of the shoppers' languages."""

from typing import Any

import pytest
from django.test import Client

from notifications import library
from notifications.models import Message
from orders.models import Order
from postpurchase.lib import ids
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.people import hire
from tests.portal.acts import place, ship


@pytest.fixture
def order(ann: Merchant) -> Order:
    with in_merchant(ann):
        library.install()
        found = place(locale="fr")
        ship(found)
        return found


@pytest.fixture
def admin(ann: Merchant, client: Client) -> Client:
    client.force_login(hire(ann, "olga@ann.example", Role.ADMIN))
    return client


@pytest.mark.parametrize(("asked", "shown"), [("", "fr"), ("ja", "ja"), ("pt-br", "pt-br"), ("en", "en"), ("xx", "fr")])
def test_a_preview_is_in_the_chosen_language_else_the_shoppers(asked: str, shown: str, admin: Client, order: Order) -> None:
    public = ids.to_public("ord", order.pk)

    page = admin.get("/m/ann/flows/shipped/", {"order": public, "language": asked})
    frame = admin.get(page.context["flow"]["message"]["preview_url"])

    assert f'<html lang="{shown}"' in frame.content.decode()
    assert page.content.decode().split("<html lang=")[1].startswith('"en"')


def test_a_test_goes_out_in_the_language_that_was_looked_at(ann: Merchant, admin: Client, order: Order) -> None:
    page = admin.get("/m/ann/flows/shipped/", {"order": ids.to_public("ord", order.pk), "language": "es"})
    form: Any = page.context["flow"]["test_form"]

    response = admin.post("/m/ann/flows/shipped/test/", {**form.initial, "to": "olga@ann.example"})

    assert response.status_code == 302
    with in_merchant(ann):
        assert Message.objects.get(test=True).locale == "es"


def test_the_brands_language_is_a_setting(ann: Merchant, admin: Client) -> None:
    body = admin.get("/m/ann/settings/").content.decode()

    assert all(f'<option value="{code}"' in body for code in ("en", "de", "fr", "es", "pt-br", "ja"))
