import pytest
from django.test import Client

from notifications.models import Message, MessageBody, State
from notifications.render import packed
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import next_page, rows, text
from tests.dashboard.shop import fill

pytestmark = pytest.mark.django_db


def address(shop: Merchant, **wanted: object) -> str:
    with in_merchant(shop):
        return f"/m/ann/messages/{to_public('msg', Message.objects.filter(**wanted).order_by('id')[0].pk)}/"


def test_views_and_filters_narrow_the_list(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    queries = (
        "view=doubt",
        "view=failed",
        "view=unsent",
        "view=planned",
        "flow=delayed",
        "template=out_for_delivery",
        "state=nonsense",
        "view=x",
    )

    found = {query: rows(viewer.get(f"/m/ann/messages/?{query}")) for query in queries}

    confirmation = "Order confirmation"
    assert found == {
        "view=doubt": [confirmation],
        "view=failed": [confirmation],
        "view=unsent": ["Shipped", confirmation, "Shipped"],
        "view=planned": ["Follow-up", "Review request"],  # soonest first
        "flow=delayed": ["Delayed", "Delayed"],
        "template=out_for_delivery": ["Out for delivery"],
        "state=nonsense": [],
        "view=x": [],
    }


def test_a_row_gives_the_subject_of_what_went_and_the_reason_of_what_did_not(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get("/m/ann/messages/"))

    assert "Order #1284 is confirmed Sent yuki.takahashi@example.com #1284 today 14:20" in said
    assert "Test A test order writes to your own team only Not sent" in said
    assert "The mail server refused it Failed nobody@example.com #1002" in said


def test_load_more_reaches_every_message_once(busy: Merchant, now: clock.Hands, viewer: Client) -> None:
    url, found = "/m/ann/messages/", 0
    while url:
        page = viewer.get(url)
        found += len(rows(page))
        url = f"/m/ann/messages/{next_page(page)}" if next_page(page) else ""

    with in_merchant(busy):
        assert found == Message.objects.exclude(state=State.DUE).count() > 50


def test_a_sent_message_shows_how_it_looked_and_why_it_went(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    url = address(shop, template="delayed", order__number="#1043")

    said = text(viewer.get(url))

    assert "“Delayed” to Anna Berg Sent" in said
    assert "Why it was sent 9 checks In time to be useful" in said
    assert "The parcel is still late" in said
    assert "Attempt 1 250 2.0.0 OK" in said
    assert '"decision": "send"' in said
    assert f'<iframe src="{url}body/" sandbox=""' in viewer.get(url).content.decode()


def test_the_email_is_a_document_that_can_run_nothing(shop: Merchant, viewer: Client) -> None:
    url = address(shop, template="confirmation", state=State.SENT)
    with in_merchant(shop):
        message = Message.objects.filter(template="confirmation", state=State.SENT).order_by("id")[0]
        MessageBody.objects.filter(message=message).update(html=packed("<script>alert(1)</script><p>Hello"), text=packed("Hello"))

    body = viewer.get(f"{url}body/")

    assert body.content == b"<script>alert(1)</script><p>Hello"
    policy = body["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "script-src" not in policy
    assert body["Cache-Control"] == "private, no-store"
    assert viewer.get(f"{url}text/")["Content-Type"] == "text/plain; charset=utf-8"


def test_a_planned_message_is_drawn_from_what_is_true_now(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    url = address(shop, template="follow_up", state=State.DUE)

    said = text(viewer.get(url))

    assert "Why it is planned if it were due now" in said
    assert "Drawn from what is true now. It is drawn again when it is due." in said
    assert "Is everything as it should be, Wolfgang?" in viewer.get(f"{url}body/").content.decode()
    with in_merchant(shop):
        assert not MessageBody.objects.filter(message__template="follow_up").exists()


def test_a_message_that_was_not_sent_says_why(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    said = text(viewer.get(address(shop, template="shipped", state=State.SKIPPED, reason="test_order")))

    assert "Why it was not sent 3 checks" in said
    assert "A test order, and not to the team" in said
    assert "It was never sent. This is how it would look now." in said


def test_an_access_code_is_shown_to_nobody(shop: Merchant, viewer: Client) -> None:
    with in_merchant(shop):
        some = Message.objects.filter(state=State.SENT)[0]
        Message.objects.filter(pk=some.pk).update(template="access_code")
    url = f"/m/ann/messages/{to_public('msg', some.pk)}/"

    assert "It holds a code that is for the shopper alone." in text(viewer.get(url))
    assert viewer.get(f"{url}body/").status_code == viewer.get(f"{url}text/").status_code == 404


def test_a_doubt_is_decided_by_sending_again(shop: Merchant, now: clock.Hands, agent: Client) -> None:
    url = address(shop, state=State.UNKNOWN)
    assert "It may or may not have arrived." in text(agent.get(url))

    assert agent.post(f"{url}again/")["Location"] == url

    with in_merchant(shop):
        row = Message.objects.get(order__number="#1001", template="confirmation")
        assert (row.state, row.due_at) == (State.DUE, clock.business_now())


def test_a_second_press_is_refused_in_words_and_changes_nothing(shop: Merchant, now: clock.Hands, agent: Client) -> None:
    url = address(shop, state=State.FAILED)
    agent.post(f"{url}again/")

    second = agent.post(f"{url}again/")

    assert second.status_code == 409
    assert "This message is already waiting to go out. Nothing was changed." in text(second)
    assert f'href="{url}"' in second.content.decode()
    with in_merchant(shop):
        assert Message.objects.filter(order__number="#1002").count() == 1


def test_a_doubt_is_decided_by_having_seen_it_arrive(shop: Merchant, now: clock.Hands, agent: Client) -> None:
    url = address(shop, state=State.UNKNOWN)

    agent.post(f"{url}arrived/")

    with in_merchant(shop):
        row = Message.objects.get(order__number="#1001", template="confirmation")
        assert (row.state, row.reason) == (State.SENT, "confirmed_by_hand")
    refused = agent.post(f"{url}arrived/")
    assert (refused.status_code, "This message has been sent and is not in doubt." in text(refused)) == (409, True)


def test_what_was_sent_cannot_be_sent_again(shop: Merchant, now: clock.Hands, agent: Client) -> None:
    url = address(shop, state=State.SENT)

    assert "Send again" not in text(agent.get(url))
    assert agent.post(f"{url}again/").status_code == 409


def test_the_pages_take_as_many_queries_for_many_messages_as_for_few(
    shop: Merchant, now: clock.Hands, viewer: Client, django_assert_num_queries: object
) -> None:
    url = address(shop, template="delayed", order__number="#1043")
    for again in (False, True):
        if again:
            fill(shop, more=10, numbers="9")
        for page, queries in (("/m/ann/messages/", 16), (url, 18)):
            with django_assert_num_queries(queries):  # type: ignore[operator]
                viewer.get(page)
