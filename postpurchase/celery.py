"""The Celery application. Tasks live in each app's tasks.py; queues and schedules come from postpurchase.jobs."""

import os

from celery import Celery
from celery.loaders.app import AppLoader

from postpurchase.lib import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postpurchase.settings")


class Loader(AppLoader):
    """Celery's own, which says when a worker process has everything loaded."""

    def on_worker_process_init(self) -> None:
        """Before its first task."""
        super().on_worker_process_init()
        memory.settle()


# No task_cls: Celery's own tasks (backend_cleanup) would then want a merchant.
app = Celery("postpurchase", loader="postpurchase.celery:Loader")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
