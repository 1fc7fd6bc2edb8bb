from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """Files that come in and go out: imports and exports of a merchant's data."""

    name = "transfers"
