"""Addresses of participants below the body's code."""

from django.urls import path

from pilots.participants import views

urlpatterns = [
    path("pilots/<int:pk>/participants/", views.add, name="participants"),
    path("pilots/participants/<int:pk>/", views.participant_page, name="participant"),
    path("pilots/participants/<int:pk>/agree/", views.agree, name="agree"),
    path("pilots/participants/<int:pk>/decline/", views.decline, name="decline"),
    path("pilots/participants/<int:pk>/courses/", views.take_courses, name="take_courses"),
    path("pilots/participants/<int:pk>/remove/", views.remove, name="remove"),
]
