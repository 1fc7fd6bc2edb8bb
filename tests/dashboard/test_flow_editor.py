"""The editor of flows without a browser: forms posted as a page without scripts posts them, and parts as HTMX asks for them."""

import html
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from notifications.definition import Definition, Send, Trigger, Wait, stored
from notifications.library import install
from notifications.models import Flow, FlowVersion
from postpurchase.tenancy.models import AuditEntry, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text

pytestmark = pytest.mark.django_db
FLOWS = "/m/ann/flows"
PART = {"HX-Request": "true"}


@pytest.fixture
def opened(ann: Merchant) -> Merchant:
    """Ann's shop with the default flows and nothing in them."""
    with in_merchant(ann):
        install()
    return ann


def controls(page: HttpResponse, form: str = "panel-form") -> dict[str, Any]:
    """What a browser would post of a form as it stands."""
    whole = page.content.decode()
    part = whole[whole.index(f'id="{form}"') :]
    part = part[: part.index("</form>")]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", part):
        given = {name: html.unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if "name" in given and (given.get("type") not in ("checkbox", "radio") or " checked" in tag):
            found.setdefault(given["name"], []).append(given.get("value", ""))
    for name, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', part, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', inner) or re.findall(r'<option value="([^"]*)"', inner)[:1]
        found[name] = [html.unescape(one) for one in chosen]
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', part, re.S):
        found[name] = [html.unescape(inner).strip()]
    return found


def save(client: Client, key: str, step: str, part: bool = False, do: str = "save", **changes: Any) -> HttpResponse:
    """Open a step, change what is named, post the panel."""
    page = client.get(f"{FLOWS}/{key}/edit/", {"step": step})
    given = {**controls(page), **{name.replace("__", "."): value for name, value in changes.items()}, "do": do}
    given = {name: value for name, value in given.items() if value is not None}
    return client.post(f"{FLOWS}/{key}/edit/change/", given, headers=PART if part else {})


def press(client: Client, key: str, do: str, **more: str) -> HttpResponse:
    """A button of the canvas."""
    acts = controls(client.get(f"{FLOWS}/{key}/edit/"), "acts")
    return client.post(f"{FLOWS}/{key}/edit/change/", {**acts, "do": do, **more})


def draft(merchant: Merchant, key: str) -> dict[str, Any]:
    with in_merchant(merchant):
        found = Flow.objects.get(key=key).draft
    assert found is not None
    return dict(found)


ASK_ONCE = stored(
    Definition(
        triggers=[Trigger(event="order.delivered")],
        key="order",
        stream="marketing",
        steps=[
            Wait(id="wait", days=14, use_days=True, anchor="delivered", at="10:00"),
            Send(id="email", template="review_request", unless=["not_delivered", "refunded", "problem_open"], useless_after_hours=24 * 60),
        ],
        cancel_on=["order.cancelled", "order.refunded"],
    )
)


def live(merchant: Merchant, key: str) -> dict[str, Any]:
    with in_merchant(merchant):
        return dict(FlowVersion.objects.get(flow__key=key, number=1).definition)


def logged(merchant: Merchant) -> list[str]:
    with in_merchant(merchant):
        return list(AuditEntry.objects.filter(act__startswith="flow.").order_by("number").values_list("act", flat=True))


def make(client: Client, name: str, begin: str) -> str:
    made = client.post("/m/ann/new-flow/add/", {"name": name, "purpose": "", "begin": begin})
    return str(made["Location"]).removesuffix("edit/?step=start").rstrip("/").rpartition("/")[2]


def test_the_review_request_is_built_from_nothing_without_scripts(opened: Merchant, admin: Client) -> None:
    key = make(admin, "How was it", "nothing")
    assert key == "how-was-it"
    save(admin, key, "start", t__0__event="order.delivered", stream="marketing", cancel_on=["order.cancelled", "order.refunded"])
    press(admin, key, "insert wait .start")
    save(admin, key, "wait", days="14", at="10:00", use_days="on")
    press(admin, key, "insert email wait.0")
    checks = ["not_delivered", "refunded", "problem_open"]
    save(admin, key, "email", template="review_request", unless=checks, useless="60", unit="24")

    assert draft(opened, key) == ASK_ONCE
    assert "They are tried on your newest orders" in text(admin.get(f"{FLOWS}/{key}/publish/"))
    said = text(admin.get(f"{FLOWS}/{key}/publish/?tried=1"))
    assert "What it does" in said and "Nobody." in said
    revision = controls(admin.get(f"{FLOWS}/{key}/edit/"), "acts")["revision"][0]
    done = admin.post(f"{FLOWS}/{key}/publish/now/", {"revision": revision, "of": "0"})
    assert done["Location"] == f"{FLOWS}/{key}/"
    assert live(opened, key) == ASK_ONCE
    assert logged(opened)[-2:] == ["flow.made", "flow.published"]


def test_one_sitting_at_a_draft_is_logged_once(opened: Merchant, admin: Client) -> None:
    press(admin, "delayed", "insert tell hold.0")
    press(admin, "delayed", "insert tag hold.0")
    admin.post(f"{FLOWS}/delayed/edit/discard/")

    assert logged(opened) == ["flow.drafted", "flow.discarded"]
    with in_merchant(opened):
        assert Flow.objects.get(key="delayed").draft is None


def test_who_saves_on_an_old_draft_is_told_who_was_faster(opened: Merchant, admin: Client) -> None:
    old = controls(admin.get(f"{FLOWS}/delayed/edit/"), "acts")
    press(admin, "delayed", "insert tell hold.0")

    late = admin.post(f"{FLOWS}/delayed/edit/change/", {**old, "do": "remove hold"})

    assert late.status_code == 409
    assert "admin@ann.example changed this flow meanwhile" in text(late)
    assert [step["id"] for step in draft(opened, "delayed")["steps"]] == ["hold", "tell", "email"]


def test_what_cannot_be_done_is_said_and_changes_nothing(opened: Merchant, admin: Client) -> None:
    refused = [
        press(admin, "delayed", do) for do in ("insert end hold.0", "shift hold up", "remove gone", "nonsense", "insert what hold.0")
    ]

    assert [one.status_code for one in refused] == [422] * 5
    assert "What follows would be cut off" in text(refused[0])
    assert logged(opened) == []


def test_a_field_that_cannot_be_read_is_named(opened: Merchant, admin: Client) -> None:
    refused = save(admin, "follow-up", "wait", days="soon")

    assert refused.status_code == 422
    assert "Days: Enter a whole number." in text(refused)
    assert 'id="step-days"' in refused.content.decode()
    assert logged(opened) == []


def test_a_split_asks_with_typed_values(opened: Merchant, admin: Client) -> None:
    press(admin, "delayed", "insert split hold.0")
    save(admin, "delayed", "split", b0__0__field="order.total")
    save(admin, "delayed", "split", b0__0__op="gte", b0__0__value="49.90", name0="Large")
    save(admin, "delayed", "split", do="and b0")
    refused = save(admin, "delayed", "split", b0__0__value="much")
    save(admin, "delayed", "split", b0__1__field="order.country")
    save(admin, "delayed", "split", b0__1__op="any_of", b0__1__value="DE, AT")

    branch = draft(opened, "delayed")["steps"][1]["branches"][0]
    assert branch["name"] == "Large"
    assert branch["when"] == {
        "is": "all",
        "of": [
            {"is": "field", "field": "order.total", "op": "gte", "value": 4990},
            {"is": "field", "field": "order.country", "op": "any_of", "value": ["DE", "AT"]},
        ],
    }
    assert "Order’s total: enter an amount" in text(refused)
    assert "Order’s total is at least €49.90 and country it goes to is one of DE, AT" in text(admin.get(f"{FLOWS}/delayed/edit/"))


def test_a_wait_whose_date_may_never_come_has_an_answer_to_that(opened: Merchant, admin: Client) -> None:
    save(admin, "delayed", "hold", anchor="delivered")
    assert draft(opened, "delayed")["steps"][0]["missing"] == {"days": 30, "next": ""}
    save(admin, "delayed", "hold", missing_to="way", missing_days="9")
    steps = draft(opened, "delayed")["steps"]

    assert steps[0]["missing"] == {"days": 9, "next": "end"}
    assert [step["id"] for step in steps] == ["hold", "email", "end"]
    assert "Not within 9 days" in text(admin.get(f"{FLOWS}/delayed/edit/"))


def test_a_wait_for_an_event_and_its_time_out(opened: Merchant, admin: Client) -> None:
    press(admin, "delayed", "insert until hold.0")
    said = text(admin.get(f"{FLOWS}/delayed/edit/?step=until"))
    assert "waits for nothing: name an event or a condition" in said
    save(admin, "delayed", "until", do="add t")
    save(admin, "delayed", "until", t__0__event="order.refunded")
    save(admin, "delayed", "until", t__0__yes="1", days="2")

    until = draft(opened, "delayed")["steps"][1]
    assert (until["events"], until["days"]) == ([{"event": "order.refunded", "where": {"full": [True]}, "when": None}], 2)


def test_htmx_gets_the_drawing_alone_while_the_panel_stays_the_same(opened: Merchant, admin: Client) -> None:
    same = save(admin, "follow-up", "wait", part=True, days="4")
    other = save(admin, "follow-up", "wait", part=True, days="5", outline="as it was before")
    assert same.content.decode().lstrip().startswith('<section class="canvas"')
    assert 'id="panel-revision" value="1" hx-swap-oob="true"' in same.content.decode()
    assert "HX-Retarget" not in same.headers
    assert (other["HX-Retarget"], other["HX-Reswap"]) == ("#editor", "outerHTML show:none settle:0ms")
    assert other.content.decode().lstrip().startswith('<div id="editor"')


def test_undo_restores_what_the_page_had_before(opened: Merchant, admin: Client) -> None:
    before = re.search(r'id="draft" value="([^"]*)"', admin.get(f"{FLOWS}/delayed/edit/").content.decode())
    assert before
    press(admin, "delayed", "remove hold")

    press(admin, "delayed", "restore", definition=html.unescape(before[1]))

    assert draft(opened, "delayed") == live(opened, "delayed")
    assert [press(admin, "delayed", "restore", definition=bad).status_code for bad in ("", "[]", '{"steps": 1}')] == [422] * 3


@pytest.mark.parametrize("begin", ["review", "delay", "tomorrow", "copy:shipped"])
def test_every_starting_point_can_be_published_as_it_is(opened: Merchant, admin: Client, begin: str) -> None:
    key = make(admin, "New one", begin)

    done = admin.post(f"{FLOWS}/{key}/publish/now/", {"revision": "1"})

    assert done.status_code == 302
    with in_merchant(opened):
        assert not Flow.objects.get(key=key).enabled


def test_a_flow_that_was_never_published_is_listed_and_can_be_looked_at(opened: Merchant, admin: Client, viewer: Client) -> None:
    key = make(admin, "New one", "nothing")

    assert "New one" in text(viewer.get(f"{FLOWS}/"))
    assert "Order placed" in text(viewer.get(f"{FLOWS}/{key}/"))
    assert viewer.get(f"{FLOWS}/{key}/edit/").status_code == 403
    assert "Nothing is published yet" in text(viewer.get(f"{FLOWS}/{key}/versions/"))


def test_every_kind_of_step_is_added_opened_and_moved(opened: Merchant, admin: Client) -> None:
    for kind in ("email", "wait", "until", "split", "test", "tell", "tag"):
        assert press(admin, "delayed", f"insert {kind} .start").status_code == 302
        node = draft(opened, "delayed")["steps"][0]["id"]
        assert admin.get(f"{FLOWS}/delayed/edit/", {"step": node}).status_code == 200
        assert save(admin, "delayed", node).status_code == 302, kind
        assert admin.get(f"{FLOWS}/delayed/edit/", {"add": f"{node}.0"}).status_code == 200
    press(admin, "delayed", "way-add split")
    press(admin, "delayed", "way-up split 1")
    press(admin, "delayed", "way-drop split 0")
    press(admin, "delayed", "move tell split.0")
    press(admin, "delayed", "duplicate tell")

    flow = draft(opened, "delayed")
    split = next(step for step in flow["steps"] if step["id"] == "split")
    assert [branch["next"] for branch in split["branches"]] == ["tell"]
    assert [step["id"] for step in flow["steps"]].count("tell-2") == 1


def test_the_editor_takes_a_fixed_number_of_queries(opened: Merchant, admin: Client, django_assert_num_queries: Any) -> None:
    for kind in ("wait", "email", "split", "tell"):
        press(admin, "delayed", f"insert {kind} .start")

    with django_assert_num_queries(18):
        admin.get(f"{FLOWS}/delayed/edit/?step=split")
