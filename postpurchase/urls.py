"""Every door's address. Apps are named by string: postpurchase imports none of them."""

from django.urls import include, path

urlpatterns = [
    path("", include("api.urls")),
    path("", include("portal.urls")),
    path("", include("dashboard.urls")),
]
