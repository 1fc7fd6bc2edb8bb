"""The Celery application. Tasks live in each app's tasks.py; queues and schedules come from postpurchase.jobs."""

import os

import structlog
from celery import Celery, Task
from celery.loaders.app import AppLoader

from postpurchase.lib import errors, memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postpurchase.settings")


class Loader(AppLoader):
    """Celery's own, which says when a worker process has everything loaded, and where a task begins and ends."""

    def on_worker_process_init(self) -> None:
        """Before its first task."""
        super().on_worker_process_init()
        errors.report()
        memory.settle()

    def on_task_init(self, task_id: str, task: Task) -> None:
        """Every line that is written from here on says which task it is, for whom, and which request set it off."""
        asked = task.request
        merchant, cause = next(iter(asked.args or ()), ""), asked.get("cause") or ""
        facts = {"task": task.name, "task_id": task_id, "merchant": merchant, "request_id": cause}
        structlog.contextvars.bind_contextvars(**{name: value for name, value in facts.items() if value})

    def on_process_cleanup(self) -> None:
        """A task is over: the next one has a name of its own."""
        structlog.contextvars.clear_contextvars()


# No task_cls: Celery's own tasks (backend_cleanup) would then want a merchant.
app = Celery("postpurchase", loader="postpurchase.celery:Loader")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
