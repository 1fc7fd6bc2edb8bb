from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    """The facts that apps tell one another, kept in the transaction that made them true."""

    name = "postpurchase.events"
    label = "events"

    def ready(self) -> None:
        """Register every app's @on(...)."""
        autodiscover_modules("handlers")
