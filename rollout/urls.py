"""Addresses of the preparing stage below the body's code, subject by subject."""

from django.urls import include, path

app_name = "rollout"

urlpatterns = [
    path("", include("rollout.readiness.urls")),
]
