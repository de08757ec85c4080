from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Pages over all rooms; no tables."""

    name = "dashboard"
    verbose_name = "状況一覧"
