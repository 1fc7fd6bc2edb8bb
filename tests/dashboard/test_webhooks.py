"""The pages of webhooks: who may what, the secret that is shown once, the log, and every act."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from integrations.models import EndpointState, Outbound, WebhookDelivery, WebhookEndpoint
from integrations.webhooks import deliver, endpoints, outbox
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public, uuid7
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import next_page, rows, text
from tests.dashboard.shop import NOW
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db
AT = "/m/ann/webhooks/"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


def make(merchant: Merchant, url: str = "https://example.com/hooks", **given: Any) -> tuple[WebhookEndpoint, str]:
    with in_merchant(merchant):
        row, _ = endpoints.add(url, **given)
    return row, f"{AT}{to_public('whe', row.pk)}/"


def log(merchant: Merchant, row: WebhookEndpoint, count: int, state: str = Outbound.DONE, **given: Any) -> None:
    with in_merchant(merchant):
        WebhookDelivery.objects.bulk_create(
            WebhookDelivery(endpoint=row, event_id=uuid7(), kind="order.placed", body="{}", state=state, **given) for _ in range(count)
        )


def states(merchant: Merchant) -> list[str]:
    with in_merchant(merchant):
        return list(WebhookDelivery.objects.order_by("id").values_list("state", flat=True))


def test_a_shop_without_endpoints_is_taught(ann: Merchant, admin: Client, viewer: Client) -> None:
    said = text(admin.get(AT))

    assert "No endpoint yet" in said
    assert "from standardwebhooks import Webhook" in said
    assert f'href="{AT}new/"' in admin.get(AT).content.decode()
    assert "An owner or admin of your shop can add one." in text(viewer.get(AT))


def test_an_endpoint_is_added_and_its_secret_is_shown_once(ann: Merchant, now: clock.Hands, admin: Client, receiver: Receiver) -> None:
    given = {"url": receiver.url, "label": "Stock", "live": "1", "events": ["order.placed"]}

    made = admin.post(f"{AT}add/", given)

    secret = html.unescape(SECRET.findall(made.content.decode())[0])
    assert made["Cache-Control"] == "no-store"
    assert "Copy the secret now. It is not shown again." in text(made)
    assert rows(admin.get(AT)) == []  # no such list there
    page = admin.get(re.findall(rf"{AT}whe_\w+/", admin.get(AT).content.decode())[0])
    assert not SECRET.search(page.content.decode())
    assert "Cache-Control" not in page.headers or "no-store" not in page["Cache-Control"]
    with in_merchant(ann):
        row = WebhookEndpoint.objects.get()
        outbox.try_out(row)
    deliver.drain()
    assert receiver.heard[0].holds(secret)
    again = admin.post(f"{AT}add/", given)
    assert (again.status_code, "There is an endpoint with this address already." in text(again)) == (422, True)


@pytest.mark.parametrize("url", ["http://example.com/", "https://192.168.0.1/", "https://localhost/", "", "x"])
def test_a_bad_address_is_told_at_its_field_and_nothing_is_made(ann: Merchant, admin: Client, url: str) -> None:
    refused = admin.post(f"{AT}add/", {"url": url, "live": "1", "label": "Kept as typed"})

    assert refused.status_code == 422
    page = refused.content.decode()
    assert 'aria-invalid="true"' in page
    assert 'value="Kept as typed"' in page
    with in_merchant(ann):
        assert not WebhookEndpoint.objects.exists()


def test_an_endpoint_is_edited(ann: Merchant, admin: Client) -> None:
    row, url = make(ann, kinds=["order.placed"])
    assert re.findall(r'<input[^>]*value="([^"]+)"[^>]*checked', admin.get(f"{url}edit/").content.decode()) == ["order.placed"]

    bad = admin.post(f"{url}change/", {"url": "https://10.0.0.1/"})
    good = admin.post(f"{url}change/", {"url": "https://example.com/other", "label": "New", "events": ["shipment.moved"]})

    assert (bad.status_code, good["Location"]) == (422, url)
    with in_merchant(ann):
        row.refresh_from_db()
    assert (row.url, row.label, row.kinds, row.live) == ("https://example.com/other", "New", ["shipment.moved"], True)


def test_it_is_switched_off_and_on(ann: Merchant, admin: Client) -> None:
    row, url = make(ann)
    log(ann, row, 1, Outbound.DUE)

    admin.post(f"{url}switch/", {"on": "0"})
    assert states(ann) == [Outbound.HELD]
    said = text(admin.get(url))
    assert "Off" in said
    assert "Send a test event" not in said
    admin.post(f"{url}switch/", {"on": "1"})

    with in_merchant(ann):
        row.refresh_from_db()
    assert (row.state, states(ann)) == (EndpointState.ON, [Outbound.HELD])


def test_a_stopped_endpoint_says_why_on_its_page_and_on_home(ann: Merchant, admin: Client) -> None:
    row, url = make(ann, label="Stock")
    with in_merchant(ann):
        endpoints.stop(row, WebhookEndpoint.GONE)

    assert "We stopped this endpoint. It answered 410 Gone, which asks us to stop." in text(admin.get(url))
    assert "1 webhook endpoint was stopped Stock is told nothing any more" in text(admin.get("/m/ann/"))
    assert "Stopped" in text(admin.get(AT))
    admin.post(f"{url}switch/", {"on": "1"})
    assert "We stopped this endpoint" not in text(admin.get(url))
    assert "was stopped" not in text(admin.get("/m/ann/"))


def secret_form(client: Client, url: str) -> dict[str, str]:
    return {"of": html.unescape(re.findall(r'name="of" value="([^"]+)"', client.get(url).content.decode())[0])}


def test_a_secret_is_rotated_once_however_often_the_button_is_pressed(ann: Merchant, admin: Client) -> None:
    row, url = make(ann)
    given = secret_form(admin, url)

    first, second = (admin.post(f"{url}secret/", given) for _ in range(2))

    new = html.unescape(SECRET.findall(first.content.decode())[0])
    assert (first.status_code, second.status_code) == (200, 409)
    assert not SECRET.search(second.content.decode())
    with in_merchant(ann):
        row.refresh_from_db()
    assert row.secrets()[0] == new
    assert len(row.secrets()) == 2
    assert "Calls are signed with the new secret and the old one, until" in text(admin.get(url))

    admin.post(f"{url}old-secret/")
    with in_merchant(ann):
        row.refresh_from_db()
    assert row.secrets() == [new]
    assert admin.post(f"{url}old-secret/").status_code == 409


def test_a_secret_can_end_at_once(ann: Merchant, admin: Client) -> None:
    row, url = make(ann)

    admin.post(f"{url}secret/", secret_form(admin, url) | {"end": "now"})

    with in_merchant(ann):
        row.refresh_from_db()
    assert len(row.secrets()) == 1


def test_a_test_event_leads_to_its_page_which_shows_request_and_answer(
    ann: Merchant, admin: Client, viewer: Client, receiver: Receiver
) -> None:
    receiver.answers = [(500, {"X-Trace": "abc"}, b"<script>alert(1)</script>")]
    _, url = make(ann, receiver.url)

    page = admin.post(f"{url}test/")["Location"]
    assert "Not sent yet" in text(admin.get(page))
    deliver.drain()

    said, source = text(viewer.get(page)), viewer.get(page).content.decode()
    assert "Test event Failed Test Answered 500" in said
    assert "Attempt 1: Answered 500" in said
    assert "X-Trace: abc" in said
    assert "webhook-signature: v1," in said
    assert "<script>alert" not in source
    assert "Replay" not in said
    receiver.answers = [200]
    assert admin.post(f"{page}again/")["Location"] == page
    deliver.drain()
    assert "Attempt 2: Answered 200" in text(admin.get(page))


def test_a_time_is_replayed_on_the_shops_clock(ann: Merchant, now: clock.Hands, admin: Client) -> None:
    row, url = make(ann)
    log(ann, row, 2, Outbound.FAILED, created_at=NOW)  # 14:20 in Berlin
    log(ann, row, 1, Outbound.HELD, created_at=NOW - timedelta(hours=2))

    admin.post(f"{url}replay/", {"since": "2026-11-23T14:20", "until": "2026-11-23T14:20", "what": "undelivered"})

    assert states(ann) == [Outbound.DUE, Outbound.DUE, Outbound.HELD]
    assert "2 deliveries are on their way again." in text(admin.get(url))
    bad = admin.post(f"{url}replay/", {"since": "2026-11-23T14:20", "until": "2026-11-23T14:00", "what": "all"})
    assert (bad.status_code, "This is before the beginning." in text(bad)) == (422, True)


def test_it_is_removed_after_a_question(ann: Merchant, admin: Client) -> None:
    row, url = make(ann, label="Stock")
    log(ann, row, 3, Outbound.DUE)

    asked = text(admin.get(f"{url}remove/"))
    assert "Remove “Stock”?" in asked
    assert "3 deliveries that are waiting will not be sent." in asked
    assert admin.post(f"{url}delete/")["Location"] == AT

    assert admin.get(url).status_code == 404
    assert "No endpoint yet" in text(admin.get(AT))
    assert states(ann) == [Outbound.HELD] * 3


def test_the_log_is_filtered_by_result_and_paged(ann: Merchant, now: clock.Hands, viewer: Client) -> None:
    row, url = make(ann)
    log(ann, row, 60, Outbound.FAILED, status=500)
    log(ann, row, 5)

    first = viewer.get(f"{url}?view=failed")
    assert len(rows(first)) == 50
    assert len(rows(viewer.get(f"{url}{next_page(first)}"))) == 10
    assert len(rows(viewer.get(f"{url}?view=delivered"))) == 5
    assert len(rows(viewer.get(f"{url}?view=nonsense"))) == 0


def test_viewers_and_agents_see_everything_and_change_nothing(ann: Merchant, viewer: Client, agent: Client, stranger: Client) -> None:
    row, url = make(ann)
    log(ann, row, 1, Outbound.FAILED)
    with in_merchant(ann):
        one = f"{AT}deliveries/{to_public('whd', WebhookDelivery.objects.get().pk)}/"
    acts = [f"{AT}add/", f"{one}again/"]
    acts += [f"{url}{name}/" for name in ("change", "switch", "secret", "old-secret", "test", "replay", "delete")]

    for client in (viewer, agent):
        assert [client.get(page).status_code for page in (AT, url, one)] == [200] * 3
        assert [client.get(page).status_code for page in (f"{AT}new/", f"{url}edit/", f"{url}remove/")] == [403] * 3
        assert {client.post(act).status_code for act in acts} == {403}
        assert '<form method="post" action="/m/ann/webhooks' not in client.get(url).content.decode()
    assert {stranger.get(page).status_code for page in (AT, url, one)} | {stranger.post(act).status_code for act in acts} == {404}
    with in_merchant(ann):
        row.refresh_from_db()
    assert (row.state, row.removed_at, states(ann)) == (EndpointState.ON, None, [Outbound.FAILED])


def test_the_pages_take_a_fixed_number_of_queries(ann: Merchant, now: clock.Hands, viewer: Client, django_assert_num_queries: Any) -> None:
    row, url = make(ann)
    log(ann, row, 1, Outbound.FAILED)
    with in_merchant(ann):
        one = f"{AT}deliveries/{to_public('whd', WebhookDelivery.objects.get().pk)}/"
    for more in (True, False):
        for page, queries in ((AT, 14), (url, 14), (one, 14)):
            with django_assert_num_queries(queries):
                viewer.get(page)
        for n in range(5 * more):
            make(ann, f"https://example.com/{n}")
        log(ann, row, 60)
