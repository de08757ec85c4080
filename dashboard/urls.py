"""Addresses of the pages that show several stages below the body's code, subject by subject."""

from django.urls import include, path

app_name = "dashboard"

urlpatterns = [
    path("", include("dashboard.home.urls")),
    path("", include("dashboard.overview.urls")),
]
