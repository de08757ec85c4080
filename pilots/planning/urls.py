"""Addresses of planning below the body's code."""

from django.urls import path

from pilots.planning import views

urlpatterns = [
    path("pilots/new/", views.new, name="new"),
    path("pilots/<int:pk>/edit/", views.edit, name="edit"),
]
