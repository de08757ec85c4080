"""Templates without indentation, which serves only readers of the source."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Loader(filesystem.Loader):
    """Reads a template and leaves out the blanks at the beginning of its lines.

    A third of a page's bytes would be blanks. Lines stay, so that errors name the right one. What
    values bring along (texts in a `<textarea>`) and the texts of mails are not touched.
    """

    def get_contents(self, origin: Origin) -> str:
        """Source of the template for compilation."""
        source = super().get_contents(origin)
        return INDENTATION.sub("", source) if origin.name.endswith(".html") else source
