"""Every door's address. Apps are named by string: postpurchase imports none of them."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("api.urls")),
    path("", include("portal.urls")),
    path("", include("dashboard.urls")),
]
if settings.DEBUG:  # a developer's tree, which has the tests and their samples
    urlpatterns.append(path("design/", include("tests.ui.designs")))
