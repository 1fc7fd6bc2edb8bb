"""From a due row to the mail server and back into rows."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from integrations.opening import open_merchant
from integrations.senders.base import Envelope, Ready, Reply, Result
from integrations.senders.choose import sender
from notifications import claim, consent, dispatch, resolve
from notifications.models import Attempt, Decision, Enrolment, Message, MessageBody, State, Stream
from notifications.render import unpacked
from orders.models import Order
from postpurchase.embedded.mailbox import ACCEPT, DROP, REFUSE, TRY_LATER, Mailbox
from postpurchase.events.models import DomainEvent
from postpurchase.events.tasks import relay_batch
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import every_tenant, in_merchant
from tests.notifications.conftest import NOW, send

pytestmark = pytest.mark.django_db
Make = Callable[..., Message]


@pytest.fixture
def out(message: Make) -> Make:
    """Messages made in Ann's scope, which is then left."""
    return message


def kinds() -> list[str]:
    return list(DomainEvent.objects.filter(kind__startswith="message.").order_by("id").values_list("kind", flat=True))


def test_a_due_message_is_drawn_sent_and_told(box: Mailbox, out: Make) -> None:
    row = out()

    assert send(box) == 1

    row.refresh_from_db()
    mail = box.messages[0].message
    assert (row.state, row.sent_at, row.attempts) == (State.SENT, NOW, 1)
    assert mail["To"] == "anna@example.de"
    assert mail["Subject"] == row.subject != ""
    assert mail["Message-ID"] == row.message_id("post.postpurchase.example")
    assert mail["List-Unsubscribe"] is None
    body = MessageBody.objects.get(message=row)
    assert "00340434161094042557" in unpacked(body.html)
    assert "00340434161094042557" in unpacked(body.text)
    assert Attempt.objects.values_list("outcome", "number").get() == ("sent", 1)
    assert kinds() == ["message.sent"]


def test_what_is_not_due_stays(box: Mailbox, out: Make) -> None:
    out(due_at=NOW + timedelta(seconds=1))

    assert send(box) == 0
    assert not box.messages


def test_marketing_carries_the_one_click_headers(box: Mailbox, out: Make, order: Order) -> None:
    with in_merchant(order.merchant_id):
        consent.record(order.email, given=True, source="checkout", at=NOW)
    out("follow_up", stream=Stream.MARKETING)

    send(box)

    mail = box.messages[0].message
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<http") and "/u/" in mail["List-Unsubscribe"]


def test_a_refusal_for_good_fails_the_message(box: Mailbox, out: Make) -> None:
    box.behave("anna@example.de", REFUSE)
    row = out()

    send(box)

    row.refresh_from_db()
    assert (row.state, row.error[:3]) == (State.FAILED, "554")
    assert kinds() == ["message.failed"]


def test_not_now_is_tried_again_later_until_it_is_enough(box: Mailbox, out: Make, now: clock.Hands) -> None:
    box.behave("anna@example.de", TRY_LATER)
    row = out()

    send(box)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.DUE, 1)
    assert row.due_at > NOW
    for _ in range(8):
        now.advance(timedelta(hours=1))
        send(box)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.FAILED, 8)
    assert Attempt.objects.count() == 8
    assert not box.messages


def test_no_server_is_tried_again_and_the_try_is_on_record(out: Make) -> None:
    row = out()
    mine = sender("smtp://127.0.0.1:1")

    with eager.collected():
        dispatch.drain(mine)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.DUE, 1)
    assert Attempt.objects.get().outcome == "later"


def test_a_lost_answer_leaves_an_at_most_once_message_in_doubt_and_unsent_again(box: Mailbox, out: Make, now: clock.Hands) -> None:
    box.behave("anna@example.de", DROP)
    row = out()

    send(box)
    now.advance(timedelta(days=1))
    send(box)

    row.refresh_from_db()
    assert row.state == State.UNKNOWN
    assert len(box.messages) == 1
    assert kinds() == ["message.in_doubt"]
    assert Attempt.objects.get().outcome == "lost"


def test_a_lost_answer_is_tried_again_where_at_least_once_was_promised(box: Mailbox, out: Make, now: clock.Hands) -> None:
    box.behave("anna@example.de", DROP)
    row = out(guarantee="alo")
    send(box)
    box.behave("anna@example.de", ACCEPT)

    now.advance(timedelta(hours=1))
    send(box)

    row.refresh_from_db()
    assert row.state == State.SENT
    assert {mail.message_id for mail in box.messages} == {row.message_id("post.postpurchase.example")}


def test_a_person_ends_a_doubt_and_nothing_else_can_be_repeated(box: Mailbox, out: Make) -> None:
    box.behave("anna@example.de", DROP)
    doubtful, sent = out(), out("delivered", to_address="b@example.de")
    send(box)
    for row in doubtful, sent:
        row.refresh_from_db()

    with eager.collected():
        resolve.it_arrived(doubtful)
        with pytest.raises(IllegalMove):
            resolve.send_again(doubtful)
        with pytest.raises(IllegalMove):
            resolve.send_again(sent)

    assert doubtful.state == State.SENT


def test_a_dead_workers_lease_runs_out_and_the_message_goes_on(box: Mailbox, out: Make) -> None:
    row = out()
    token, _ = claim.claim()
    expire_leases()

    dispatch.rescue()
    send(box)

    row.refresh_from_db()
    assert row.state == State.SENT
    assert row.lease_token != token


@pytest.mark.parametrize(("guarantee", "state"), [("amo", State.UNKNOWN), ("alo", State.DUE), ("key", State.DUE)])
def test_a_worker_that_died_while_handing_over_leaves_what_was_promised(out: Make, guarantee: str, state: str) -> None:
    row = out(guarantee=guarantee)
    token, found = claim.claim()
    assert dispatch.Ledger(token).intend([row]) == {row.pk}
    expire_leases()

    dispatch.rescue()

    row.refresh_from_db()
    assert row.state == state
    assert found == {row.merchant_id: [row.pk]}


def test_a_worker_whose_lease_ran_out_cannot_begin_to_hand_over(out: Make) -> None:
    row = out()
    token, _ = claim.claim()
    expire_leases()

    assert dispatch.Ledger(token).intend([row]) == set()
    assert Attempt.objects.count() == 0


def expire_leases() -> None:
    with every_tenant("test: time passes for leases"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_message SET lease_until = clock_timestamp() - interval '1 second' WHERE lease_until IS NOT NULL"
        )


def test_a_template_that_cannot_be_drawn_fails_alone(box: Mailbox, out: Make) -> None:
    bad, good = out("no_such_template"), out()

    send(box)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (State.FAILED, State.SENT)
    assert bad.reason.startswith("template:")


def test_a_backlog_of_one_merchant_does_not_hold_up_another(out: Make, ann: Merchant) -> None:
    for number in range(60):
        out(dedupe_key=f"backlog:{number}", due_at=NOW - timedelta(days=1))
    with every_tenant("test: a second merchant"):
        small = open_merchant("Small", "small")
        with in_merchant(small):
            given = {"template": "access_code", "stream": "transactional", "to_address": "s@x.example", "dedupe_key": "one"}
            mine = Message.objects.create(**given, due_at=NOW)

    _, found = claim.claim(10)

    assert found[small.pk] == [mine.pk]
    assert len(found[ann.pk]) == 5


def test_two_claims_never_take_the_same_message(out: Make, ann: Merchant) -> None:
    for number in range(10):
        out(dedupe_key=f"n:{number}")

    first, second = claim.claim(4)[1], claim.claim(100)[1]

    assert len(first[ann.pk]) == 4
    assert len(second[ann.pk]) == 6
    assert not set(first[ann.pk]) & set(second[ann.pk])
    assert claim.claim()[1] == {}


def test_the_flow_goes_on_and_the_decision_stands(box: Mailbox, order: Order, settled: Any) -> None:
    while relay_batch(order.merchant_id) == 100:
        pass

    send(box)
    relay_batch(order.merchant_id)

    decision = Decision.objects.get(verdict="send")
    assert decision.node == "email"
    assert all(check["passed"] for check in decision.checks)
    assert Enrolment.objects.get(flow__key="confirmation").state == Enrolment.FINISHED
    assert Message.objects.get().template == "confirmation"


def test_fenced_replies_leave_the_row_to_its_new_owner(out: Make) -> None:
    row = out()

    class Slow:
        width = 3

        def deliver(self, window: Sequence[Envelope], ready: Ready) -> list[Reply]:
            expire_leases()
            won = ready([0])
            return [Reply(Result.SENT) if 0 in won else Reply(Result.FENCED)]

        def close(self) -> None: ...

    with eager.collected():
        dispatch.drain(Slow(), most_batches=1)

    row.refresh_from_db()
    assert row.state == State.CLAIMED
    assert Attempt.objects.count() == 0
