"""Addresses of completions below the body's code."""

from django.urls import path

from training.completions import views

urlpatterns = [
    path("training/assignments/<int:pk>/", views.assignment, name="assignment"),
    path("training/assignments/<int:pk>/complete/", views.complete, name="complete"),
    path("training/completions/", views.completions, name="completions"),
    path("training/completions/<int:pk>/", views.completion, name="completion"),
    path("training/completions/<int:pk>/void/", views.void, name="void"),
    path("training/courses/<int:pk>/completions/", views.record_class, name="record_class"),
]
