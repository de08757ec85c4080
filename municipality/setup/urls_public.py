"""Addresses of setup outside a body. Who may pass each stands in accounts/url_access.py."""

from django.urls import path

from municipality.setup.views import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
