"""What is written of one error is bounded."""

from __future__ import annotations

import logging
import sys

from config.log_lines import MOST_LETTERS, BoundedFormatter


def written(message: str, error: bool = False) -> str:
    info = sys.exc_info() if error else None
    record = logging.LogRecord("web", logging.ERROR, "f.py", 1, message, (), info)
    return BoundedFormatter("%(levelname)s %(message)s").format(record)


def nested(depth: int) -> None:
    """An error that leads to the next."""
    try:
        if depth:
            nested(depth - 1)
        raise ValueError(f"the first of {depth}")
    except (ValueError, RuntimeError) as first:
        raise RuntimeError(f"the last, {depth}") from first


def test_a_line_of_usual_length_is_as_it_is():
    assert written("だめでした") == "ERROR だめでした"


def test_of_a_long_one_the_beginning_and_the_end_stay():
    try:
        nested(60)
    except RuntimeError:
        text = written("Internal Server Error: /accounts/login/", error=True)
    assert len(text) < MOST_LETTERS + 100
    assert text.startswith("ERROR Internal Server Error: /accounts/login/")
    assert "letters …]" in text
    assert text.endswith("RuntimeError: the last, 60")
