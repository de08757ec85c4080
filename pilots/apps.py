from django.apps import AppConfig


class PilotsConfig(AppConfig):
    """The app of the pilots."""

    name = "pilots"
    verbose_name = "試行"
