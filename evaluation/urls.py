"""Addresses of judging below the body's code, subject by subject."""

from django.urls import include, path

app_name = "evaluation"

urlpatterns = [
    path("", include("evaluation.appraisal.sheets.urls")),
    path("", include("evaluation.appraisal.one_on_ones.urls")),
    path("", include("evaluation.pdca.indicators.urls")),
    path("", include("evaluation.pdca.reviews.urls")),
    path("", include("evaluation.pdca.actions.urls")),
]
