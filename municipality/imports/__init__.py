"""Files that come in: bytes become a table (`tables`, `books`), a table becomes rows (`rows`), rows become a plan.

A kind of file is an `ImportKind`: its columns and a function that plans. Nothing is written before the plan is committed.
"""

from __future__ import annotations

from .departments import DEPARTMENTS
from .holidays import HOLIDAYS
from .kinds import Change, Column, Finding, ImportKind, Plan, Row
from .whole import PEOPLE

IMPORTS: tuple[ImportKind, ...] = (DEPARTMENTS, PEOPLE, HOLIDAYS)
"""Kinds of files that the ground floor takes in."""

__all__ = ["IMPORTS", "Change", "Column", "Finding", "ImportKind", "Plan", "Row"]
