"""Who is told what, when, and how often at most: facts go through the relay, mails come out of the queue of letters."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts import draw, pile, tasks
from alerts.models import Choice, Pile
from alerts.tell import tell
from integrations.models import Connection, WebhookEndpoint
from integrations.webhooks import endpoints
from orders.models import Order
from postpurchase.events import bus
from postpurchase.events.catalogue import HealthOpened, MemberJoined, MessageFailed, MessageInDoubt
from postpurchase.events.tasks import relay_batch
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public, uuid7
from postpurchase.post import send
from postpurchase.post.models import Letter
from postpurchase.tenancy import team
from postpurchase.tenancy.models import Membership, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant
from tests.people import hire

AT = datetime(2026, 3, 27, 13, 20, tzinfo=UTC)  # the Friday before Europe's clocks go forward
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hands(settings: Any) -> Iterator[clock.Hands]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    with clock.frozen(AT) as found:
        yield found


@pytest.fixture
def olga(ann: Merchant) -> User:
    return hire(ann, "olga@ann.example", Role.OWNER)


def choose(merchant: Merchant, user: User, *, at_once: list[str] | None = None, daily: list[str] | None = None, zone: str = "UTC") -> None:
    with in_merchant(merchant):
        member = Membership.objects.get(user=user)
        Choice.objects.create(member=member, at_once=at_once or [], daily=daily or [], time_zone=zone)


def happen(merchant: Merchant, *facts: Any) -> None:
    """They become true, are relayed, and whoever is due is told."""
    with eager.collected():
        with in_merchant(merchant):
            bus.publish(*facts)
        while relay_batch(merchant.pk):
            pass
    told(merchant)


def told(merchant: Merchant) -> None:
    tell(merchant.pk)
    send.drain()


def doubts(count: int) -> list[MessageInDoubt]:
    return [MessageInDoubt(message_id=uuid7(), order_id=None) for _n in range(count)]


def subjects() -> list[tuple[str, str]]:
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


def test_a_stopped_endpoint_is_told_to_owners_and_admins_by_themselves(ann: Merchant, olga: User) -> None:
    for role in (Role.ADMIN, Role.AGENT, Role.VIEWER):
        hire(ann, f"{role}@ann.example", role)
    with in_merchant(ann):
        row, _secret = endpoints.add("https://hooks.example.com/in", label="Stock system")

    with in_merchant(ann), eager.collected():
        endpoints.stop(row, WebhookEndpoint.GONE)
    happen(ann)

    line = "Ann: 1 webhook endpoint was stopped"
    assert subjects() == [("olga@ann.example", line), ("admin@ann.example", line)]
    body = mail.outbox[0].body
    assert f"Stock system: http://127.0.0.1:8000/m/ann/webhooks/{to_public('whe', row.pk)}/" in body
    assert "You get this because you work for Ann. http://127.0.0.1:8000/m/ann/alerts/" in body
    html = mail.outbox[0].alternatives[0][0]
    assert f'href="http://127.0.0.1:8000/m/ann/webhooks/{to_public("whe", row.pk)}/"' in html
    assert 'href="http://127.0.0.1:8000/m/ann/alerts/"' in html


def test_a_thousand_facts_are_two_mails_and_a_row(ann: Merchant, olga: User, hands: clock.Hands) -> None:
    choose(ann, olga, at_once=["doubt"])

    happen(ann, *doubts(1))
    happen(ann, *doubts(999))
    hands.advance(timedelta(minutes=9))
    told(ann)
    assert subjects() == [("olga@ann.example", "Ann: 1 message may not have arrived")]
    hands.advance(timedelta(minutes=1))
    told(ann)
    told(ann)

    assert subjects()[1:] == [("olga@ann.example", "Ann: 999 messages may not have arrived")]
    with in_merchant(ann):
        assert list(Pile.objects.values_list("kind", "count", "first", "due_at")) == [("doubt", 0, [], None)]
    hands.advance(timedelta(hours=1))
    tasks.tell_due()
    told(ann)
    assert len(mail.outbox) == 2


def test_a_thousand_facts_cost_a_few_statements(ann: Merchant, olga: User) -> None:
    choose(ann, olga, at_once=["doubt"])
    with in_merchant(ann), CaptureQueriesContext(connection) as few:
        pile.add("doubt", [pile.Ref(uuid7(), None) for _n in range(2)])
    with in_merchant(ann), CaptureQueriesContext(connection) as many:
        pile.add("doubt", [pile.Ref(uuid7(), None) for _n in range(1000)])

    assert len(many) == len(few)
    with in_merchant(ann):
        row = Pile.objects.get()
        assert (row.count, len(row.first)) == (1002, 5)


def test_a_mail_names_the_first_five_and_says_how_many_more(ann: Merchant, olga: User, in_shop_orders: list[UUID]) -> None:
    choose(ann, olga, at_once=["parcel"])

    happen(ann, *[HealthOpened(shipment_id=uuid7(), order_id=order, flag="stalled") for order in in_shop_orders])

    lines = [line for line in mail.outbox[0].body.splitlines() if line.startswith(("Order", "and "))]
    assert lines[0] == f"Order #0: http://127.0.0.1:8000/m/ann/orders/{to_public('ord', in_shop_orders[0])}/"
    assert lines[5] == "and 2 more: http://127.0.0.1:8000/m/ann/work/"
    assert len(lines) == 6


@pytest.fixture
def in_shop_orders(ann: Merchant) -> list[UUID]:
    with in_merchant(ann):
        api = Connection.objects.get(kind=Connection.API)
        values = {"connection": api, "placed_at": AT, "source_updated_at": AT, "currency": "EUR", "shop_currency": "EUR"}
        made = [Order(external_id=str(n), number=f"#{n}", items_total=1, total=1, **values) for n in range(7)]
        return [row.pk for row in Order.objects.bulk_create(made)]


def test_once_a_day_is_one_mail_at_eight_where_she_is_also_when_the_clocks_change(ann: Merchant, olga: User, hands: clock.Hands) -> None:
    choose(ann, olga, daily=["doubt", "failed"], zone="Europe/Berlin")
    happen(ann, *doubts(3), MessageFailed(message_id=uuid7(), order_id=None))
    with in_merchant(ann):
        assert set(Pile.objects.values_list("due_at", flat=True)) == {datetime(2026, 3, 28, 7, 0, tzinfo=UTC)}

    hands.advance(timedelta(hours=17, minutes=39))
    told(ann)
    assert mail.outbox == []
    hands.advance(timedelta(minutes=1))
    told(ann)

    assert subjects() == [("olga@ann.example", "Ann: what happened since yesterday")]
    assert "3 messages may not have arrived" in mail.outbox[0].body
    assert "1 message was refused" in mail.outbox[0].body
    happen(ann, *doubts(1))
    with in_merchant(ann):  # summer time began in the night: eight o'clock is an hour earlier
        assert Pile.objects.get(kind="doubt").due_at == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)


def test_what_a_role_may_not_open_is_not_told_whatever_was_chosen(ann: Merchant, olga: User) -> None:
    agent = hire(ann, "anton@ann.example", Role.AGENT)
    choose(ann, agent, at_once=["member", "doubt"])
    choose(ann, olga)

    happen(ann, MemberJoined(member_id=uuid7()), *doubts(1))

    assert subjects() == [("anton@ann.example", "Ann: 1 message may not have arrived")]


def test_a_person_who_left_or_was_switched_off_gets_none(ann: Merchant, olga: User) -> None:
    anton, eva = (hire(ann, f"{name}@ann.example", Role.ADMIN) for name in ("anton", "eva"))
    for user in (anton, eva):
        choose(ann, user, at_once=["doubt"])
    with in_merchant(ann), eager.collected():
        pile.add("doubt", [pile.Ref(uuid7(), None)])
        team.remove(Membership.objects.get(user=anton), by=Role.OWNER)
    User.objects.filter(pk=eva.pk).update(is_active=False)

    told(ann)
    happen(ann, *doubts(1))

    assert mail.outbox == []
    with in_merchant(ann):
        assert Choice.objects.count() == 1


def test_who_joins_is_told_to_the_others(ann: Merchant, olga: User) -> None:
    eva = hire(ann, "eva@ann.example", Role.ADMIN)
    with in_merchant(ann):
        member = Membership.objects.get(user=eva)

    happen(ann, MemberJoined(member_id=member.pk))

    assert subjects() == [("olga@ann.example", "Ann: 1 person joined the team")]
    assert f"eva@ann.example (eva@ann.example): http://127.0.0.1:8000/m/ann/team/{to_public('mbr', member.pk)}/" in mail.outbox[0].body


def test_a_person_of_two_shops_hears_of_each_by_itself(ann: Merchant, bob: Merchant, olga: User) -> None:
    with in_merchant(bob):
        Membership.objects.create(user=olga, role=Role.OWNER)
    choose(ann, olga, at_once=["doubt"])
    choose(bob, olga)

    happen(bob, *doubts(2))
    happen(ann, *doubts(1))

    assert subjects() == [("olga@ann.example", "Ann: 1 message may not have arrived")]
    with in_merchant(bob):
        assert not Pile.objects.exists()


def test_a_mail_that_was_written_down_is_not_written_again_and_a_rollback_writes_none(ann: Merchant, olga: User, monkeypatch: Any) -> None:
    choose(ann, olga, at_once=["doubt", "failed"])
    with in_merchant(ann), eager.collected():
        pile.add("doubt", [pile.Ref(uuid7(), None)])
        pile.add("failed", [pile.Ref(uuid7(), None)])
    whole = draw.letter
    monkeypatch.setattr(draw, "letter", lambda piles, merchant: 1 / 0 if piles[0].kind == "failed" else whole(piles, merchant))
    with pytest.raises(ZeroDivisionError):
        tell(ann.pk)
    assert Letter.objects.count() == 0

    monkeypatch.setattr(draw, "letter", whole)
    told(ann)
    told(ann)

    assert len(mail.outbox) == 2
