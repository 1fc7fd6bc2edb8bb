"""Links called, to see whether anything stands behind them: by a worker, never while somebody waits. What it finds are warnings."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.designs.content import BadDesign, Content, fields, read, said
from notifications.lint.finding import WARNING, Finding
from notifications.lint.form import HREF, fault_of
from notifications.models import EmailDesign
from postpurchase.jobs import nudge
from postpurchase.lib import clock, http, reach
from postpurchase.tenancy import scope
from postpurchase.tenancy.scope import in_merchant

MOST, SECONDS, BYTES = 20, 5.0, 10_000  # links of a design; of each call
LEASE = timedelta(minutes=5)


def ask(design: EmailDesign) -> None:
    """Have the links of its draft called soon."""
    design.links_due_at = clock.machine_now()
    design.save(update_fields=["links_due_at"])
    nudge.after_commit("notifications.tasks.call_links_soon", scope.merchant_id())


def addresses(content: Content) -> list[str]:
    """The addresses that stand in the design itself, as they are; those with Liquid are made by the product."""
    found: dict[str, None] = {}
    for language in (content.language, *sorted(content.words)):
        for field in fields(content):
            text = said(content, field, language)
            for url in [text.strip()] if field.kind == "address" else HREF.findall(text) if field.kind == "html" else []:
                if url.startswith("https://") and "{" not in url and not fault_of(url):
                    found.setdefault(url)
    return list(found)[:MOST]


def waiting(merchant_id: object) -> list[UUID]:
    """The merchant's designs whose links wait for a worker."""
    with in_merchant(merchant_id):
        return list(EmailDesign.objects.filter(links_due_at__lte=clock.machine_now()).values_list("pk", flat=True)[:10])


def carry_out(merchant_id: object, row_id: UUID) -> None:
    """Call the links of a draft and keep what they said. Holds no transaction while it calls."""
    now = clock.machine_now()
    with in_merchant(merchant_id):
        mine = EmailDesign.objects.filter(pk=row_id, links_due_at__lte=now)
        if not mine.update(links_due_at=now + LEASE):
            return
        stored = EmailDesign.objects.values_list("draft", flat=True).get(pk=row_id)
    try:
        dead = [[url, fault] for url in addresses(read(stored)) if (fault := _fault(url))]
    except BadDesign:
        dead = []
    with in_merchant(merchant_id):
        kept = {"checked_at": clock.machine_now().isoformat(), "dead": dead}
        EmailDesign.objects.filter(pk=row_id, links_due_at=now + LEASE).update(links=kept, links_due_at=None)


def _fault(url: str) -> str:
    try:
        http.get(url, accept="*/*", seconds=SECONDS, most=BYTES)
    except (http.NoAnswer, reach.Refused) as error:
        return str(error)[:200]
    return ""


def dead(design: EmailDesign) -> Iterator[Finding]:
    """What the last call found."""
    for url, fault in design.links.get("dead", ()):
        text = _("%(url)s could not be opened: %(fault)s") % {"url": url[:80], "fault": fault}
        yield Finding(WARNING, "link", text, _("Open it yourself. If it is gone, give another address."))
