"""What axe-core finds on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

axe = Axe()
VIOLATIONS = {"resultTypes": ["violations"]}  # of what passes one node is told, not each: that is most of the time


def wrong_with(page: Page) -> list[tuple[str, str]]:
    """Each rule that is broken, and the first element that breaks it."""
    found = axe.run(page, options=VIOLATIONS).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found]
