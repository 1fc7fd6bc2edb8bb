"""The editor of flows in a real browser: steps moved and undone, every page looked at, and all of it without scripts."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect as see

from dashboard import flow_acts as acts
from notifications.definition import loose, stored
from notifications.editing import publish
from notifications.library import install
from notifications.models import Flow
from postpurchase.tenancy.models import Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.walk import OTHER_VIEWS, let_in, look_at_all, look_turned
from tests.people import hire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EDIT = "/m/ann/flows/delayed/edit/"


@pytest.fixture
def opened(ann: Merchant, live_server: Any) -> Merchant:
    """Ann's shop with the default flows and nothing in them."""
    with in_merchant(ann):
        install()
    hire(ann, "olga@ann.example", Role.OWNER)
    return ann


def saved(page: Page, revision: int) -> None:
    """Wait until the draft of that revision is on the page."""
    see(page.locator(f"#bar[data-revision='{revision}']")).to_be_attached(timeout=20_000)


def node(page: Page, name: str) -> Any:
    return page.locator(f"a.node[data-node='{name}']")


def test_steps_are_moved_removed_and_undone_by_keys(opened: Merchant, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open(EDIT)
    keys = page.keyboard
    node(page, "hold").focus()
    keys.press("ArrowDown")
    see(node(page, "email")).to_be_focused()

    keys.press("Alt+ArrowUp")
    saved(page, 1)
    assert order(page) == ["start", "email", "hold"]
    see(node(page, "email")).to_be_focused()
    see(page.locator("#live")).to_contain_text("is moved. Step 1 of 2.")
    keys.press("Delete")
    saved(page, 2)
    assert order(page) == ["start", "hold"]
    keys.press("Control+z")
    keys.press("Control+z")
    saved(page, 4)
    see(page.locator("#live")).to_contain_text("Undone")
    assert order(page) == ["start", "hold", "email"]
    page.get_by_role("button", name="Redo").click()
    saved(page, 5)
    assert order(page) == ["start", "email", "hold"]
    page.get_by_role("button", name="Undo").click()
    saved(page, 6)
    node(page, "email").drag_to(page.locator(".plus[data-at='.start']"))
    saved(page, 7)
    assert order(page) == ["start", "email", "hold"]
    with in_merchant(opened):
        assert [step["id"] for step in Flow.objects.get(key="delayed").draft["steps"]] == ["email", "hold"]  # type: ignore[index]
    assert one.wrong == []


def order(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('a.node[data-node]')].map((one) => one.dataset.node)")
    return found


def test_every_page_of_the_editor_passes_axe_on_a_phone_and_a_desk(opened: Merchant, window: Opener, tmp_path: Path) -> None:
    branched(opened)
    pages = {"edit": EDIT, "split": f"{EDIT}?step=split", "add": f"{EDIT}?add=split.below", "start": f"{EDIT}?step=start"}
    pages |= {"wait": f"{EDIT}?step=hold", "until": f"{EDIT}?step=until", "test": f"{EDIT}?step=test", "send": f"{EDIT}?step=email"}
    pages |= {"publish": "/m/ann/flows/delayed/publish/", "new": "/m/ann/new-flow/", "versions": "/m/ann/flows/delayed/versions/"}
    pages |= {"older": "/m/ann/flows/delayed/versions/1/", "list": "/m/ann/flows/"}

    look_at_all(window, pages, tmp_path)
    one = window()
    page = let_in(one)
    for name in ("split", "add", "publish"):
        one.open(pages[name])
        look_turned(page, tmp_path, name, OTHER_VIEWS)


def branched(merchant: Merchant) -> None:
    """A draft of the flow "delayed" with every kind of step."""
    with in_merchant(merchant):
        row = Flow.objects.select_related("live").get(key="delayed")
        plan = loose(publish.draft_of(row))
        wanted = (
            "insert split hold.0", "insert tell split.0", "insert end tell.0", "insert test split.1", "insert email test.0",
            "insert tag email.0", "insert until email.0",
        )  # fmt: skip
        for do in wanted:
            plan, _node, _said = acts.act(plan, do)
        publish.save_draft(row, stored(plan), revision=row.draft_revision)


def test_the_editor_works_without_scripts(opened: Merchant, window: Opener) -> None:
    one = window(width=390, scripts=False)
    page = let_in(one)
    one.open(EDIT)

    page.get_by_role("link", name="Add a step before “Email").click()
    page.get_by_role("button", name="Tell the team").click()
    page.get_by_label("What it says").fill("Call them")
    page.get_by_role("button", name="Save").last.click()

    with in_merchant(opened):
        steps = Flow.objects.get(key="delayed").draft["steps"]  # type: ignore[index]
    assert [(step["id"], step.get("text")) for step in steps] == [("hold", None), ("tell", "Call them"), ("email", None)]
