"""Addresses of notifications below the body's code."""

from django.urls import path

from municipality.notifications import views

urlpatterns = [
    path("notices/", views.notice_list, name="notices"),
    path("notices/read/", views.notices_read, name="notices_read"),
    path("notices/<int:pk>/open/", views.notice_open, name="notice_open"),
]
