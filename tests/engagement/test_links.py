"""Links lead where they led when the message was sent, and nowhere else."""

import string
from collections.abc import Callable

import pytest
from django.test import Client

from notifications import consent
from notifications.engagement.links import counts_opens
from notifications.models import Channel, Engagement, Link, Message, MessageBody
from notifications.placeholders import tracking_url
from notifications.render import unpacked
from orders.models import Order
from postpurchase.lib import crypto, ids
from postpurchase.tenancy.models import Brand, CountOpens
from tests.engagement.conftest import READER, hidden, paths

pytestmark = pytest.mark.django_db
Mail = Callable[..., str]
ALPHABET = string.ascii_letters + string.digits + "-_"


def go(path: str, agent: str = READER) -> tuple[int, str]:
    found = Client().get(path, headers={"User-Agent": agent})
    return found.status_code, found.headers.get("Location", "")


def test_every_link_leads_to_what_was_written(mail: Mail) -> None:
    html = mail()
    links = [path for path in paths(html) if path != hidden(html) and path.startswith("/c/")]

    led = [go(path) for path in links]

    targets = Link.objects.get().targets
    assert led == [(302, target) for target in targets]
    assert tracking_url(Order.objects.get(), Brand.objects.get()) in targets
    ours = html.replace('href="http://127.0.0.1:8000/c/', "").replace('href="http://127.0.0.1:8000/u/', "")  # the way to one's choices
    assert 'href="http' not in ours


def test_what_the_team_reads_has_the_links_as_they_were(mail: Mail) -> None:
    mail()

    kept = MessageBody.objects.get()
    assert "/c/" not in unpacked(kept.html) + unpacked(kept.text)
    assert "/t/" in unpacked(kept.html)


def test_the_way_out_of_the_list_is_never_counted(mail: Mail, order: Order) -> None:
    consent.record(order.email, given=True, source="checkout")

    assert "/u/" in mail("review_request", stream="marketing")
    assert not any("/u/" in target for target in Link.objects.get().targets)


def test_a_text_has_short_links(mail: Mail) -> None:
    said = mail(channel=Channel.SMS, to_address="+4915123456789")

    (path,) = paths(said)
    assert len(path) == len("/c/") + 22
    assert go(path) == (302, tracking_url(Order.objects.get(), Brand.objects.get()))


def test_no_changed_byte_leads_anywhere(mail: Mail, one_transaction: None) -> None:
    path = next(path for path in paths(mail()) if path.startswith("/c/"))
    token, client = path.removeprefix("/c/"), Client(headers={"User-Agent": READER})
    changed = [token[:at] + other + token[at + 1 :] for at in range(22) for other in ALPHABET if other != token[at]]
    tried = changed[:: len(changed) // 250]

    answers = [client.get(f"/c/{one}").status_code for one in tried]

    assert len(tried) >= 200
    assert answers == [404] * len(tried)
    assert Engagement.objects.count() == 0


def test_links_to_other_rows_lead_nowhere(mail: Mail, one_transaction: None) -> None:
    mail()
    message, link = Message.objects.get(), Link.objects.get()
    beyond = crypto.link_token(type(link.pk)(int=link.pk.int | len(link.targets)))

    for token in (crypto.link_token(message.pk), crypto.link_token(ids.uuid7()), beyond, "x", "A" * 22, "A" * 200):
        assert go(f"/c/{token}") == (404, "")
        assert go(f"/o/{token}.gif")[0] == 404
    assert Engagement.objects.count() == 0


def test_a_query_or_a_path_behind_it_changes_nothing(mail: Mail) -> None:
    path = next(path for path in paths(mail()) if path.startswith("/c/"))

    assert go(f"{path}?url=https://evil.example")[1] == Link.objects.get().targets[0]
    assert go(f"{path}/https://evil.example")[0] == 404
    assert Client().post(path).status_code == 405


@pytest.mark.parametrize(
    ("where", "country", "counted"),
    [
        (CountOpens.OUTSIDE_EUROPE, "US", True),
        (CountOpens.OUTSIDE_EUROPE, "DE", False),
        (CountOpens.OUTSIDE_EUROPE, "GB", False),
        (CountOpens.OUTSIDE_EUROPE, "", False),
        (CountOpens.EVERYWHERE, "DE", True),
        (CountOpens.NOWHERE, "US", False),
    ],
)
def test_opens_are_counted_where_the_brand_says(where: str, country: str, counted: bool) -> None:
    assert counts_opens(Brand(count_opens=where), country) is counted


def test_without_counting_a_mail_leaves_as_it_was_written(mail: Mail, order: Order) -> None:
    Brand.objects.update(count_clicks=False, count_opens=CountOpens.NOWHERE)

    assert paths(mail()) == []
    assert Link.objects.count() == 0
