"""Paging of long lists: one page size for all, and the requested page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator

PER_PAGE = 50
"""Rows of one page of a list."""


def page_of(rows: Any, asked: Any, *, size: int = PER_PAGE, count: int | None = None) -> Page:
    """The page of the rows that `?page=` asks for; the nearest there is for any other word.

    `count` spares the query that counts the rows, where they were counted before.
    """
    pages = Paginator(rows, size)
    if count is not None:
        pages.count = count
    return pages.get_page(asked)
