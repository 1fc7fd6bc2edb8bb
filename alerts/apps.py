from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Who on the team is told what, and when."""

    name = "alerts"
