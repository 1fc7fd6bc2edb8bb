"""Why a message went or did not, and what an order is to expect."""

from datetime import timedelta
from typing import Any

import pytest

from notifications.explain import expected, why
from notifications.models import Decision, Message, State
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Caller, hire_key
from tests.dashboard.shop import Shop as Hands
from tests.notifications.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(ann: Any) -> Any:
    with clock.frozen(NOW) as hands:
        shop = Hands(ann, hands)
        order = shop.order("#1", "Mia Berg")
        parcel = shop.parcel(order, lines=("jacket", "socks", "cap"))
        shop.settle()
        shop.scan(parcel, "delivered", "Berlin", "Delivered")
        shop.settle()
        yield order


def test_a_message_tells_its_trigger_its_steps_and_its_checks(number: str, ann: Any) -> None:
    caller = hire_key(ann)
    with in_merchant(ann):
        message = Message.objects.get(template="confirmation")

    told = caller.get(f"messages/{to_public('msg', message.pk)}/why").json()

    assert (told["state"], told["verdict"], told["flow"], told["version"]) == ("sent", "send", "confirmation", 1)
    assert told["trigger"]["kind"] == "order.placed"
    assert [(one["step"], one["does"], one["verdict"]) for one in told["steps"]] == [("email", "send", "send")]
    assert told["checks"][0]["check"] == "useful"
    assert told["put_off"] == []


def test_an_order_tells_what_is_planned_and_what_may_follow(number: str, ann: Any) -> None:
    caller = hire_key(ann)
    with in_merchant(ann):
        order = Order.objects.get(number=number)

    told = caller.get(f"orders/{to_public('ord', order.pk)}/expected-messages").json()["data"]

    shown = [(one["template"], one["state"], [hinge["kind"] for hinge in one["under"]]) for one in told]
    assert shown[:3] == [("shipped", "due", []), ("follow_up", "due", []), ("review_request", "due", [])]
    assert shown[3:] == [("review_reminder", "", ["branch", "timeout"])]
    assert told[1]["earliest"] > (NOW + timedelta(days=2)).isoformat()
    with in_merchant(ann):
        assert Message.objects.filter(state=State.DUE).count() == 3


def test_a_test_key_and_a_key_without_the_scope_learn_nothing(number: str, ann: Any) -> None:
    with in_merchant(ann):
        message, order = Message.objects.first(), Order.objects.get()
    paths = [f"messages/{to_public('msg', message.pk)}/why", f"orders/{to_public('ord', order.pk)}/expected-messages"]  # type: ignore[union-attr]

    assert [hire_key(ann, live=False).get(path).status_code for path in paths] == [404, 404]
    assert [hire_key(ann, scopes=("orders:read",)).get(path).status_code for path in paths] == [403, 403]
    assert [Caller("nonsense").get(path).status_code for path in paths] == [401, 401]


def test_the_questions_cost_the_same_for_one_flow_and_for_seven(number: str, ann: Any, django_assert_max_num_queries: Any) -> None:
    with in_merchant(ann):
        order = Order.objects.get()
        with django_assert_max_num_queries(6):
            assert len(expected.expected(order)) == 4
        message = Message.objects.select_related("enrolment__version", "enrolment__order", "enrolment__shipment").filter(state="sent")[0]
        with django_assert_max_num_queries(3):
            assert why.why(message).decision == Decision.objects.get(message=message)
