"""Addresses of usage records below the body's code."""

from django.urls import path

from pilots.days import views

urlpatterns = [
    path("usage/", views.usages, name="usages"),
    path("usage/new/", views.usage_new, name="usage_new"),
    path("usage/setting/", views.usage_setting, name="usage_setting"),
    path("usage/records/<int:pk>/", views.usage_record, name="usage_record"),
    path("usage/<int:pk>/", views.usage_month, name="usage_month"),
    path("usage/<int:pk>/declare/", views.declare, name="usage_month_declare"),
    path("usage/<int:pk>/remind/", views.remind, name="usage_month_remind"),
    path("usage/<int:pk>/withdraw/", views.withdraw, name="usage_month_withdraw"),
]
