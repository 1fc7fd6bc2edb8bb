"""What people do with endpoints: add, change, switch, rotate, remove. And what we do: stop."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet

from integrations.models import EndpointState, Outbound, WebhookDelivery, WebhookEndpoint
from integrations.webhooks import signature
from postpurchase.events import bus
from postpurchase.events.catalogue import (
    FACTS,
    ApiKeyMade,
    ExportEnded,
    FlowToldTeam,
    ImportEnded,
    LinkAsked,
    MemberJoined,
    MerchantOpened,
    SendingPaused,
    WebhookStopped,
)
from postpurchase.lib import clock, reach
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import audit, scope

WITHIN = (  # of the house, not of orders
    MerchantOpened, LinkAsked, WebhookStopped, ImportEnded, ExportEnded, MemberJoined, ApiKeyMade, SendingPaused,
    FlowToldTeam,
)  # fmt: skip
PUBLIC = tuple(kind for kind, fact in FACTS.items() if fact not in WITHIN)  # what endpoints are told
MOST = 20  # endpoints of a merchant in each world, live and test
OLD_SECRET_HOLDS = timedelta(hours=24)


class Unfit(ValueError):
    """A field cannot be as it was given. `field` is its name; the text says what to mend."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def kept() -> QuerySet[WebhookEndpoint]:
    """Those that have not been removed, newest first."""
    return WebhookEndpoint.objects.filter(removed_at=None).order_by("-created_at", "-id")


def add(url: str, *, kinds: Sequence[str] = (), label: str = "", live: bool = True) -> tuple[WebhookEndpoint, str]:
    """A new endpoint in the merchant's scope, and its secret, which is not shown again. Raises Unfit."""
    row = WebhookEndpoint(live=live)
    _fill(row, url, kinds, label)
    if kept().filter(live=live).count() >= MOST:
        raise Unfit("url", f"There are {MOST} endpoints already: remove one first.")
    secret = signature.new_secret()
    row.merchant_id = scope.merchant_id()
    row.set_secret(secret)
    row.save()
    return row, secret


def change(row: WebhookEndpoint, *, url: str, kinds: Sequence[str], label: str) -> None:
    """Another address, other facts. What is waiting goes to the new address. Raises Unfit."""
    _fill(row, url, kinds, label)
    row.save(update_fields=["url", "kinds", "label"])


def _fill(row: WebhookEndpoint, url: str, kinds: Sequence[str], label: str) -> None:
    try:
        row.url = reach.target(url).url
    except reach.Refused as refused:
        raise Unfit("url", str(refused)) from None
    if kept().filter(url=row.url, live=row.live).exclude(pk=row.pk).exists():
        raise Unfit("url", "There is an endpoint with this address already.")
    if unknown := [kind for kind in kinds if kind not in PUBLIC]:
        raise Unfit("events", f"{unknown[0]} is not an event that is sent.")
    row.kinds, row.label = [kind for kind in PUBLIC if kind in kinds], label.strip()


def told(row: WebhookEndpoint) -> dict[str, Any]:
    """What the audit log keeps of an endpoint. A query may carry a password of the merchant's, so it is left out."""
    at = urlsplit(row.url)
    address = f"{at.scheme}://{at.netloc.rpartition('@')[2]}{at.path}{'?…' if at.query else ''}"
    return {"address": address, "events": list(row.kinds), "name": row.label, "live": row.live}


def log(by: audit.Caller, act: str, row: WebhookEndpoint, changes: audit.Changes | None = None) -> None:
    """Put an act on an endpoint into the merchant's log."""
    audit.record(by, f"webhook.{act}", subject=to_public("whe", row.pk), words=str(row), changes=changes)


def switch(row: WebhookEndpoint, *, on: bool) -> None:
    """Switch on, also what we stopped, or off. What waits is kept when it goes off, and is sent again only by a replay."""
    if on and row.state != EndpointState.ON:
        changes = {"state": EndpointState.ON, "stopped_for": "", "stopped_at": None, "failing_since": None}
        hold(row)  # what was under way when it went off
        WebhookEndpoint.objects.filter(pk=row.pk).exclude(state=EndpointState.ON).update(**changes)
    elif not on and WebhookEndpoint.objects.filter(pk=row.pk, state=EndpointState.ON).update(state=EndpointState.OFF):
        hold(row)
    row.refresh_from_db()


def stop(row: WebhookEndpoint, why: str) -> bool:
    """Tell it nothing any more, and publish that. Whether it was on."""
    mine = WebhookEndpoint.objects.filter(pk=row.pk, state=EndpointState.ON)
    stopped = mine.update(state=EndpointState.STOPPED, stopped_for=why, stopped_at=clock.business_now())
    if stopped:
        hold(row)
        log(audit.SYSTEM, "stopped", row, {"why": (None, why)})
        bus.publish(WebhookStopped(endpoint_id=row.pk, reason=why))
    return bool(stopped)


def hold(row: WebhookEndpoint) -> int:
    """Keep what waits. Returns how many."""
    return WebhookDelivery.objects.filter(endpoint=row, state=Outbound.DUE).update(state=Outbound.HELD)


def rotate(row: WebhookEndpoint, *, at_once: bool = False) -> str:
    """A new secret. The old one signs as well for 24 hours, unless it has to end at once; one older still ends now."""
    secret = signature.new_secret()
    row.replace_secret(secret, old_holds=None if at_once else OLD_SECRET_HOLDS)
    return secret


def remove(row: WebhookEndpoint) -> None:
    """It is told nothing any more and shows nowhere; its secrets are gone now, its log goes with the next purge."""
    row.removed_at, row.state = clock.business_now(), EndpointState.OFF
    row.secret_sealed = row.old_secret_sealed = row.old_secret_until = None
    row.save(update_fields=["removed_at", "state", "secret_sealed", "old_secret_sealed", "old_secret_until"])
    hold(row)
