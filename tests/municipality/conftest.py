"""Towns for the tests of municipality; a module with another one defines its own `town`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build.town import with_another_body


@pytest.fixture
def towns() -> Any:
    """A town and, beside it, a second body of the same shape."""
    return with_another_body()


@pytest.fixture
def town(towns: Any) -> Any:
    """The first of the two towns."""
    return towns[0]
