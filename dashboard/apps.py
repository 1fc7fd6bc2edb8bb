from importlib import import_module

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The merchant's door."""

    name = "dashboard"

    def ready(self) -> None:
        """Lend the lists' filters to exports, and have rows counted for the page of usage."""
        import_module("dashboard.lent")
        import_module("dashboard.metered")
