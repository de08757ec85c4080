"""Addresses of courses below the body's code."""

from django.urls import path

from training.courses import views

urlpatterns = [
    path("training/courses/new/", views.create_course, name="create_course"),
    path("training/courses/starter/", views.add_starter_courses, name="starter"),
    path("training/courses/<int:pk>/edit/", views.edit_course, name="edit_course"),
]
