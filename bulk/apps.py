from django.apps import AppConfig


class BulkConfig(AppConfig):
    """Many rows at a time: filters that are kept under a name, and acts on all that a filter finds."""

    name = "bulk"
