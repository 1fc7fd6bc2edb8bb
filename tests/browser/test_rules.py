"""The rules page and the list of those not written to in a real browser: nothing wrong in light and dark, on a phone and on a desk."""

from pathlib import Path
from typing import Any

import pytest

from notifications import consent
from notifications.models import MessagingRules
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import look_at_all, look_at_empty
from tests.people import hire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES, LIST = "/m/ann/rules/", "/m/ann/suppressions/"


@pytest.fixture
def shop(ann: Merchant, live_server: Any) -> Merchant:
    hire(ann, "olga@ann.example", Role.OWNER)
    return ann


def test_nothing_is_wrong_where_nothing_has_happened(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    look_at_empty(window, {"rules": RULES, "suppressions": LIST}, tmp_path)


def test_nothing_is_wrong_where_marketing_rests(shop: Merchant, window: Opener, tmp_path: Path) -> None:
    with in_merchant(shop):
        now = clock.business_now()
        MessagingRules.objects.create(paused_at=now, paused_for="bounces", counted_at=now, sent=12_000, bounced=700, complained=3)
        consent.suppress("anna@example.de", scope="marketing", reason="unsubscribed")
        consent.suppress("eve@example.de", scope="all", reason="complained")

    look_at_all(window, {"rules": RULES, "suppressions": LIST}, tmp_path)
