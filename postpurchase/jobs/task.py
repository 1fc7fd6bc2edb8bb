"""Tasks: a merchant id first, ids only, one scope; enqueued after COMMIT; periodic ones named where they are written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import Task
from django.db import transaction

from postpurchase.celery import app
from postpurchase.jobs import courier
from postpurchase.tenancy import scope


class TenantTask(Task):
    """Its first argument is a merchant id; its body is one scope, one transaction. An error rolls it back."""

    abstract = True
    network = False  # True: no transaction is held; the body opens in_merchant() around each database step

    def __call__(self, merchant_id: str, *args: Any, **kwargs: Any) -> Any:
        """Run the body, in the merchant's scope unless it talks to the network."""
        if self.network:
            return super().__call__(merchant_id, *args, **kwargs)
        with scope.in_merchant(merchant_id):
            return super().__call__(merchant_id, *args, **kwargs)

    def enqueue(self, merchant: object, *args: str | int) -> None:
        """Run it soon, once the current transaction has committed. A lost broker loses this call: a sweep must find the work too."""
        ids = [str(getattr(merchant, "pk", merchant)), *args]
        transaction.on_commit(lambda: courier.take(self, ids))


def task(*, queue: str, network: bool = False) -> Callable[[Callable[..., Any]], TenantTask]:
    """A tenant task on a queue. The function takes (self, merchant_id, ...)."""

    def make(body: Callable[..., Any]) -> TenantTask:
        made: TenantTask = app.task(base=TenantTask, bind=True, queue=queue, network=network, name=_name(body))(body)
        return made

    return make


def every(interval: timedelta, *, queue: str) -> Callable[[Callable[[], None]], Task]:
    """A sweep over all merchants, started by any scheduler every `interval`. Running it twice at once must be harmless."""

    def make(body: Callable[[], None]) -> Task:
        name = _name(body)
        seconds = interval.total_seconds()
        app.conf.beat_schedule[name] = {
            "task": name,
            "schedule": seconds,
            "options": {"queue": queue, "expires": max(seconds, 5)},
        }
        return app.task(queue=queue, name=name)(body)

    return make


def _name(body: Callable[..., Any]) -> str:
    return f"{body.__module__}.{body.__name__}"
