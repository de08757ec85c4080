"""Addresses of actions below the body's code."""

from django.urls import path

from evaluation.pdca.actions import views

urlpatterns = [
    path("actions/", views.action_list, name="actions"),
    path("actions/<int:pk>/", views.action_page, name="action"),
    path("actions/<int:pk>/edit/", views.action_edit, name="action_edit"),
    path("actions/<int:pk>/report/", views.action_report, name="action_report"),
    path("actions/<int:pk>/due/", views.action_due, name="action_due"),
    path("actions/<int:pk>/holder/", views.action_holder, name="action_holder"),
    path("actions/<int:pk>/reopen/", views.action_reopen, name="action_reopen"),
    path("actions/<int:pk>/finish/", views.action_finish, name="action_finish"),
    path("actions/<int:pk>/cancel/", views.action_cancel, name="action_cancel"),
]
