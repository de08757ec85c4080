from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """研修."""

    name = "training"
    verbose_name = "研修"
