"""状況一覧: everything the page shows, read in a handful of queries and turned into what the components draw."""

from .reading import Board, read_board

__all__ = ["Board", "read_board"]
