"""The shopper's addresses, and the probes'."""

from django.urls import path, re_path

from portal import find, health, looks, step_up, tracking, unsubscribe

app_name = "portal"
LINK = r"(?P<token>[A-Za-z0-9_-]{22})"
urlpatterns = [
    re_path(rf"^t/{LINK}$", tracking.show, name="tracking"),
    re_path(rf"^t/{LINK}/code$", step_up.ask, name="code"),
    re_path(rf"^t/{LINK}/verify$", step_up.verify, name="verify"),
    re_path(rf"^u/{LINK}$", unsubscribe.unsubscribe, name="unsubscribe"),
    path("s/<slug:slug>/", find.find, name="find"),
    path("brand/<str:accent>-<str:surface>.css", looks.stylesheet, name="stylesheet"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
]
