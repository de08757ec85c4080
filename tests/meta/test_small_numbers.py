"""One gate for small numbers, and no way past it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from django.conf import settings

from municipality.core.registry import subjects
from tests.meta.habits import APPS
from tests.meta.small_numbers import counts_shown, own_ways

CALLER = "counts for its caller, who asks the gate"
FOR_THOSE_WHO_RUN_IT = "is shown to whoever runs the pilot or plans one alone"

PAST_THE_GATE = {
    "evaluation/pdca/reviews/figures.py:moved_rows": "is for who may read small numbers",
    "evaluation/pdca/reviews/measurement.py": CALLER,
    "evaluation/pdca/reviews/small_numbers.py:published_beside": CALLER,
    "municipality/organisation/views/posts.py": "is shown to the office alone",
    "pilots/days/month_usage.py": CALLER,
    "pilots/expansion/evidence.py": CALLER,
    "pilots/expansion/forms.py": FOR_THOSE_WHO_RUN_IT,
    "pilots/lifecycle/decision_content.py:pilot_content_of": "is masked by `pilot_for_few`",
    "pilots/lifecycle/requirements.py": "gives each condition without its number as well",
    "pilots/participants/readiness.py": CALLER,
    "pilots/planning/forms.py": FOR_THOSE_WHO_RUN_IT,
    "pilots/results/criteria_results.py": CALLER,
    "pilots/results/evidence.py": CALLER,
    "pilots/results/presenters.py": "is told by its caller what is hidden",
    "training/assignments/presenters.py": "counts one's own people, for whoever answers for them",
}
"""Outlets that read counts of people and do not ask, each with the reason; where others of the
module ask, the function.
"""

MECHANISM = {
    "municipality/core/small_cells.py": "the gate itself",
    "municipality/organisation/forms.py": "the setting of the least number",
    "municipality/organisation/models/bodies.py": "the setting of the least number",
    "municipality/organisation/rules.py": "who gets which gate",
    "municipality/core/spreadsheets/xlsx_limits.py": "contextlib's own `suppress`",
    "municipality/management/commands/serve.py": "contextlib's own `suppress`",
    "municipality/web/components/fields.py": "a hidden field of a form",
}
"""Where its parts are named, each with the reason."""

WITHOUT_PEOPLE: dict[str, str] = {}
"""Subjects of decisions whose content counts no people."""


def sources() -> Iterator[tuple[PurePosixPath, str]]:
    """Every module and template with its path inside the project."""
    root = Path(settings.BASE_DIR)
    for folder, ending in [*((app, "*.py") for app in APPS), ("templates", "*.html")]:
        for path in sorted((root / folder).rglob(ending)):
            yield PurePosixPath(path.relative_to(root)), path.read_text(encoding="utf-8")


def places(findings: Iterator[str]) -> set[str]:
    """Paths of the findings, with the function where one was found."""
    return {finding.split(" ")[0] for finding in findings}


def test_every_outlet_that_counts_people_asks_the_gate():
    found = places(each for path, text in sources() for each in counts_shown(path, text))
    assert found - PAST_THE_GATE.keys() == set()
    assert PAST_THE_GATE.keys() - found == set(), "no longer needed"


def test_nobody_else_decides_what_is_few():
    found = places(each for path, text in sources() for each in own_ways(path, text))
    assert found - MECHANISM.keys() == set()
    assert MECHANISM.keys() - found == set(), "no longer needed"


def test_every_subject_of_a_decision_says_what_is_shown_of_few_people():
    lacking = {matter for matter, subject in subjects().items() if subject.few is None}
    assert lacking == WITHOUT_PEOPLE.keys()


@pytest.mark.selfcheck
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pilots/devices/presenters.py", "from pilots.days.indicators import usage_figures\n"),
        ("pilots/devices/exports.py", "def f(x):\n    return x.measured(1)\n"),
        ("rollout/readiness/notices.py", "rows.annotate(n=Count('member', distinct=True))\n"),
        ("dashboard/feed.py", "from training.completions.indicators import completion_rate\n"),
    ],
)
def test_an_outlet_past_the_gate_is_found(path, text):
    assert [*counts_shown(PurePosixPath(path), text)]


ASKS = "def page(member, x):\n    return gate_of(member).shown(_count(x))\n"
COUNTS = "def _count(x):\n    return x.measured(1)\n"


@pytest.mark.selfcheck
@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ASKS + COUNTS, []),
        (COUNTS + ASKS, []),
        (ASKS + "def chart(x):\n    return x.measured(1)\n", ["chart measured"]),
        (ASKS + COUNTS + "def chart(x):\n    return _count(x)\n", ["chart measured"]),
        (ASKS + "class Export:\n    n = Count('member')\n", ["Export Count(member)"]),
    ],
)
def test_what_another_function_asks_excuses_nobody(text, found):
    path = PurePosixPath("pilots/devices/presenters.py")
    assert [*counts_shown(path, text)] == [f"{path}:{each}" for each in found]


@pytest.mark.selfcheck
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pilots/devices/presenters.py", "hidden = 0 < count < body.small_cell\n"),
        ("pilots/devices/presenters.py", "cell = '＊'\n"),
        ("templates/pilots/devices.html", "<td>＊</td>"),
    ],
)
def test_a_way_of_ones_own_is_found(path, text):
    assert [*own_ways(PurePosixPath(path), text)]
