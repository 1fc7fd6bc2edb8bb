"""The team's chat: what it is told, in which words, and what happens when it does not answer."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from alerts import channels, pile
from alerts.models import Channel, Pile
from alerts.tell import GIVE_UP, tell
from integrations.webhooks import endpoints
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public, uuid7
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.people import signed_in
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hands() -> Iterator[clock.Hands]:
    with clock.frozen(datetime(2026, 3, 27, 13, 20, tzinfo=UTC)) as found:
        yield found


@pytest.fixture
def chat(ann: Merchant, receiver: Receiver) -> Receiver:
    with in_merchant(ann), eager.collected():
        channels.keep(None, receiver.url, ["doubt", "webhook"])
    return receiver


def add(merchant: Merchant, count: int, kind: str = "doubt") -> None:
    with in_merchant(merchant), eager.collected():
        pile.add(kind, [pile.Ref(uuid7(), None) for _n in range(count)])


def texts(chat: Receiver) -> list[str]:
    return [json.loads(one.body)["text"] for one in chat.heard]


def test_the_chat_is_told_in_one_call_and_then_after_a_pause(ann: Merchant, chat: Receiver, hands: clock.Hands) -> None:
    add(ann, 300)
    tell(ann.pk)
    add(ann, 700)
    tell(ann.pk)
    hands.advance(timedelta(minutes=10))
    tell(ann.pk)
    tell(ann.pk)

    link = "<http://127.0.0.1:8000/m/ann/messages/?view=doubt|Ann: %s messages may not have arrived>"
    assert texts(chat) == [link % 300, link % 700]
    assert chat.heard[0].headers["content-type"] == "application/json"


def test_words_of_others_cannot_write_links_or_call_people(ann: Merchant, chat: Receiver) -> None:
    with in_merchant(ann), eager.collected():
        row, _secret = endpoints.add("https://hooks.example.com/in", label="<!channel> & <https://evil.example|Click>")
        pile.add("webhook", [pile.Ref(row.pk, None)])

    tell(ann.pk)

    at = "http://127.0.0.1:8000/m/ann/webhooks/"
    words = "&lt;!channel&gt; &amp; &lt;https://evil.example¦Click&gt;"
    assert texts(chat) == [f"<{at}|Ann: 1 webhook endpoint was stopped>\n<{at}{to_public('whe', row.pk)}/|{words}>"]


def test_what_did_not_arrive_goes_again_and_nothing_is_lost_meanwhile(ann: Merchant, chat: Receiver, hands: clock.Hands) -> None:
    chat.answers = [503, 200]
    add(ann, 2)
    tell(ann.pk)
    with in_merchant(ann):
        channel = Channel.objects.get()
        assert (channel.error, channel.failing_since) == ("It answered 503.", clock.business_now())
    add(ann, 3)
    hands.advance(timedelta(minutes=1))
    tell(ann.pk)

    assert [text.split("Ann: ")[1][0] for text in texts(chat)] == ["2", "5"]
    with in_merchant(ann):
        channel.refresh_from_db()
        assert (channel.error, channel.failing_since, Pile.objects.get().due_at) == ("", None, None)


def test_a_dead_chat_keeps_nothing_forever(ann: Merchant, chat: Receiver, hands: clock.Hands) -> None:
    chat.answers = [404]
    add(ann, 2)
    for _n in range(GIVE_UP + 3):
        tell(ann.pk)
        hands.advance(timedelta(hours=2))

    assert len(chat.heard) == GIVE_UP
    with in_merchant(ann):
        assert Pile.objects.values_list("count", "due_at").get() == (0, None)
        assert Channel.objects.get().error == "It answered 404."


def test_its_address_is_sealed_and_never_shown(ann: Merchant, chat: Receiver, admin: Client) -> None:
    with in_merchant(ann):
        assert b"/hooks" not in bytes(Channel.objects.get().sealed)

    page = admin.get("/m/ann/alerts/").content.decode()

    assert chat.url not in page
    assert "Messages go to 127.0.0.1." in page


def test_an_admin_connects_changes_and_removes_it(ann: Merchant, receiver: Receiver, admin: Client, settled: Any) -> None:
    bad = admin.post("/m/ann/alerts/channel/", {"url": "https://10.0.0.1/x", "kinds": ["doubt"]})
    assert (bad.status_code, bad.context["alerts"]["channel_form"].errors["url"]) == (422, ["The address is not on the public internet."])

    with settled():
        admin.post("/m/ann/alerts/channel/", {"url": receiver.url, "kinds": ["doubt"]})
    assert texts(receiver) == ["Hello from Postpurchase. What your team wants to hear of comes here."]
    with settled():
        admin.post("/m/ann/alerts/channel/", {"url": "", "kinds": ["failed"]})
        admin.post("/m/ann/alerts/channel/test/")
    with in_merchant(ann):
        row = Channel.objects.get()
        assert (row.kinds, row.url, row.last_success_at) == (["failed"], receiver.url, clock.business_now())
    assert len(receiver.heard) == 2
    add(ann, 1, "failed")
    admin.post("/m/ann/alerts/channel/remove/")

    tell(ann.pk)

    with in_merchant(ann):
        assert (Channel.objects.count(), Pile.objects.count()) == (0, 0)
    assert len(receiver.heard) == 2
    assert admin.post("/m/ann/alerts/channel/test/").status_code == 404


def test_only_admins_see_the_chat(ann: Merchant, chat: Receiver) -> None:
    viewer = signed_in(ann, Role.VIEWER)

    page = viewer.get("/m/ann/alerts/").content.decode()

    assert "To your team" not in page
    assert "Somebody joined the team" not in page
    assert viewer.post("/m/ann/alerts/channel/remove/").status_code == 403
