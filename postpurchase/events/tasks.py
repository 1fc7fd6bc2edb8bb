"""Relay: hand committed facts to their handlers. The sweep finds what a dead broker or worker left."""

import logging
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from postpurchase.events import bus
from postpurchase.events.models import DomainEvent, Receipt
from postpurchase.jobs.queues import EVENTS
from postpurchase.jobs.retry import backoff
from postpurchase.jobs.task import TenantTask, every, task
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant, in_merchant

log = logging.getLogger(__name__)
BATCH = 100
GIVE_UP = 8  # attempts; then the event stays listed with its error


@task(queue=EVENTS, network=True)
def relay(self: TenantTask, merchant_id: str) -> None:
    """Handle a merchant's waiting events, a batch a transaction, until none is left."""
    more = BATCH
    while more == BATCH:
        try:
            more = relay_batch(merchant_id)
        except IntegrityError:  # a composite key is checked at COMMIT: go again and see whose it was
            more = relay_batch(merchant_id, check_each=True)


def relay_batch(merchant_id: object, *, check_each: bool = False) -> int:
    """Handle up to BATCH events in one transaction; returns how many were taken. Skips what another worker holds.

    `check_each`: check deferred keys after every handler, so that one bad row fails its own event and not the batch.
    """
    with in_merchant(merchant_id):
        events = list(waiting().order_by("id").select_for_update(skip_locked=True)[:BATCH])
        batch = _Batch(events, _receipts(events), check_each)
        batch.run_together()
        done = {event.pk for event in events if event.pk not in batch.failed and batch.run_alone(event)}
        batch.show()
        DomainEvent.objects.filter(pk__in=done - batch.failed).update(relayed_at=clock.machine_now())
    return len(events)


def waiting() -> QuerySet[DomainEvent]:
    """Events not yet handled, whose retry time has come."""
    due = Q(retry_at=None) | Q(retry_at__lte=clock.machine_now())
    return DomainEvent.objects.filter(due, relayed_at=None, attempts__lt=GIVE_UP)


def _receipts(events: list[DomainEvent]) -> set[tuple[object, str]]:
    wanted = [Receipt(event=event, handler=name) for event in events for name in bus.names_of(event.kind)]
    known = set(Receipt.objects.filter(event__in=events).values_list("event_id", "handler"))
    fresh = [receipt for receipt in wanted if (receipt.event_id, receipt.handler) not in known]
    Receipt.objects.bulk_create(fresh)
    return {(receipt.event_id, receipt.handler) for receipt in fresh}


class _Batch:
    """Events on their way to their handlers. What fails is put off for that event alone."""

    def __init__(self, events: list[DomainEvent], fresh: set[tuple[object, str]], check_each: bool) -> None:
        self.events, self.fresh, self.check_each = events, fresh, check_each
        self.failed: set[object] = set()

    def run_together(self) -> None:
        """Give each handler that takes lists all its events at once; if that fails, one by one, to find whose fault it is."""
        many = {name: handler for event in self.events for name, handler in bus.many_handlers_of(event.kind).items()}
        for name, handler in many.items():
            mine = [event for event in self.events if (event.pk, name) in self.fresh and event.pk not in self.failed]
            if not self._tried(handler, mine):
                for event in mine:
                    self._try(event, name, lambda fact, handler=handler: handler([fact]))  # type: ignore[misc]

    def _tried(self, handler: bus.ManyHandler, events: list[DomainEvent]) -> bool:
        try:
            with transaction.atomic():
                handler([bus.read(event.kind, event.payload) for event in events])
                if self.check_each:
                    connection.check_constraints()
        except Exception:
            log.info("a batch of %s events failed together: trying them one by one", len(events), exc_info=True)
            return False
        return True

    def run_alone(self, event: DomainEvent) -> bool:
        """Give an event to the handlers that take one; whether all of them managed."""
        handlers = bus.handlers_of(event.kind).items()
        return all(self._try(event, name, handler) for name, handler in handlers if (event.pk, name) in self.fresh)

    def show(self) -> None:
        """Show all of them to those who watch. One that cannot be shown is put off; its handlers have their receipts."""
        for watcher in bus.watchers():
            if not self._shown(watcher, self.events):
                for event in [event for event in self.events if event.pk not in self.failed and not self._shown(watcher, [event])]:
                    _put_off(event, f"{watcher.__module__}: it could not be shown")
                    self.failed.add(event.pk)

    def _shown(self, watcher: bus.Watcher, events: list[DomainEvent]) -> bool:
        try:
            with transaction.atomic():
                watcher(events)
                if self.check_each:
                    connection.check_constraints()
        except Exception:
            log.exception("%s failed on %s events", watcher.__module__, len(events))
            return False
        return True

    def _try(self, event: DomainEvent, name: str, handler: bus.Handler) -> bool:
        try:
            with transaction.atomic():
                handler(bus.read(event.kind, event.payload))
                if self.check_each:
                    connection.check_constraints()
        except Exception as error:
            log.exception("handler %s failed on event %s", name, event.pk)
            _postpone(event, name, error)
            self.failed.add(event.pk)
            return False
        return True


def _postpone(event: DomainEvent, handler: str, error: Exception) -> None:
    names = bus.names_of(event.kind)
    Receipt.objects.filter(event=event, handler__in=names[names.index(handler) :]).delete()
    _put_off(event, f"{handler}: {error}")


def _put_off(event: DomainEvent, error: str) -> None:
    event.attempts += 1
    event.retry_at = clock.machine_now() + backoff(event.attempts)
    event.error = error[:500]
    event.save(update_fields=["attempts", "retry_at", "error"])


@every(timedelta(seconds=5), queue=EVENTS)
def sweep() -> None:
    """Relay for each merchant with waiting events: what a lost nudge left behind."""
    with every_tenant("events: find merchants with facts that were not relayed"):
        merchants = list(waiting().order_by().values_list("merchant_id", flat=True).distinct())
    for merchant_id in merchants:
        relay.enqueue(merchant_id)
