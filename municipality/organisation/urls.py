"""Addresses of organisation below the body's code."""

from django.urls import path

from municipality.organisation.views import duties, employment_kinds, posts, settings

urlpatterns = [
    path("duties/", duties.duties_page, name="duties"),
    path("duties/<int:pk>/", duties.duty_page, name="duty"),
    path("settings/body/", settings.settings_page, name="settings"),
    path("settings/posts/", posts.posts_page, name="posts"),
    path("settings/posts/<int:pk>/", posts.post_rename, name="post_rename"),
    path("settings/posts/<int:pk>/move/", posts.post_move, name="post_move"),
    path("settings/posts/<int:pk>/remove/", posts.post_remove, name="post_remove"),
    path(
        "settings/employment-kinds/",
        employment_kinds.employment_kinds_page,
        name="employment_kinds",
    ),
    path(
        "settings/employment-kinds/<int:pk>/count/",
        employment_kinds.employment_kind_count,
        name="employment_kind_count",
    ),
    path("settings/closed-days/", settings.closed_days_page, name="closed_days"),
    path(
        "settings/closed-days/<int:pk>/remove/",
        settings.closed_day_remove,
        name="closed_day_remove",
    ),
]
