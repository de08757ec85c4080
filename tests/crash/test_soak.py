"""The whole product: every point × schedulers × faults of broker, database and mail server. `make
soak`.
"""

from __future__ import annotations

from itertools import product

import pytest

from .faults import FAULTS, SCHEDULERS
from .test_reminders import POINTS, due, killed_at  # noqa: F401 - `due` is a fixture

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("point", "schedulers", "fault"), list(product(POINTS, SCHEDULERS, FAULTS))
)
def test_nothing_is_lost_and_nothing_comes_twice(due, tmp_path, point, schedulers, fault):  # noqa: F811
    killed_at(point, tmp_path, schedulers=schedulers, fault=fault)
