"""The team's chat: kept, greeted."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from alerts import tell
from alerts.models import Channel
from postpurchase.jobs import nudge
from postpurchase.lib import clock, http, reach
from postpurchase.tenancy import scope
from postpurchase.tenancy.scope import in_merchant


def keep(row: Channel | None, url: str, kinds: Sequence[str]) -> None:
    """Make it or change it; '' leaves the address as it is. Needs the merchant's scope."""
    row = row or Channel()
    row.kinds = list(kinds)
    if url:
        row.set_url(url, reach.target(url).host)
        row.last_success_at, row.failing_since, row.error = None, None, ""
    row.save()
    if url:
        greet_soon(row)


def greet_soon(row: Channel) -> None:
    """Write to it once, so that people see that it works. A greeting that is lost with the broker is asked for again by hand."""
    nudge.after_commit("alerts.tasks.greet", scope.merchant_id())


def greet(merchant_id: UUID | str, post: tell.Post = http.post) -> None:
    """Say hello, and note what came of it."""
    with in_merchant(merchant_id):
        row = Channel.objects.first()
    if row is None:
        return
    error = tell.call(row, _("Hello from Postpurchase. What your team wants to hear of comes here."), post)
    now = clock.business_now()
    with in_merchant(merchant_id):
        noted = {"error": error[:300], "failing_since": now} if error else {"error": "", "failing_since": None, "last_success_at": now}
        Channel.objects.filter(pk=row.pk).update(**noted)
