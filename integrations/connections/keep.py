"""What people do with connections: add, pause, resume, change the secret, remove."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from integrations import registry
from integrations.models import Connection, Delivery, InboundDelivery
from postpurchase.lib import clock, ids, signing
from postpurchase.tenancy import scope

MOST = 40  # connections of a merchant
OLD_SECRET_HOLDS = timedelta(days=7)  # the other side is changed by hand, so it has a week


class Unfit(ValueError):
    """A field cannot be as it was given. `field` is its name; the text says what to mend."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def kept() -> QuerySet[Connection]:
    """The connections that can receive and have not been removed, oldest first."""
    return Connection.objects.filter(kind__in=registry.kinds(), removed_at=None).order_by("created_at", "id")


def add(kind: str, *, label: str, account: str = "") -> tuple[Connection, str]:
    """A new connection in the merchant's scope, and its secret where we make it ('' where the other side does). Raises Unfit, KeyError."""
    adapter, label = registry.adapter(kind), label.strip()
    if kept().count() >= MOST:
        raise Unfit("label", f"There are {MOST} connections already: remove one first.")
    if Connection.objects.filter(kind=kind, label=label).exists():
        raise Unfit("label", "A connection had this name before, or has it now: choose another.")
    row = Connection(kind=kind, label=label, account=account.strip().lower())
    row.merchant_id = scope.merchant_id()
    secret = "" if adapter.makes_secret else ids.random_token()
    if secret:
        row.set_secret(secret)
        row.secret_made_at = clock.machine_now()
    row.save()
    return row, secret


def change_secret(row: Connection, secret: str = "", *, at_once: bool = False) -> str:
    """Another secret: the one given, or a new one of ours. The one before it holds as well for a week, unless it has to end at once.

    Returns the secret that holds from now on. One that holds already changes nothing.
    """
    if secret and row.secret_sealed and signing.same(secret, row.secrets()[0]):
        return secret
    secret = secret or ids.random_token()
    row.replace_secret(secret, old_holds=None if at_once else OLD_SECRET_HOLDS)
    return secret


def switch(row: Connection, *, on: bool) -> None:
    """Pause: what it sends is kept and not read. Resume: what was kept is read now. Either of them twice changes nothing."""
    mine = Connection.objects.filter(pk=row.pk)
    if on:
        mine.filter(paused_at__isnull=False).update(paused_at=None)
        free([row.pk])
    elif mine.filter(paused_at=None).update(paused_at=clock.machine_now()):
        InboundDelivery.objects.filter(connection=row, state=Delivery.DUE).update(state=Delivery.HELD)
    row.refresh_from_db()


def free(connections: list[UUID]) -> int:
    """What was held of these connections is due now: the inbox's sweep finds it within seconds. Returns how many."""
    held = InboundDelivery.objects.filter(connection__in=connections, state=Delivery.HELD)
    return held.update(state=Delivery.DUE, due_at=clock.machine_now())


def remove(row: Connection) -> None:
    """Nothing that it sends is taken any more, and its inbox shows nowhere; its secrets are gone now. What it told us of stays."""
    row.removed_at = clock.machine_now()
    row.secret_sealed = row.old_secret_sealed = row.old_secret_until = None
    row.save(update_fields=["removed_at", "secret_sealed", "old_secret_sealed", "old_secret_until"])
