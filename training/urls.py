"""Addresses of training below the body's code, subject by subject."""

from django.urls import include, path

app_name = "training"

urlpatterns = [
    path("", include("training.courses.urls")),
    path("", include("training.assignments.urls")),
    path("", include("training.completions.urls")),
]
