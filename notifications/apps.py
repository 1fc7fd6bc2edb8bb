from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Messages: flows decide, rows wait, the dispatcher sends; consent and suppression hold at send time."""

    name = "notifications"
