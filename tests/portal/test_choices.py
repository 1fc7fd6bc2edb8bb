"""What a shopper gets: looking changes nothing, saving holds at once, and the mail's link is the only key."""

import pytest
from django.test import Client

from notifications import consent, direct, guards
from notifications.cases import load
from notifications.library import install
from notifications.models import Consent, Enrolment, Flow, Message, Preference, Stream, Suppression
from orders.models import Order
from postpurchase.lib import clock, crypto
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.portal.acts import place

MIA, NUMBER = "mia.berg@example.com", "+491701234567"


@pytest.fixture
def message(ann: Merchant, now: clock.Hands) -> Message:
    with in_merchant(ann):
        return direct.write("tracking_link", place(phone=NUMBER))


def at(message: Message, page: str = "choices") -> str:
    return f"/u/{crypto.link_token(message.pk)}/{page}"


def ticked(client: Client, message: Message) -> list[str]:
    body = client.get(at(message)).content.decode()
    return [name for name in ("news", "sms_news", "sms_orders", "late_only") if f'name="{name}"' in body and _has_tick(body, name)]


def _has_tick(body: str, name: str) -> bool:
    tag = body[body.index(f'name="{name}"') :]
    return "checked" in tag[: tag.index(">")]


def kept(ann: Merchant) -> tuple[int, int, int]:
    with in_merchant(ann):
        return Consent.objects.count(), Suppression.objects.count(), Preference.objects.count()


def test_looking_changes_nothing_and_names_nobody(client: Client, ann: Merchant, message: Message) -> None:
    response = client.get(at(message))

    body = response.content.decode()
    assert "What you get from Ann" in body
    assert "m••••@e••••.com" in body
    assert "mia.berg" not in body
    assert 'name="sms_news"' not in body
    assert (client.head(at(message)).status_code, kept(ann)) == (200, (0, 0, 0))


def test_a_yes_and_a_no_are_kept_with_their_proof(client: Client, ann: Merchant, message: Message) -> None:
    mail_program = Client(enforce_csrf_checks=True, headers={"user-agent": "Mail/1"}, REMOTE_ADDR="203.0.113.9")

    response = mail_program.post(at(message), {"news": "on", "locale": ""})
    assert (response.status_code, response["Location"]) == (302, f"{at(message)}?saved=1")
    assert "Saved. It holds from now on." in client.get(response["Location"]).content.decode()
    assert ticked(client, message) == ["news"]
    mail_program.post(at(message), {"locale": ""})
    mail_program.post(at(message), {"locale": ""})

    assert ticked(client, message) == []
    with in_merchant(ann):
        said = list(Consent.objects.order_by("id").values_list("given", "source", "proof"))
        proof = {"ip": "203.0.113.0/24", "user_agent": "Mail/1", "page": "choices"}
        assert said == [(True, "preference page", proof), (False, "preference page", proof)]
        assert consent.suppressed([MIA]) == {MIA: {"marketing"}}


def test_text_messages_are_offered_to_those_who_were_asked(client: Client, ann: Merchant, message: Message) -> None:
    with in_merchant(ann):
        for purpose in (Stream.MARKETING, Stream.TRANSACTIONAL):
            consent.record(NUMBER, given=True, source="checkout", channel="sms", purpose=purpose)
    assert ticked(client, message) == ["sms_news", "sms_orders"]

    client.post(at(message), {"sms_orders": "on", "locale": ""})

    assert ticked(client, message) == ["sms_orders"]
    with in_merchant(ann):
        assert consent.suppressed([NUMBER], channel="sms") == {NUMBER: {"marketing"}}
        assert consent.consents([NUMBER], channel="sms") == {NUMBER: False}
        assert consent.suppressed([NUMBER]) == {}


def test_only_if_late_and_the_language_hold_at_the_guards_at_once(client: Client, ann: Merchant, message: Message) -> None:
    client.post(at(message), {"late_only": "on", "locale": "fr"})

    assert ticked(client, message) == ["late_only"]
    with in_merchant(ann):
        order, other = Order.objects.get(), place(external_id="o-2", number="#2")
        told = {row.pk: _verdict(row, template) for row in (order, other) for template in ("shipped",)}
        assert told == {order.pk: ("skip", "only_if_late", "fr"), other.pk: ("send", "", "fr")}
        assert _verdict(order, "delayed") == ("send", "", "fr")
        assert _verdict(order, "shipped", by_hand=True) == ("send", "", "fr")

    client.post(at(message), {"locale": ""})

    with in_merchant(ann):
        assert _verdict(order, "shipped") == ("send", "", "de")


def _verdict(order: Order, template: str, *, by_hand: bool = False) -> tuple[str, str, str]:
    install()
    flow = Flow.objects.get(key="confirmation")
    held = (
        None
        if by_hand
        else Enrolment.objects.get_or_create(
            flow=flow, subject=order.pk, defaults={"version": flow.live, "order": order, "trigger_at": clock.business_now()}
        )[0]
    )
    given = {"template": template, "order": order, "to_address": MIA, "locale": "de", "due_at": clock.business_now()}
    row = Message(**given, stream=Stream.TRANSACTIONAL, enrolment=held, node="email" if held else "")
    [case] = load([row])
    verdict, reason, _ = guards.decide(case)
    return verdict, reason, row.locale


def test_a_language_that_we_do_not_speak_is_refused(client: Client, ann: Merchant, message: Message) -> None:
    assert client.post(at(message), {"locale": "tlh"}).status_code == 422
    assert kept(ann) == (0, 0, 0)


@pytest.fixture
def asking(ann: Merchant, now: clock.Hands) -> Message:
    with in_merchant(ann):
        order = place()
        consent.record(MIA, given=True, pending=True, source="checkout", at=clock.business_now(), order=order)
        return direct.write("confirm_consent", order)


def test_the_mail_to_confirm_shows_on_get_and_counts_on_post(client: Client, ann: Merchant, asking: Message) -> None:
    assert "Yes, send them" in client.get(at(asking, "confirm")).content.decode()
    with in_merchant(ann):
        assert consent.consents([MIA]) == {}

    answers = [Client(enforce_csrf_checks=True).post(at(asking, "confirm")).content.decode() for _ in range(2)]

    assert ["Thank you, you are on the list" in one for one in answers] == [True, True]
    with in_merchant(ann):
        assert consent.consents([MIA]) == {MIA: True}
        assert Consent.objects.count() == 2


def test_what_was_refused_since_is_not_confirmed(client: Client, ann: Merchant, asking: Message) -> None:
    with in_merchant(ann):
        consent.refuse(MIA, source="unsubscribe link")

    assert "There is nothing to confirm any more" in client.post(at(asking, "confirm")).content.decode()
    with in_merchant(ann):
        assert consent.consents([MIA]) == {MIA: False}


def test_any_other_mail_confirms_nothing(client: Client, message: Message) -> None:
    assert [client.get(at(message, "confirm")).status_code, client.post(at(message, "confirm")).status_code] == [404, 404]


@pytest.mark.parametrize("page", ["choices", "confirm"])
@pytest.mark.parametrize("token", ["A" * 22, "x"])
def test_a_link_that_leads_nowhere_is_404(token: str, page: str, client: Client, ann: Merchant) -> None:
    assert [client.get(f"/u/{token}/{page}").status_code, client.post(f"/u/{token}/{page}").status_code] == [404, 404]
