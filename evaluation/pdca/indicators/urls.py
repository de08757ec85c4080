"""Addresses of indicators below the body's code."""

from django.urls import path

from evaluation.pdca.indicators import views

urlpatterns = [
    path("indicators/", views.indicator_list, name="indicators"),
]
