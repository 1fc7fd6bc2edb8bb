from importlib import import_module

from django.apps import AppConfig


class DomainsConfig(AppConfig):
    """Names of merchants' own in the DNS: where their portal answers, and what their mails come from."""

    name = "domains"

    def ready(self) -> None:
        """Make the tasks known."""
        import_module("domains.tasks")
