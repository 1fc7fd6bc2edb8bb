from importlib import import_module

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Movement: parcels, scans, the status derived from them, estimates and health."""

    name = "tracking"

    def ready(self) -> None:
        """Import the tasks of its packages."""
        import_module("tracking.polling.tasks")
