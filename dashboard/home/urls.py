"""Addresses of home below the body's code."""

from django.urls import path

from dashboard.home import views

urlpatterns = [
    path("", views.home, name="home"),
]
