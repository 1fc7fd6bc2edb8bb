"""Flows by the API: made, changed and published; what cannot run is refused, with the step named."""

from typing import Any

import pytest

from notifications.definition import DEEPEST
from notifications.library import install
from notifications.models import Flow, FlowVersion
from postpurchase.tenancy.models import AuditEntry, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.api.conftest import Caller, hire_key

pytestmark = pytest.mark.django_db
MAIL = {"do": "send", "id": "mail", "template": "confirmation"}
WAIT = {"do": "wait", "id": "rest", "days": 1}
NEVER: dict[str, Any] = {"is": "field", "field": "order.total", "op": "gte", "value": 1}
for _level in range(DEEPEST):
    NEVER = {"is": "not", "of": NEVER}


def flow(*steps: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"triggers": [{"event": "order.placed"}], "key": "order", "stream": "transactional", "steps": list(steps)} | others


def asks(field: str) -> dict[str, Any]:
    when = {"is": "field", "field": field, "op": "gte", "value": 1}
    return {"do": "split", "id": "fork", "branches": [{"name": "A", "when": when, "next": "mail"}]}


FAULTY: list[tuple[dict[str, Any], str, str]] = [
    (flow(WAIT | {"next": "mail"}, MAIL | {"next": "rest"}), "/steps/1", "Step mail: goes round in a circle: mail → rest → mail"),
    (flow(WAIT, MAIL | {"next": "gone"}), "/steps/1", "Step mail: leads to “gone”, which does not exist"),
    (flow(asks("order.sum"), MAIL), "/steps/0", "Step fork: there is nothing called “order.sum” to ask about"),
    (flow(MAIL | {"template": "no_such"}), "/steps/0", "Step mail: "),
    (flow(WAIT | {"days": 0, "on": "2020-02-01"}, MAIL), "/steps/0", "Step rest: waits until 2020-02-01, which is past"),
    (flow(WAIT, MAIL | {"template": "x" * 300_000}), "/steps/1", "Step mail: has 300,"),
    (flow(WAIT | {"anchor": "estimate"}, MAIL), "/steps/0", "Step rest: counts from estimate, which may not come"),
    (flow(WAIT | {"days": -1}, MAIL), "/steps/0", "Step rest: "),
    (flow(MAIL, triggers=[{"event": "order.placed", "when": NEVER}]), "", "is nested too deeply"),
    ({"steps": 7}, "", ""),
]


@pytest.fixture
def flows(ann: Merchant) -> None:
    with in_merchant(ann):
        install()


def test_what_cannot_run_is_refused_at_save_with_its_step_and_nothing_is_kept(ann: Merchant, caller: Caller, flows: None) -> None:
    for definition, pointer, text in FAULTY:
        made = caller.post("flows", {"name": "Mine", "definition": definition})
        saved = caller.patch("flows/confirmation", {"definition": definition, "revision": 0})

        for told in (made, saved):
            assert told.status_code == 422, (told.content, text)
            (first, *_others) = told.json()["errors"]
            assert (first["pointer"], first["message"][: len(text)]) == (f"/definition{pointer}", text)
    with in_merchant(ann):
        assert not Flow.objects.filter(name="Mine").exists()
        assert Flow.objects.get(key="confirmation").draft is None
        assert not AuditEntry.objects.filter(act__startswith="flow.").exists()


def test_a_body_of_five_megabytes_is_refused_before_it_is_read(caller: Caller) -> None:
    assert caller.post("flows", {"name": "Mine", "definition": flow(MAIL | {"template": "x" * 5_000_000})}).status_code == 413


def test_a_flow_is_made_saved_and_published_and_who_comes_second_is_told(ann: Merchant, caller: Caller) -> None:
    made = caller.post("flows", {"name": "Mine", "definition": flow(MAIL)}, idempotency_key="once")
    again = caller.post("flows", {"name": "Mine", "definition": flow(MAIL)}, idempotency_key="once")
    key = made.json()["key"]
    assert (made.status_code, again.json()["key"]) == (201, key)
    assert (made.json()["enabled"], made.json()["version"], made.json()["revision"]) == (False, None, 1)

    saved = caller.patch(f"flows/{key}", {"definition": flow(WAIT, MAIL), "revision": 1}).json()
    late = [
        caller.patch(f"flows/{key}", {"definition": flow(MAIL), "revision": 1}),
        caller.post(f"flows/{key}/publish", {"revision": 1}),
    ]
    live = caller.post(f"flows/{key}/publish", {"revision": 2, "in_flight": "migrate"}).json()

    assert (saved["draft"], saved["revision"], [one.status_code for one in late]) == (True, 2, [409, 409])
    assert (live["version"], live["draft"], [step["id"] for step in live["definition"]["steps"]]) == (1, False, ["rest", "mail"])
    assert caller.get(f"flows/{key}").json() == live
    assert live.keys() - {"definition"} == caller.get("flows?limit=1").json()["data"][0].keys()
    with in_merchant(ann):
        assert FlowVersion.objects.get(flow__key=key).in_flight == "migrate"
        acts = AuditEntry.objects.filter(subject=f"flow:{key}").order_by("number")
        assert list(acts.values_list("act", flat=True)) == ["flow.made", "flow.drafted", "flow.published"]


def test_a_flow_whose_message_cannot_be_sent_is_not_published(ann: Merchant, caller: Caller) -> None:
    caller.post("flows", {"name": "Mine", "definition": flow(MAIL)})
    with in_merchant(ann):
        Flow.objects.filter(key="mine").update(draft=flow(MAIL | {"template": "no_such"}))

    told = caller.post("flows/mine/publish", {"revision": 1})

    assert (told.status_code, told.json()["errors"][0]["pointer"]) == (422, "/definition/steps/0")
    with in_merchant(ann):
        assert not FlowVersion.objects.filter(flow__key="mine").exists()


def test_test_keys_and_keys_that_only_read_change_no_flow(ann: Merchant, tester: Caller, flows: None) -> None:
    reader = hire_key(ann, scopes=("flows:read",))

    for caller in (tester, reader):
        assert caller.post("flows", {"name": "Mine", "definition": flow(MAIL)}).status_code == 403
        assert caller.patch("flows/confirmation", {"definition": flow(MAIL), "revision": 0}).status_code == 403
        assert caller.post("flows/confirmation/publish", {"revision": 0}).status_code == 403
        assert caller.get("flows/confirmation").status_code == 200
    assert hire_key(ann, scopes=("orders:read",)).get("flows").status_code == 403
    assert [reader.get(f"flows/{key}").status_code for key in ("none", "%00")] == [404, 404]
