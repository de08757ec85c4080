"""Addresses outside a body, subject by subject. Who may pass each stands in
accounts/url_access.py.
"""

from django.urls import include, path

app_name = "municipality_outside"

urlpatterns = [
    path("", include("municipality.accounts.urls_public")),
    path("", include("municipality.reminders.urls_public")),
    path("", include("municipality.setup.urls_public")),
]
