"""Addresses of expansion below the body's code."""

from django.urls import path

from pilots.expansion import views

urlpatterns = [
    path("pilots/<int:pk>/expand/", views.expand, name="expand"),
    path("pilots/expansions/<int:pk>/", views.expansion_page, name="expansion"),
    path("pilots/expansions/<int:pk>/edit/", views.edit, name="expansion_edit"),
    path("pilots/expansions/departments/<int:pk>/", views.plan, name="expansion_department"),
    path("pilots/expansions/<int:pk>/submit/", views.submit, name="expansion_submit"),
    path(
        "pilots/expansions/<int:pk>/ask-for-route/",
        views.ask_for_route,
        name="expansion_ask_for_route",
    ),
]
