"""Addresses of assignments below the body's code."""

from django.urls import path

from training.assignments import views

urlpatterns = [
    path("training/", views.training, name="training"),
    path("training/courses/<int:pk>/", views.course, name="course"),
    path("training/courses/<int:pk>/assign/", views.assign, name="assign"),
    path("training/assignments/<int:pk>/cancel/", views.cancel, name="cancel"),
]
