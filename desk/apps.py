from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Parcels that need somebody: who answers, what was done, and the evidence for those who will not believe it."""

    name = "desk"
