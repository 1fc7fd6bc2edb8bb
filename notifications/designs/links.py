"""Links of a design: their form, and whether anything stands behind them, which a worker asks and never somebody who waits."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.designs.content import BadDesign, Content, Field, fields, read, said
from notifications.liquid import markup
from notifications.models import EmailDesign
from postpurchase.jobs import nudge
from postpurchase.lib import clock, http, reach
from postpurchase.tenancy import scope
from postpurchase.tenancy.scope import in_merchant

MOST, SECONDS, BYTES = 20, 5.0, 10_000  # links of a design; of each call
LEASE = timedelta(minutes=5)
HREF = re.compile(r"""<a\b[^>]*?href\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
PLACEHOLDER = re.compile(r"(^|\.)(example\.(com|org|net)|localhost|domain\.com|yourshop\.\w+|invalid|test)$")


def within(field: Field, source: str) -> list[str]:
    """The addresses that a text holds, as they are written."""
    if field.kind == "html":
        return HREF.findall(source)
    return [source.strip()] if field.kind == "address" and source.strip() else []


def fault_of(url: str) -> tuple[bool, str] | None:
    """What is wrong with an address by its form: whether it can never work, and a sentence with a place for it."""
    if not markup.address(url) or url.strip().startswith("http:"):
        return True, _("“%(url)s” leads nowhere: it is no https address.")
    host = urlsplit(url.strip()).hostname or ""
    if not url.strip().startswith("mailto:") and "." not in host:
        return True, _("“%(url)s” leads nowhere: its host is not on the public internet.")
    return (False, _("“%(url)s” looks like a placeholder.")) if PLACEHOLDER.search(host) else None


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
            for url in within(field, said(content, field, language)):
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
