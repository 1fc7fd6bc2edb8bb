"""The Celery application. Tasks live in each app's tasks.py; queues and schedules come from postpurchase.jobs."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postpurchase.settings")
app = Celery("postpurchase")  # no task_cls: Celery's own tasks (backend_cleanup) would then want a merchant
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
