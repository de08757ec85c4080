"""Settings, root addresses, the Celery application and the template builtins. Nobody imports from
here.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
