"""The addresses of AfterShip and of TrackingMore, as their clients call them: at the root of our host."""

from django.urls import path, register_converter

from api.aftership.couriers import Couriers, DetectCourier
from api.aftership.predictions import Predict, PredictBatch
from api.aftership.trackings import Complete, OneTracking, Retrack, Trackings
from api.compat.missing import NoAfterShip, NoTrackingMore
from api.trackingmore import couriers as more_couriers
from api.trackingmore import trackings as more


class Version:
    """A year and a month. All versions are answered alike, as 2026-07 is described."""

    regex = r"\d{4}-\d\d"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    to_url = to_python


register_converter(Version, "version")

urlpatterns = [
    path("tracking/<version:version>/trackings", Trackings.as_view(), name="aftership-trackings"),
    path("tracking/<version:version>/trackings/<str:public_id>", OneTracking.as_view(), name="aftership-tracking"),
    path("tracking/<version:version>/trackings/<str:public_id>/retrack", Retrack.as_view(), name="aftership-retrack"),
    path("tracking/<version:version>/trackings/<str:public_id>/mark-as-completed", Complete.as_view(), name="aftership-complete"),
    path("tracking/<version:version>/couriers", Couriers.as_view(), name="aftership-couriers"),
    path("tracking/<version:version>/couriers/detect", DetectCourier.as_view(), name="aftership-detect"),
    path("tracking/<version:version>/estimated-delivery-date/predict", Predict.as_view(), name="aftership-predict"),
    path("tracking/<version:version>/estimated-delivery-date/predict-batch", PredictBatch.as_view(), name="aftership-predict-batch"),
    path("tracking/<version:version>/<path:rest>", NoAfterShip.as_view(), name="aftership-missing"),
    path("v4/couriers/all", more_couriers.All.as_view(), name="trackingmore-couriers"),
    path("v4/couriers/detect", more_couriers.Detect.as_view(), name="trackingmore-detect"),
    path("v4/trackings/create", more.Create.as_view(), name="trackingmore-create"),
    path("v4/trackings/batch", more.Batch.as_view(), name="trackingmore-batch"),
    path("v4/trackings/get", more.Get.as_view(), name="trackingmore-get"),
    path("v4/trackings/update/<str:public_id>", more.Update.as_view(), name="trackingmore-update"),
    path("v4/trackings/delete/<str:public_id>", more.Delete.as_view(), name="trackingmore-delete"),
    path("v4/trackings/retrack/<str:public_id>", more.Retrack.as_view(), name="trackingmore-retrack"),
    path("v4/<path:rest>", NoTrackingMore.as_view(), name="trackingmore-missing"),
]
