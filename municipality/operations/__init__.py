"""What changes. Every change goes through a function here or in a later room's operations."""

from .history import operation, record
from .notices import notify

__all__ = ["notify", "operation", "record"]
