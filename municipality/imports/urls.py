"""Addresses of imports below the body's code."""

from django.urls import path

from municipality.imports import views

urlpatterns = [
    path("imports/", views.import_list, name="imports"),
    path("imports/<int:pk>/", views.import_page, name="import"),
    path("imports/<int:pk>/commit/", views.import_commit, name="import_commit"),
    path("imports/<int:pk>/choice/", views.import_choice, name="import_choice"),
    path("imports/<int:pk>/discard/", views.import_discard, name="import_discard"),
    path("imports/<int:pk>/undo/", views.import_undo, name="import_undo"),
    path("imports/<int:pk>/remarks/", views.import_remarks, name="import_remarks"),
    path("imports/<slug:kind>/template.csv", views.import_template, name="import_template"),
    path(
        "imports/<slug:kind>/template.xlsx", views.import_template_book, name="import_template_book"
    ),
    path("imports/<slug:kind>/current/", views.import_current, name="import_current"),
]
