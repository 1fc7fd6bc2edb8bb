"""The default review request built from nothing in a real browser: by mouse, and by keyboard alone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect as see

from notifications.definition import stored
from notifications.library import DEFAULTS
from notifications.models import FlowVersion
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.browser.conftest import Opener
from tests.browser.test_dashboard import focus_is_seen, press_until
from tests.browser.test_flow_editor import node, opened
from tests.browser.walk import let_in

__all__ = ["opened"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REVIEW = next(one for one in DEFAULTS if one.key == "review-request")
CHECKS = ("Not everything is delivered", "All money went back", "An order imported long after")


def published(merchant: Merchant, key: str) -> Any:
    with in_merchant(merchant):
        return FlowVersion.objects.get(flow__key=key, number=1).definition


def says(page: Page, *parts: str) -> None:
    """Wait until the draft that the page holds says this. Edits in a row may be saved as one."""
    see(page.locator("#draft")).to_have_value(re.compile("".join(f"(?=.*{re.escape(one)})" for one in parts), re.DOTALL))


def built(merchant: Merchant, key: str) -> Any:
    """What was published, in the library's words: the steps' ids are those that it has in the same places."""
    raw = published(merchant, key)
    wanted = stored(REVIEW.definition)
    named = {step["id"]: ours["id"] for step, ours in zip(raw["steps"], wanted["steps"], strict=True)} | {"": ""}
    for step in raw["steps"]:
        step["id"] = named[step["id"]]
        step.update({way: named[step[way]] for way in ("next", "timeout", "otherwise") if way in step})
        for branch in step.get("branches", ()):
            branch["next"] = named[branch["next"]]
    return in_any_order(raw)


def in_any_order(raw: Any) -> Any:
    """Checks are asked in the order in which they were ticked; here any is right."""
    return raw | {"steps": [step | {"unless": sorted(step["unless"])} if "unless" in step else step for step in raw["steps"]]}


def test_the_review_request_is_built_from_nothing_by_mouse(opened: Merchant, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open("/m/ann/flows/")
    page.get_by_role("link", name="New flow").click()
    page.get_by_label("Name").fill("How was it")
    page.get_by_role("button", name="Make it").click()

    page.get_by_role("combobox", name="Event").select_option(label="Everything delivered")
    says(page, '"event":"order.delivered"')
    page.get_by_label("Kind", exact=True).select_option("marketing")
    page.get_by_role("group", name="Ends early when").get_by_label("All money refunded").check()
    says(page, '"stream":"marketing"', '"order.refunded_whole"')
    page.get_by_role("link", name="Add a step before “End”").click()
    page.get_by_role("button", name="Wait", exact=True).click()
    says(page, '"do":"wait"')
    page.get_by_label("Days", exact=True).fill("14")
    page.get_by_label("Then until this time of day").fill("10:00")
    page.get_by_label("Count the product’s own days of use").check()
    says(page, '"days":14', '"at":"10:00"', '"use_days":true')
    page.get_by_role("link", name="Add a step before “End”").click()
    page.get_by_role("button", name="Write to the shopper").click()
    writes(page, "email", "Review request", "60")
    page.get_by_role("link", name="Add a step before “End”").click()
    page.get_by_role("button", name="Branch by a question").click()
    says(page, '"do":"split"')
    page.get_by_label("Name").fill("Asked")
    asks_about(page, "Messages sent for the order")
    says(page, '"name":"Asked"', '"field":"messages.sent","op":"has_any","value":["review_request"]')
    page.locator("[data-at='split.0']").click()
    page.get_by_role("button", name="Wait until something happens").click()
    says(page, '"do":"until"')
    page.get_by_role("button", name="Condition", exact=True).click()
    says(page, '"field":""')
    asks_about(page, "Messages whose link was followed")
    page.get_by_label("At most, days").fill("7")
    page.get_by_label("and hours").fill("0")
    says(page, '"field":"messages.clicked","op":"has_any","value":["review_request"]', '"days":7')
    page.locator("[data-at='until.1']").click()
    page.get_by_role("button", name="Wait", exact=True).click()
    says(page, '"id":"wait-2"')
    page.get_by_label("Days", exact=True).fill("0")
    page.get_by_label("Then until this time of day").fill("10:00")
    page.get_by_label("Hours", exact=True).fill("0")
    says(page, '"id":"wait-2","days":0', '"anchor":"here","missing":null,"on":null,"at":"10:00"')
    page.locator("[data-at='wait-2.0']").click()
    page.get_by_role("button", name="Write to the shopper").click()
    writes(page, "email-2", "Review reminder", "14")
    page.get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Version 1 is live.").wait_for()

    assert built(opened, "how-was-it") == in_any_order(stored(REVIEW.definition))
    assert (one.wrong, one.strangers) == ([], [])


def writes(page: Page, node: str, message: str, days: str) -> None:
    """The panel of a message, filled: one that asks for something."""
    says(page, f'"id":"{node}"')
    page.get_by_label("Message", exact=True).select_option(label=message)
    for check in CHECKS:
        page.get_by_role("group", name="Not if").get_by_label(check).check()
    page.get_by_label("Useless after").fill(days)
    page.get_by_label("Counted in").select_option(label="days")
    page.get_by_text("Advanced").click()
    page.get_by_role("group", name="Hold while").get_by_label("A parcel is in trouble").check()
    held = rf'"id":"{node}"(?:(?!"id":).)*"hold_while":\["'
    see(page.locator("#draft")).to_have_value(re.compile(held))


def asks_about(page: Page, what: str) -> None:
    """A condition's field, and the review request as what it is compared with."""
    page.get_by_role("combobox", name="What is asked about").select_option(label=what)
    page.get_by_role("group", name="Conditions").get_by_label("Review request").check()


def test_the_review_request_is_built_from_nothing_by_keyboard_alone(opened: Merchant, window: Opener) -> None:
    one = window(width=1440)
    page = let_in(one)
    one.open("/m/ann/new-flow/")
    keys = page.keyboard
    press_until(page, "Skip to content")
    page.get_by_label("Name").focus()
    keys.type("By keyboard")
    keys.press("Enter")
    page.wait_for_url("**/edit/?step=start")

    tab_to(page, "t.0.event")
    keys.type("Everything d")
    says(page, '"event":"order.delivered"')
    tab_to(page, "step-stream")
    keys.press("ArrowDown")
    ticks(page, "All money refunded")
    says(page, '"stream":"marketing"', '"order.refunded_whole"')
    adds(page, "start", "wait", at=1)
    assert focus_is_seen(page)
    types(page, {"step-days": "14", "step-at": "1000AM"})
    ticks(page, "step-use_days")
    says(page, '"days":14', '"at":"10:00"', '"use_days":true')
    adds(page, "wait", "email", at=0)
    asks_by_keys(page, "Review", "60")
    adds(page, "email", "split", at=3)
    tab_to(page, "step-name0")
    keys.press("Control+a")
    keys.type("Asked")
    tab_to(page, "b0.0.field")
    keys.press("End")
    says(page, '"field":"messages.clicked"')
    tab_to(page, "b0.0.field")
    keys.press("ArrowUp")
    says(page, '"field":"messages.sent"')
    ticks(page, "Review request")
    says(page, '"name":"Asked"', '"field":"messages.sent","op":"has_any","value":["review_request"]')
    keys.press("Escape")
    see(node(page, "split")).to_be_focused()
    tab_to(page, "Add a step at the end of this branch")
    chooses(page, "until", at=2)
    tab_to(page, "Condition")
    keys.press("Enter")
    says(page, '"field":""')
    tab_to(page, "c.0.field")
    keys.press("End")
    says(page, '"field":"messages.clicked"')
    ticks(page, "Review request")
    types(page, {"step-days": "7"})
    tab_to(page, "step-hours")
    says(page, '"field":"messages.clicked","op":"has_any","value":["review_request"]', '"days":7')
    keys.press("Escape")
    see(node(page, "until")).to_be_focused()
    tab_to(page, "Add a step at the end of this branch")
    tab_to(page, "Add a step at the end of this branch")
    chooses(page, "wait-2", at=1)
    types(page, {"step-days": "0", "step-at": "1000AM"})
    tab_to(page, "step-use_days")
    says(page, '"id":"wait-2","days":0', '"anchor":"here","missing":null,"on":null,"at":"10:00"')
    adds(page, "wait-2", "email-2", at=0)
    asks_by_keys(page, "Review rem", "14")
    tab_to(page, "bar-publish")
    keys.press("Enter")
    page.wait_for_url("**/publish/")
    see(page.get_by_role("button", name="Publish")).to_be_visible()
    press_until(page, "Publish", most=200)
    keys.press("Enter")
    page.get_by_text("Version 1 is live.").wait_for()

    assert built(opened, "by-keyboard") == in_any_order(stored(REVIEW.definition))


def adds(page: Page, behind: str, made: str, at: int) -> None:
    """From the panel to the canvas, and there a step behind the one that is open: plus, and the kind at that place of the menu."""
    page.keyboard.press("Escape")
    see(node(page, behind)).to_be_focused()
    page.keyboard.press("+")
    chooses(page, made, at, opened=True)


def chooses(page: Page, made: str, at: int, *, opened: bool = False) -> None:
    """A kind of the menu; Enter opens it where a plus has the focus."""
    if not opened:
        page.keyboard.press("Enter")
    see(page.get_by_role("button", name="Write to the shopper")).to_be_focused()
    for _ in range(at):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    says(page, f'"id":"{made}"')
    see(page.locator("#panel-title")).to_be_focused()


def asks_by_keys(page: Page, message: str, days: str) -> None:
    """The panel of a message that asks for something, from its first field to its last."""
    tab_to(page, "step-template")
    page.keyboard.type(message)
    ticks(page, *CHECKS)
    types(page, {"step-useless": days})
    tab_to(page, "step-unit")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Advanced")
    page.keyboard.press("Enter")
    ticks(page, "A parcel is in trouble")
    says(page, f'"useless_after_hours":{24 * int(days)}', '"hold_while":["problem_open"]')


def types(page: Page, words: dict[str, str]) -> None:
    """Write into fields, by their ids, in their order."""
    for name, text in words.items():
        tab_to(page, name)
        page.keyboard.type(text)


def ticks(page: Page, *labels: str) -> None:
    """Tick boxes, in their order."""
    for label in labels:
        tab_to(page, label)
        page.keyboard.press("Space")


def tab_to(page: Page, what: str) -> None:
    """Tab until the control of that id, or whose label says it, has the focus."""
    asked = "(() => { const on = document.activeElement; return [on.id, (on.closest('label') || on).innerText?.trim()]; })()"
    for _ in range(120):
        page.keyboard.press("Tab")
        if what in page.evaluate(asked):
            return
    raise AssertionError(f"no way to {what!r} by keyboard")
