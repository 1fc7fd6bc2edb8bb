from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Work after the request: tasks, queues, claims, retries."""

    name = "postpurchase.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Make every app's tasks known in every process: Celery does so in workers only, and a web process must name them too."""
        autodiscover_modules("tasks")
