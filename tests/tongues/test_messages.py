"""Every message in every language: whole, marked as that language, and readable by a mail program."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import policy
from email.parser import BytesParser

import pytest
from django.conf import settings
from django.utils import translation

from integrations.senders.choose import sender
from notifications import dispatch
from notifications.cases import load
from notifications.models import Message, Stream
from notifications.render import Rendered, render
from orders.models import Order
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.jobs import eager
from postpurchase.tenancy.models import Brand
from tests.notifications.conftest import NOW
from tests.tongues.leftover import english_in
from tests.ui.draw import draw_email
from tests.ui.samples.emails import EMAILS, MARKETING, SPARSE
from tracking.models import Shipment

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
WORDS = {"de": "Paket", "fr": "colis", "es": "paquete", "pt-br": "pacote", "ja": "お荷物"}


def drawn(message: Callable[..., Message], template: str, language: str) -> Rendered:
    stream = Stream.MARKETING if template in MARKETING else Stream.TRANSACTIONAL
    context = {"code": "482913", "minutes": 10} if template == "access_code" else {}
    return render(load([message(template, locale=language, stream=stream, context=context)])[0])


@pytest.fixture
def delivered(order: Order, parcel: Shipment) -> Shipment:
    """With all that a message can say of a parcel."""
    Brand.objects.update(support_url="https://ann.example/help", return_policy_url="https://ann.example/returns", guide_title="Wolle")
    values = {"substatus": "letterbox", "delivered_at": NOW - timedelta(hours=1), "last_scan_at": NOW, "health": ["stalled"]}
    Shipment.objects.filter(pk=parcel.pk).update(**values)
    return parcel


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("template", EMAILS)
def test_a_message_is_whole_in_its_language(template: str, language: str, message: Callable[..., Message], delivered: Shipment) -> None:
    english, other = drawn(message, template, "en"), drawn(message, template, language)

    for said, original in zip(
        (other.subject, other.preheader, other.text), (english.subject, english.preheader, english.text), strict=True
    ):
        assert said != original
        assert english_in(said, original, language) == []
    assert english_in(re.sub(r"<style>.*?</style>", "", other.html, flags=re.DOTALL), english.html, language) == []
    assert f'<html lang="{language}" dir="ltr"' in other.html
    assert "%(" not in other.text + other.html


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("samples", [EMAILS, SPARSE])
@pytest.mark.parametrize("name", EMAILS)
def test_no_message_names_what_it_is_not_given(name: str, samples: dict[str, dict[str, object]], language: str) -> None:
    subject, preheader, _html, text = draw_email(name, samples[name], language)

    assert 3 < len(subject) <= 90
    assert preheader
    assert text


@pytest.mark.parametrize("language", OTHERS)
def test_a_subject_is_the_same_behind_the_mail_server(language: str, message: Callable[..., Message], parcel: Shipment) -> None:
    row = message("shipped", locale=language)
    with Mailbox() as box:
        mine = sender(box.url)
        with eager.collected():
            dispatch.drain(mine)
        mine.close()
        (mail,) = box.messages

    row.refresh_from_db()
    raw = mail.raw
    header = raw.split(b"\r\n\r\n")[0]
    read = BytesParser(policy=policy.default).parsebytes(raw)
    assert header.isascii()
    assert all(len(line) <= 78 for line in header.split(b"\r\n") if line.lower().startswith((b"subject", b" =?")))
    assert read["Subject"] == row.subject
    assert row.order is not None
    assert row.order.number in row.subject
    parts = {part.get_content_type(): part.get_content() for part in read.walk() if not part.is_multipart()}
    assert WORDS[language] in parts["text/plain"] + parts["text/html"]
    assert f'lang="{language}"' in parts["text/html"]


@pytest.mark.parametrize(
    ("language", "days", "money"),
    [("de", "Do., 26. Nov.", "148,60\u00a0€"), ("ja", "11月26日(木)", "€148.60"), ("en-us", "Thu, Nov 26", "€148.60")],
)
def test_a_message_writes_dates_and_money_as_its_reader_does(
    language: str, days: str, money: str, message: Callable[..., Message], order: Order
) -> None:
    Order.objects.update(promised_to=NOW.date() + timedelta(days=3), promised_from=NOW.date() + timedelta(days=3), total=14860)

    said = drawn(message, "confirmation", language).text

    assert days in said
    assert money in said


def test_a_japanese_greeting_names_the_family(message: Callable[..., Message], order: Order) -> None:
    assert "Berg様、ご注文ありがとうございます。" in drawn(message, "confirmation", "ja").text
    assert "Vielen Dank, Mia." in drawn(message, "confirmation", "de").text


def test_a_language_we_lack_does_not_reach_a_template(message: Callable[..., Message], order: Order) -> None:
    assert '<html lang="en"' in drawn(message, "confirmation", "sv-SE").html
    assert translation.get_language() == "en"
