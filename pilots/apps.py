from django.apps import AppConfig


class PilotsConfig(AppConfig):
    """The room of the pilots."""

    name = "pilots"
    verbose_name = "試行"
