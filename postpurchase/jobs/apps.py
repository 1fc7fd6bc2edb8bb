from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work after the request: tasks, queues, claims, retries."""

    name = "postpurchase.jobs"
    label = "jobs"
