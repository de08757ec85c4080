"""Lines of the log: whatever a request makes go wrong, what is written of it is bounded."""

import logging
from typing import Any

MOST_LETTERS = 8_000


class BoundedFormatter(logging.Formatter):
    """A line with its traceback; of a longer one the beginning, and the end with the error."""

    def format(self, record: logging.LogRecord) -> str:
        """The text to be written."""
        text = super().format(record)
        if len(text) <= MOST_LETTERS:
            return text
        half = MOST_LETTERS // 2
        return f"{text[:half]}\n[… {len(text) - MOST_LETTERS:,} letters …]\n{text[-half:]}"


def to_console(level: str) -> dict[str, Any]:
    """The LOGGING of an installation: everything of this level, Django's from warnings on."""
    line = {"class": f"{__name__}.BoundedFormatter"}
    line["format"] = "%(asctime)s %(levelname)s %(name)s %(message)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
    }
