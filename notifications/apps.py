from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Messages: flows decide, rows wait, the dispatcher sends; consent and suppression hold at send time."""

    name = "notifications"

    def ready(self) -> None:
        # anymail offers its webhooks as a Django signal and in no other way: the one signal we connect.
        receive = import_module("notifications.provider_events").receive
        import_module("anymail.signals").tracking.connect(receive, dispatch_uid="notifications.provider_events")
