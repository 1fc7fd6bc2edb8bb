"""Nudges: 'merchant M has work of kind T'. Many commits in a moment become one task, so that a busy intake does not pay for the broker."""

import uuid

from django.db import transaction

from postpurchase.celery import app
from postpurchase.jobs import courier


def after_commit(task: str, merchant: uuid.UUID | None) -> None:
    """Once the transaction has committed, have `task` run soon for `merchant`."""
    transaction.on_commit(lambda: courier.take(app.tasks[task], [str(merchant)]))
