from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Movement: parcels, scans, the status derived from them, estimates and health."""

    name = "tracking"
