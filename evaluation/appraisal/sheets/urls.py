"""Addresses of sheets below the body's code."""

from django.urls import path

from evaluation.appraisal.sheets import views

urlpatterns = [
    path("sheets/", views.sheet_list, name="sheets"),
    path("sheets/periods/new/", views.period_new, name="period_new"),
    path("sheets/periods/<int:pk>/", views.period_page, name="period"),
    path("sheets/periods/<int:pk>/edit/", views.period_edit, name="period_edit"),
    path("sheets/periods/<int:pk>/withdraw/", views.period_withdraw, name="period_withdraw"),
    path("sheets/periods/<int:pk>/open/", views.period_open, name="period_open"),
    path("sheets/<int:pk>/", views.sheet_page, name="sheet"),
    path("sheets/<int:pk>/goals/", views.goals, name="goals"),
    path("sheets/<int:pk>/submit/", views.sheet_submit, name="sheet_submit"),
    path("sheets/<int:pk>/agree/", views.sheet_agree, name="sheet_agree"),
    path("sheets/<int:pk>/return/", views.sheet_return, name="sheet_return"),
]
