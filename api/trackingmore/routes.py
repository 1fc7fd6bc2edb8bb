"""The addresses of TrackingMore's version 4, as its clients call them: at the root of our host."""

from django.urls import path

from api.compat.missing import Nothing
from api.trackingmore import couriers, trackings
from api.trackingmore.envelope import TrackingMore


class Missing(Nothing, TrackingMore):
    """Every other path of theirs."""


urlpatterns = [
    path("v4/couriers/all", couriers.All.as_view(), name="trackingmore-couriers"),
    path("v4/couriers/detect", couriers.Detect.as_view(), name="trackingmore-detect"),
    path("v4/trackings/create", trackings.Create.as_view(), name="trackingmore-create"),
    path("v4/trackings/batch", trackings.Batch.as_view(), name="trackingmore-batch"),
    path("v4/trackings/get", trackings.Get.as_view(), name="trackingmore-get"),
    path("v4/trackings/update/<str:public_id>", trackings.Update.as_view(), name="trackingmore-update"),
    path("v4/trackings/delete/<str:public_id>", trackings.Delete.as_view(), name="trackingmore-delete"),
    path("v4/trackings/retrack/<str:public_id>", trackings.Retrack.as_view(), name="trackingmore-retrack"),
    path("v4/<path:rest>", Missing.as_view(), name="trackingmore-missing"),
]
