"""Addresses of results below the body's code."""

from django.urls import path

from pilots.results import views

urlpatterns = [
    path("pilots/<int:pk>/criteria/", views.criteria, name="criteria"),
]
