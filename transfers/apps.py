from importlib import import_module

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """Files that come in and go out: imports and exports of a merchant's data."""

    name = "transfers"

    def ready(self) -> None:
        """Make the tasks known."""
        import_module("transfers.importing.tasks")
        import_module("transfers.exporting.tasks")
