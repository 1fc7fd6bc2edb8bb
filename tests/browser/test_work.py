"""The queue, a parcel's page, limits and questions in a real browser: nothing wrong in light and dark, on a phone and on a desk."""

from pathlib import Path
from typing import Any

import pytest

from desk.handlers import count_contacts, take_requests
from desk.models import Case, State
from desk.visits import Looked, record
from orders.models import Order
from postpurchase.events.catalogue import ShopperAsked
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import let_in, look_at_all
from tests.dashboard.shop import fill
from tests.people import hire
from tracking import wishes
from tracking.health_rules import HealthRule
from tracking.wishes import Asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/m/ann/work/"


def test_nothing_is_wrong_and_a_parcel_is_seen_to_without_leaving_the_keyboards_reach(
    ann: Merchant, live_server: Any, window: Opener, tmp_path: Path
) -> None:
    hire(ann, "olga@ann.example", Role.OWNER)
    fill(ann)
    with in_merchant(ann):
        case = Case.objects.select_related("shipment").get(shipment__order__number="#852")
        new = Order.objects.get(number="#1284")
        HealthRule.objects.bulk_create(
            [HealthRule(carrier="dhl", country="DK", quiet_days=9), HealthRule(learned=True, carrier="ups", country="DE", quiet_days=4)]
        )
        made = [wishes.ask(case.shipment.order_id, Asked("missing", "Nobody rang.")), wishes.ask(new.pk, Asked("address", "1 Way"))]
        take_requests([ShopperAsked(order_id=row.order_id, wish_id=row.pk, what=row.kind) for row in made])
        count_contacts([ShopperAsked(order_id=row.order_id, wish_id=row.pk, what=row.kind) for row in made])
        record([Looked(row.order_id, 7, row.asked_at) for row in made])
    one = f"{AT}{to_public('cse', case.pk)}/"

    look_at_all(window, {"work": AT, "case": one, "limits": "/m/ann/shipments/limits/", "asked": "/m/ann/shipments/asked/"}, tmp_path)
    desk = window(width=1440)
    page = let_in(desk)
    desk.open(one)
    page.get_by_label("Note").fill("They found it.")
    page.get_by_role("complementary").get_by_role("button", name="Done").click()

    page.get_by_text("It comes back if something else goes wrong").wait_for()
    with in_merchant(ann):
        assert Case.objects.get(pk=case.pk).state == State.DONE
