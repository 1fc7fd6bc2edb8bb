"""The pages of API keys: made and shown once, replaced with an overlap, revoked; and what a key can do meanwhile."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import keys
from postpurchase.tenancy.models import ApiKey, AuditEntry, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import rows, text

pytestmark = pytest.mark.django_db
AT = "/m/ann/keys/"
KEY = re.compile(r"pk_(?:live|test)_[\w-]{32}")
GIVEN = {"label": "Warehouse", "live": "1", "scopes": ["orders:read"]}


def made(client: Client, **changes: object) -> tuple[str, str]:
    """The key's text, and the address of its page."""
    page = client.post(f"{AT}add/", GIVEN | changes)
    assert page.status_code == 200, text(page)
    found = KEY.search(page.content.decode())
    with_id = re.search(rf"{AT}key_\w+/", page.content.decode())
    assert found
    assert with_id
    return found[0], with_id[0]


def calls(key: str, path: str = "/api/v1/orders") -> int:
    return Client().get(path, headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_shop_without_keys_is_taught_what_they_are_for(ann: Merchant, admin: Client) -> None:
    said = text(admin.get(AT))

    assert "No key yet" in said
    assert "No key has ended" in text(admin.get(f"{AT}?view=ended"))


def test_a_key_is_made_shown_once_and_does_what_was_ticked(ann: Merchant, admin: Client) -> None:
    page = admin.post(f"{AT}add/", GIVEN)
    key = KEY.findall(page.content.decode())[0]

    assert page["Cache-Control"] == "no-store"
    assert "Copy the key now. It is not shown again." in text(page)
    assert (calls(key), calls(key, "/api/v1/customers")) == (200, 403)
    assert rows(admin.get(AT)) == ["Warehouse"]
    at = re.findall(rf"{AT}key_\w+/", admin.get(AT).content.decode())[0]
    said = admin.get(at)
    assert KEY.search(said.content.decode()) is None
    assert "admin@ann.example" in text(said)
    with in_merchant(ann):
        row = ApiKey.objects.get()
        assert (row.label, row.live, row.scopes, row.prefix) == ("Warehouse", True, ["orders:read"], key[:12])
        assert key not in str(AuditEntry.objects.values_list("words", "changes"))


def test_pressing_twice_makes_one_key(ann: Merchant, admin: Client) -> None:
    made(admin)
    again = admin.post(f"{AT}add/", GIVEN)

    assert (again.status_code, "There is a key with this name already." in text(again)) == (422, True)
    with in_merchant(ann):
        assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("label", ""), ("scopes", []), ("scopes", ["orders:all"]), ("live", "2"), ("label", "x" * 61)]
)
def test_a_bad_form_names_the_field_and_makes_nothing(ann: Merchant, admin: Client, field: str, value: object) -> None:
    refused = admin.post(f"{AT}add/", GIVEN | {field: value})

    assert refused.status_code == 422
    assert 'class="error"' in refused.content.decode()
    with in_merchant(ann):
        assert not ApiKey.objects.exists()


def test_a_key_is_replaced_and_both_work_until_the_old_one_ends(ann: Merchant, admin: Client) -> None:
    old, at = made(admin)

    page = admin.post(f"{at}rotate/", {"overlap": "3600"})

    new = KEY.findall(page.content.decode())[0]
    assert (calls(old), calls(new)) == (200, 200)
    assert "Another key has taken its place." in text(admin.get(at))
    assert admin.post(f"{at}rotate/", {"overlap": "3600"}).status_code == 409
    with in_merchant(ann):
        assert ApiKey.objects.count() == 2
        ApiKey.objects.exclude(ends_at=None).update(ends_at=clock.machine_now() - timedelta(hours=1))
        scopes = list(ApiKey.objects.values_list("scopes", "live", "label"))
    assert scopes[0] == scopes[1]
    assert (calls(old), calls(new)) == (401, 200)
    assert len(rows(admin.get(AT))) == 1
    assert len(rows(admin.get(f"{AT}?view=ended"))) == 1


def test_a_key_is_replaced_at_once(ann: Merchant, admin: Client) -> None:
    old, at = made(admin)

    new = KEY.findall(admin.post(f"{at}rotate/", {"overlap": "0"}).content.decode())[0]

    assert (calls(old), calls(new)) == (401, 200)
    assert admin.post(f"{at}rotate/", {"overlap": "1"}).status_code == 422


def test_a_key_is_revoked_after_a_question_and_once(ann: Merchant, admin: Client) -> None:
    key, at = made(admin)

    assert "Every call with this key is refused from this moment on." in text(admin.get(f"{at}end/"))
    assert calls(key) == 200
    assert admin.post(f"{at}revoke/").status_code == 302
    assert calls(key) == 401
    assert admin.post(f"{at}revoke/").status_code == 409
    assert admin.post(f"{at}rotate/", {"overlap": "0"}).status_code == 409
    assert "Revoke this key" not in text(admin.get(at))


def test_there_are_at_most_forty_keys_that_open_something(ann: Merchant, admin: Client) -> None:
    with in_merchant(ann):
        for n in range(keys.MOST):
            keys.make(f"key {n}")

    assert admin.post(f"{AT}add/", GIVEN).status_code == 409
    with in_merchant(ann):
        keys.revoke(ApiKey.objects.all()[0])
    assert admin.post(f"{AT}add/", GIVEN).status_code == 200


def test_the_last_use_is_noted_every_five_minutes(ann: Merchant, admin: Client) -> None:
    key, at = made(admin)
    assert "Last used Never" in text(admin.get(at))
    calls(key)
    with in_merchant(ann):
        first = ApiKey.objects.get().last_used_at
    calls(key)
    with in_merchant(ann):
        assert ApiKey.objects.get().last_used_at == first
        ApiKey.objects.update(last_used_at=clock.machine_now() - timedelta(minutes=6))
    calls(key)

    with in_merchant(ann):
        now = ApiKey.objects.get().last_used_at
    assert first
    assert now
    assert now > first


def test_a_strangers_key_is_not_found(ann: Merchant, admin: Client, stranger: Client) -> None:
    _, at = made(admin)
    with in_merchant(ann):
        foreign = f"/m/bob/keys/{to_public('key', ApiKey.objects.get().pk)}/"

    assert {stranger.get(at).status_code, stranger.get(foreign).status_code, stranger.post(f"{foreign}revoke/").status_code} == {404}
