from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The merchant's door."""

    name = "dashboard"
