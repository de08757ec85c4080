"""Migrations back and forth."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrated(*names: tuple[str, str]) -> Any:
    """The apps as these migrations leave them."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(names))
    return MigrationExecutor(connection).loader.project_state(list(names)).apps


def migrate_to_newest() -> None:
    """All apps as they are today."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
