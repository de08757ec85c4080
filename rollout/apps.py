from django.apps import AppConfig


class RolloutConfig(AppConfig):
    """準備."""

    name = "rollout"
    verbose_name = "準備"
