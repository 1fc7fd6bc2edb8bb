"""What providers report, through anymail's own views: Postmark proves itself by a shared secret, Mailgun by a signature."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from notifications.consent import suppressed
from notifications.models import Message, ProviderEvent, State, Suppression
from notifications.provider_events import _may_pass
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import every_tenant, in_merchant
from tests.notifications.conftest import NOW

pytestmark = pytest.mark.django_db
SECRET, KEY = "post:a-long-secret", "key-of-mailgun"
Make = Callable[..., Message]
Report = Callable[..., int]


@pytest.fixture(autouse=True)
def providers(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


def postmark(message: object, record: str, *, secret: str = SECRET, **more: object) -> int:
    body = {"RecordType": record, "MessageID": "883953f4", "Metadata": {"message": str(message)}} | more
    return post("postmark", body, secret)


def mailgun(message: object, event: str, *, key: str = KEY, token: str = "token-1", **more: object) -> int:
    stamp = "1795424400"
    sign = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {"event": event, "timestamp": float(stamp), "user-variables": {"message": str(message)}} | more
    return post("mailgun", {"signature": {"token": token, "timestamp": stamp, "signature": sign}, "event-data": data}, SECRET)


def post(provider: str, body: Any, secret: str) -> int:
    proof = base64.b64encode(secret.encode()).decode()
    client = Client(headers={"authorization": f"Basic {proof}"}, raise_request_exception=False)
    return client.post(f"/mail/{provider}/tracking/", json.dumps(body), content_type="application/json").status_code


def hard(message: object, report: Report) -> int:
    if report is postmark:
        return postmark(message, "Bounce", Type="HardBounce", ID=42, Details="550 no such user")
    return mailgun(message, "failed", severity="permanent", reason="bounce")


def test_the_events_of_the_fixture_are_about_now(now: object) -> None:
    assert datetime.fromtimestamp(1795424400, tz=UTC) == NOW


@pytest.mark.parametrize("report", [postmark, mailgun])
def test_a_hard_bounce_stops_all_mail_to_the_address(message: Make, report: Report) -> None:
    sent = message(state=State.SENT)

    assert hard(sent.pk, report) == 200

    assert suppressed([sent.to_address]) == {sent.to_address: {Suppression.ALL}}
    assert Suppression.objects.get().reason == "bounced"
    assert ProviderEvent.objects.get().message == sent


@pytest.mark.parametrize(
    "report",
    [
        lambda pk: postmark(pk, "Bounce", Type="SoftBounce", ID=42),
        lambda pk: postmark(pk, "Bounce", Type="Transient", ID=42),
        lambda pk: mailgun(pk, "failed", severity="temporary", reason="generic"),
    ],
)
def test_a_soft_bounce_stops_nothing(message: Make, report: Callable[[object], int]) -> None:
    assert report(message(state=State.SENT).pk) == 200

    assert ProviderEvent.objects.count() == 1
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("event", "description"),
    [
        ({"event": "soft_bounce"}, None),  # Brevo, Mandrill
        ({"event": "bounce", "hard_bounce": False}, None),  # Mailjet
        ({"msys": {"message_event": {"bounce_class": "22"}}}, None),  # SparkPost: mailbox full
        ({"eventType": "Bounce"}, "Transient: MailboxFull"),  # SES
    ],
)
def test_other_providers_words_for_a_soft_bounce_are_known(event: dict[str, Any], description: str | None) -> None:
    class Told:
        event_type, esp_event = "bounced", event

    Told.description = description  # type: ignore[attr-defined]

    assert _may_pass(Told())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "report", [lambda pk: postmark(pk, "SpamComplaint", Type="SpamComplaint", ID=42), lambda pk: mailgun(pk, "complained")]
)
def test_a_complaint_stops_all_mail_to_the_address(message: Make, report: Callable[[object], int]) -> None:
    sent = message(state=State.SENT)

    assert report(sent.pk) == 200

    assert Suppression.objects.get().reason == "complained"
    assert suppressed([sent.to_address]) == {sent.to_address: {Suppression.ALL}}


@pytest.mark.parametrize(
    "report", [lambda pk: postmark(pk, "Delivery", DeliveredAt="2026-11-23T09:00:00Z"), lambda pk: mailgun(pk, "delivered")]
)
def test_a_delivery_ends_a_doubt_and_changes_nothing_else(message: Make, report: Callable[[object], int]) -> None:
    doubt, failed = message(state=State.UNKNOWN), message("delivered", state=State.FAILED)

    for one in doubt, failed:
        assert report(one.pk) == 200

    doubt.refresh_from_db()
    failed.refresh_from_db()
    assert (doubt.state, doubt.sent_at, doubt.reason) == (State.SENT, NOW, "provider_told")
    assert failed.state == State.FAILED


def test_a_report_without_a_time_ends_the_doubt_now(message: Make) -> None:
    doubt = message(state=State.UNKNOWN)

    assert postmark(doubt.pk, "Delivery") == 200

    doubt.refresh_from_db()
    assert (doubt.state, doubt.sent_at) == (State.SENT, NOW)


@pytest.mark.parametrize("report", [postmark, mailgun])
def test_the_same_event_twice_acts_once(message: Make, report: Report) -> None:
    sent = message(state=State.SENT)

    assert [hard(sent.pk, report), hard(sent.pk, report)] == [200, 200]

    assert ProviderEvent.objects.count() == Suppression.objects.count() == 1


def test_a_second_report_does_not_suppress_again_what_a_person_has_lifted(message: Make) -> None:
    sent = message(state=State.SENT)
    hard(sent.pk, postmark)
    Suppression.objects.all().delete()

    hard(sent.pk, postmark)

    assert not Suppression.objects.exists()


@pytest.mark.parametrize("name", ["01a2023b-0598-73ea-b31d-e3ba9dae7fe4", "883953f4", ""])
def test_a_message_of_nobodys_does_nothing(message: Make, name: str) -> None:
    message(state=State.SENT)

    assert postmark(name, "Bounce", Type="HardBounce", ID=42) == 200

    with every_tenant("test"):
        assert ProviderEvent.objects.count() == Suppression.objects.count() == 0


def test_a_report_reaches_the_shop_that_sent_the_message_and_no_other(bob: Merchant, message: Make) -> None:
    sent = message(state=State.SENT)

    hard(sent.pk, postmark)

    with every_tenant("test"):
        assert [row.merchant_id for row in Suppression.objects.all()] == [sent.merchant_id]
    assert sent.merchant_id != bob.pk


def test_without_the_secret_or_with_a_wrong_signature_nothing_is_believed(message: Make) -> None:
    sent = message(state=State.SENT)

    assert postmark(sent.pk, "Bounce", secret="post:guessed", Type="HardBounce", ID=42) == 400
    assert mailgun(sent.pk, "complained", key="another") == 400

    transaction.set_rollback(False)  # a refusal rolls back the scope it is in, which here is the test's
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("provider", ["postmark", "mailgun", "sendgrid", "amazon_ses"])
def test_a_provider_that_cannot_prove_itself_is_not_there(db: None, settings: Any, provider: str) -> None:
    settings.ANYMAIL = {}

    assert post(provider, {}, SECRET) == 404


def test_a_signing_key_alone_is_proof_enough(message: Make, settings: Any) -> None:
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    sent = message(state=State.SENT)

    assert mailgun(sent.pk, "complained") == 200

    with in_merchant(sent.merchant_id):
        assert Suppression.objects.get().reason == "complained"
