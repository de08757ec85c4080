from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Judging: goals, 1on1, PDCA reviews."""

    name = "evaluation"
    verbose_name = "評価"
