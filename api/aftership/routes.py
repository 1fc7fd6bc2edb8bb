"""The addresses of AfterShip, as its clients call them: at the root of our host."""

from django.urls import path, register_converter

from api.aftership.couriers import Couriers, DetectCourier
from api.aftership.envelope import AfterShip
from api.aftership.predictions import Predict, PredictBatch
from api.aftership.trackings import Complete, OneTracking, Retrack, Trackings
from api.compat.missing import Nothing


class Missing(Nothing, AfterShip):
    """Every other path of theirs."""


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
    path("tracking/<version:version>/<path:rest>", Missing.as_view(), name="aftership-missing"),
]
