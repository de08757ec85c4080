from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Pages over all apps; no tables of its own."""

    name = "dashboard"
    verbose_name = "状況一覧"
