"""One order's sixty days: played through the product's intake, sent over real SMTP, read back through its doors."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.contrib.auth import get_user_model
from django.test import Client

from console.store.life import life
from console.store.places import DE
from console.store.play import play
from integrations.models import api_connection_id
from integrations.opening import open_merchant
from integrations.senders.choose import sender
from notifications.library import install
from notifications.models import Message, State
from orders.models import Order
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.lib import clock, crypto
from postpurchase.lib.ids import random_token, to_public
from postpurchase.tenancy.models import Membership, Merchant, Role
from postpurchase.tenancy.scope import in_merchant

DAYS = 60
START = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
Mail = tuple[datetime, str, str]  # when, which, subject


@dataclass(frozen=True)
class Told:
    """What the journey saw."""

    mails: list[Mail]
    delivered: int
    seconds: float
    in_dashboard: bool
    on_page: bool


def travel(*, folder: Path | None = None) -> Told:
    """Play the order. `seconds` is real time for the sixty days, without setting up and reading back."""
    merchant = _shop()
    acts = life(random.Random(4), 1043, START, fate="smooth", country=DE, email="anna.berg@example.de")
    acts[0].item.consent.marketing_email = True  # type: ignore[union-attr]
    with Mailbox(folder=folder) as box, clock.frozen(START) as hands:
        with in_merchant(merchant):
            connection = api_connection_id(merchant.pk)
        mine, began = sender(box.url), clock.monotonic()
        play(merchant.pk, connection, acts, hands, mine, until=START + timedelta(days=DAYS))
        seconds = clock.monotonic() - began
        mine.close()
        with in_merchant(merchant):
            sent = list(Message.objects.filter(state=State.SENT).order_by("sent_at", "id"))
            order = Order.objects.get()
        seen, shown = _in_dashboard(merchant, order, sent), _on_page(order)
    mails = [(row.sent_at or row.due_at, row.template, row.subject) for row in sent]
    return Told(mails, len(box.messages), seconds, seen, shown)


def _shop() -> Merchant:
    merchant = open_merchant("Northlight", f"journey-{random_token(40).lower().replace('_', '-')}", time_zone="Europe/Stockholm")
    with in_merchant(merchant):
        install()
        user = get_user_model().objects.create_user(f"{merchant.slug}@example.com", random_token())
        Membership.objects.create(user=user, role=Role.OWNER)
    return merchant


def _in_dashboard(merchant: Merchant, order: Order, sent: list[Message]) -> bool:
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(get_user_model().objects.get(email=f"{merchant.slug}@example.com"))
    page = browser.get(f"/m/{merchant.slug}/orders/{to_public('ord', order.pk)}/").content.decode()
    return all(to_public("msg", row.pk) in page for row in sent)


def _on_page(order: Order) -> bool:
    answer = Client(HTTP_HOST="127.0.0.1").get(f"/t/{crypto.link_token(order.pk)}")
    return answer.status_code == 200 and order.number in answer.content.decode()
