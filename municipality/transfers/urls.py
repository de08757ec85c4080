"""Addresses of transfers below the body's code."""

from django.urls import path

from municipality.transfers.views import organisation_check, reorganisation, transfers

urlpatterns = [
    path(
        "departments/<int:pk>/change/", reorganisation.department_change, name="department_change"
    ),
    path("departments/<int:pk>/end/", reorganisation.department_end, name="department_end"),
    path("transfers/", transfers.transfer_list, name="transfers"),
    path("transfers/<int:pk>/", transfers.transfer_page, name="transfer"),
    path("organisation-check/", organisation_check.organisation_check, name="organisation_check"),
]
