"""What Twilio posts: signed with the account's token, acted on once, in the transaction that keeps it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from integrations.senders.choose import sender
from notifications import claim, consent, dispatch
from notifications import text_inbound as inbound
from notifications.models import ProviderEvent, SmsAccount, State, Suppression
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.jobs import eager
from postpurchase.lib import crypto, ids
from postpurchase.tenancy.models import Brand
from tests.sms.conftest import NUMBER, TOKEN, Make

pytestmark = pytest.mark.django_db
Post = Callable[..., Any]


@pytest.fixture
def path(account: SmsAccount) -> str:
    return f"/sms/{ids.to_public('sms', account.pk)}"


def post(path: str, token: str = TOKEN, **form: str) -> Any:
    signature = RequestValidator(token).compute_signature(settings.BASE_URL + path, form)
    return Client().post(path, form, headers={"X-Twilio-Signature": signature})


def answer(path: str, body: str, sid: str = "SM1") -> str:
    found = post(path, MessageSid=sid, From=NUMBER, To="+15005550006", Body=body)
    assert found.status_code == 200
    return str(found.content.decode().partition("<Message>")[2].partition("</Message>")[0])


def out() -> set[str]:
    return consent.suppressed([NUMBER], channel="sms").get(NUMBER, set())


@pytest.mark.parametrize("word", ["STOP", "arrêt", "Stopp", "opt out", "baja"])
def test_stop_ends_the_texts_and_is_confirmed_once(word: str, path: str, order: object) -> None:
    told = answer(path, word)

    assert told == f"{Brand.objects.get().name}: You get no more texts from us. Reply START to get them again."
    assert out() == {Suppression.ALL}
    assert consent.suppressed(["anna@example.de"]) == {}
    assert ProviderEvent.objects.values_list("event_id", "kind", "detail").get() == ("sms:SM1", "stop", word)

    assert (answer(path, word), answer(path, word, "SM2")) == ("", "")  # the same call again, and the same wish again
    assert ProviderEvent.objects.count() == 2


def test_start_takes_it_back_but_not_what_has_other_reasons(path: str, order: object) -> None:
    answer(path, "stop")
    assert "Reply STOP" in answer(path, "START", "SM2")
    assert out() == set()

    consent.suppress(NUMBER, scope=Suppression.ALL, reason=inbound.GONE, channel="sms")
    assert answer(path, "start", "SM3") == ""
    assert out() == {Suppression.ALL}


def test_help_names_the_shop_and_where_to_ask(path: str, order: object) -> None:
    Brand.objects.update(support_email="help@northlight.example")

    assert "help@northlight.example" in answer(path, "HELP")
    assert out() == set()


def test_other_words_are_not_kept(path: str, order: object) -> None:
    assert answer(path, "Where is my parcel, I live at 5 Elm Street") == ""
    assert ProviderEvent.objects.values_list("kind", "detail").get() == ("reply", "")


@pytest.mark.parametrize("token", ["f" * 32, ""])
def test_a_wrong_signature_is_refused_and_changes_nothing(token: str, path: str, order: object) -> None:
    found = post(path, token, MessageSid="SM1", From=NUMBER, Body="STOP")

    assert (found.status_code, out(), ProviderEvent.objects.count()) == (403, set(), 0)


def test_a_signature_holds_for_its_address_and_its_fields_only(path: str, order: object) -> None:
    form = {"MessageSid": "SM1", "From": NUMBER, "Body": "hello"}
    signature = RequestValidator(TOKEN).compute_signature(settings.BASE_URL + path, form)

    changed = Client().post(path, form | {"Body": "STOP"}, headers={"X-Twilio-Signature": signature})
    elsewhere = Client().post(path + "?x=1", form, headers={"X-Twilio-Signature": signature})

    assert (changed.status_code, elsewhere.status_code, out()) == (403, 403, set())
    assert Client().post(path, form).status_code == 403
    assert Client().get(path).status_code == 405
    assert post("/sms/" + ids.to_public("sms", ids.uuid7()), **form).status_code == 404


def test_a_stop_after_the_claim_is_heard(box: Mailbox, path: str, text: Make) -> None:
    row = text()
    token, found = claim.claim()
    answer(path, "STOP")

    mine = sender(box.url)
    with eager.collected():
        dispatch.send_batch(found, token, mine)
    mine.close()

    row.refresh_from_db()
    assert (row.state, row.reason, len(box.messages)) == (State.SKIPPED, "suppressed", 0)


@pytest.mark.parametrize(
    ("status", "error", "state", "suppressed"),
    [
        ("delivered", "", State.SENT, set()),
        ("undelivered", "30003", State.FAILED, set()),
        ("undelivered", "30006", State.FAILED, {"all"}),
        ("failed", "21610", State.FAILED, {"all"}),
        ("queued", "", State.UNKNOWN, set()),
    ],
)
def test_a_report_ends_a_doubt(status: str, error: str, state: str, suppressed: set[str], path: str, text: Make) -> None:
    row = text(state=State.UNKNOWN)
    report = f"{path}/{crypto.link_token(row.pk)}"

    for _ in range(2):
        assert post(report, MessageSid="SM9", MessageStatus=status, ErrorCode=error).status_code == 204

    row.refresh_from_db()
    assert (row.state, out()) == (state, suppressed)
    assert ProviderEvent.objects.values_list("event_id", "message", "detail").get() == (f"sms:SM9:{status}", row.pk, error)


def test_reports_of_what_was_sent_or_is_anothers_change_nothing(path: str, text: Make) -> None:
    row = text(state=State.SENT)
    post(f"{path}/{crypto.link_token(row.pk)}", MessageSid="SM9", MessageStatus="failed")
    row.refresh_from_db()
    assert row.state == State.SENT

    assert post(f"{path}/{crypto.link_token(ids.uuid7())}", MessageSid="SM8", MessageStatus="failed").status_code == 204
    assert ProviderEvent.objects.count() == 1
