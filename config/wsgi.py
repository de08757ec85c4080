"""The WSGI application that gunicorn serves."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def read_everything() -> None:
    """Read addresses with their views, and the templates, which Django would read at the first
    request.

    They stay as long as the process does. A garbage collection that walks over them stops every
    request for 0.1 to 0.4 s and never finds anything: what is there now is left out of it.
    """
    get_resolver().url_patterns  # noqa: B018 - asking is reading
    folder = settings.BASE_DIR / "templates"
    for file in sorted(folder.rglob("*.html")):
        engines["django"].get_template(str(file.relative_to(folder)))
    gc.collect()
    gc.freeze()


application = get_wsgi_application()
read_everything()
