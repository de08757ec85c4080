"""Addresses of the ground floor below the body's code, subject by subject."""

from django.urls import include, path

app_name = "municipality"

urlpatterns = [
    path("", include("municipality.organisation.urls")),
    path("", include("municipality.notifications.urls")),
    path("", include("municipality.accounts.urls")),
    path("", include("municipality.reminders.urls")),
    path("", include("municipality.decisions.urls")),
    path("", include("municipality.imports.urls")),
    path("", include("municipality.transfers.urls")),
    path("", include("municipality.records.urls")),
    path("", include("municipality.directory.urls")),
    path("", include("municipality.setup.urls")),
]
