"""Addresses of overview below the body's code."""

from django.urls import path

from dashboard.overview import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
]
