"""What answers at a merchant's own host: the portal, its look-up at the root, and nothing else."""

from django.urls import include, path

from portal import find
from portal.urls import pages

urlpatterns = [
    path("", find.front, name="front"),
    path("", include((pages, "portal"))),
]
