"""Links that could not be opened when they were called last."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from notifications.lint.finding import WARNING, Finding
from notifications.models import EmailDesign


def dead(design: EmailDesign) -> Iterator[Finding]:
    """What the last call found."""
    for url, fault in design.links.get("dead", ()):
        text = _("%(url)s could not be opened: %(fault)s") % {"url": url[:80], "fault": fault}
        yield Finding(WARNING, "link", text, _("Open it yourself. If it is gone, give another address."))
