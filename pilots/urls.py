"""Addresses of the pilots below the body's code, subject by subject."""

from django.urls import include, path

app_name = "pilots"

urlpatterns = [
    path("", include("pilots.days.urls")),
    path("", include("pilots.planning.urls")),
    path("", include("pilots.participants.urls")),
    path("", include("pilots.results.urls")),
    path("", include("pilots.expansion.urls")),
    path("", include("pilots.lifecycle.urls")),
]
