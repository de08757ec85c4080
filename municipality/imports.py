"""Kinds of files that the ground floor takes in."""

from __future__ import annotations

IMPORTS: tuple = ()
