"""Addresses outside a body."""

from django.urls import URLPattern

app_name = "municipality_outside"

urlpatterns: list[URLPattern] = []
