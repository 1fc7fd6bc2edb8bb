from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The commands that people type."""

    name = "console"
