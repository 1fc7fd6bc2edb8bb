import re
from typing import Any

import pytest
from django.test import Client

from bulk import work
from bulk.models import Job
from notifications.models import Message, State
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant, User
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text
from transfers.models import Export, Standing

pytestmark = pytest.mark.django_db
ASK, ADD = "/m/ann/jobs/ask/", "/m/ann/jobs/add/"


def fields(page: str) -> dict[str, str]:
    form = page[page.index(f'action="{ADD}"') :]
    return dict(re.findall(r'type="hidden" name="(subject|act|query|picked|once)" value="([^"]*)"', form))


def picks(shop: Merchant, *numbers: str) -> list[str]:
    with in_merchant(shop):
        return [to_public("ord", pk) for pk in Order.objects.filter(number__in=numbers).values_list("pk", flat=True)]


def test_selected_rows_or_all_that_match(shop: Merchant, now: clock.Hands, agent: Client) -> None:
    rows = picks(shop, "#1043", "#1100")
    asked = agent.post(ASK, {"subject": "orders", "act": "tracking_link", "query": "view=open", "row": rows})

    said = text(asked)
    assert "Selected: 2 rows" in said
    assert "All that match the filter: 9 rows" in said
    with in_merchant(shop):
        assert Job.objects.count() == 0
    kept = fields(asked.content.decode())
    places = {agent.post(ADD, {**kept, "which": "picked"})["Location"] for _ in range(2)}

    assert len(places) == 1
    with in_merchant(shop):
        job = Job.objects.get()
    assert (job.total, job.state) == (2, Standing.RUNNING)
    assert "0 of 2 done" in text(agent.get(places.copy().pop()))
    work.slice_of(shop.pk, job.pk)
    done = text(agent.get(places.pop()))
    assert "1 of 2 done" in done
    assert "1 row was left as it is." in done
    assert "#1100 The order is cancelled." in done
    assert "Send the tracking link Orders Done 1 1" in text(agent.get("/m/ann/jobs/"))


def test_a_viewer_is_offered_no_boxes_and_may_not_act(shop: Merchant, now: clock.Hands, viewer: Client) -> None:
    for page in ("orders", "shipments", "messages"):
        assert 'class="pick"' not in viewer.get(f"/m/ann/{page}/").content.decode()
    assert viewer.post(ASK, {"subject": "orders", "act": "hold"}).status_code == 403


def test_what_makes_no_sense_is_refused(shop: Merchant, now: clock.Hands, agent: Client) -> None:
    assert agent.post(ASK, {"subject": "orders", "act": "nonsense"}).status_code == 409
    assert agent.post(ADD, {"subject": "orders", "act": "hold", "once": "short"}).status_code == 409
    with in_merchant(shop):
        assert Job.objects.count() == 0


def test_selected_rows_are_exported(shop: Merchant, now: clock.Hands, agent: Client) -> None:
    rows = picks(shop, "#1043", "#1100")

    agent.post("/m/ann/exports/add/", {"subject": "orders", "form": "csv", "query": "view=open", "row": rows})

    with in_merchant(shop):
        assert Export.objects.get().query == f"ids={','.join(rows)}"


def test_a_running_job_can_be_stopped_once(shop: Merchant, now: clock.Hands, agent: Client) -> None:
    kept = fields(agent.post(ASK, {"subject": "messages", "act": "hold", "query": "view=planned"}).content.decode())
    url = agent.post(ADD, {**kept, "which": "all"})["Location"]

    assert agent.post(f"{url}stop/")["Location"] == url
    assert agent.post(f"{url}stop/").status_code == 409
    assert "Stopped. What was done until then stays done." in text(agent.get(url))


def test_a_planned_message_is_held_back_released_and_undone(shop: Merchant, now: clock.Hands, agent: Client) -> None:
    with in_merchant(shop):
        message = Message.objects.filter(state=State.DUE)[0]
    url = f"/m/ann/messages/{to_public('msg', message.pk)}/"
    assert "Hold back" in text(agent.get(url))

    agent.post(f"{url}held/", {"on": "1"})

    page = agent.get(url)
    assert "Held back" in text(page)
    assert re.search(
        r'<span>Held back\. It is not sent[^<]*</span><input type="hidden" name="on" value="0"><button>Undo', page.content.decode()
    )
    assert agent.post(f"{url}held/", {"on": "1"}).status_code == 409
    agent.post(f"{url}held/", {"on": "0"})
    with in_merchant(shop):
        assert Message.objects.get(pk=message.pk).state == State.DUE
    assert agent.post(f"{url}held/", {"on": "0"}).status_code == 409


def test_keys_of_one_letter_can_be_switched_off(ann: Merchant, viewer: Client) -> None:
    assert " data-keys" in viewer.get("/m/ann/").content.decode()

    answer: Any = viewer.post("/shortcuts/", {"on": "0", "next": "/m/ann/orders/"})

    assert answer["Location"] == "/m/ann/orders/"
    assert not User.objects.get(email="viewer@ann.example").shortcuts
    assert " data-keys" not in viewer.get("/m/ann/").content.decode()
