from importlib import import_module

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The merchant's door."""

    name = "dashboard"

    def ready(self) -> None:
        """Lend the lists' filters to exports."""
        import_module("dashboard.lent")
