"""Which cases were planned, run, passed and left out, group by group, over every pass of `make
test`.

As a pytest plugin it puts each case into its group and, when CLOSING names the pass, writes down
what became of it. `python -m tests.closing` adds the passes up. A shrinking number is seen, and
with CI=true anything left out is red. A test that walks through many cases says how many with
`record_property("cases", n)`.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

GROUPS = (
    "unit",
    "meta",
    "matrix",
    "selfcheck",
    "race",
    "crash",
    "journey",
    "browser",
    "soak",
    "bench",
)
OWN_TARGETS = {"soak": "make soak", "bench": "make bench"}
FOLDERS = {"journeys": "journey", **{group: group for group in GROUPS}}
FOLDER = Path(__file__).resolve().parent.parent / "var" / "test" / "closing"


def group_of(item: pytest.Item) -> str:
    """The group that a mark names, else the one of the folder, else `unit`."""
    marks = {mark.name for mark in item.iter_markers()}
    for group in reversed(GROUPS):
        if group in marks:
            return group
    folders = item.path.relative_to(Path(__file__).parent).parts
    return FOLDERS.get(folders[0], "unit")


class Closing:
    """What became of each case of this process (or, in front of several workers, of all of
    them).
    """

    def __init__(self) -> None:
        self.planned: dict[str, str] = {}
        self.outcomes: dict[str, str] = {}
        self.reasons: dict[str, str] = {}
        self.cases: dict[str, int] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Mark every case with its group, before `-m` chooses."""
        for item in items:
            group = group_of(item)
            item.add_marker(group)
            self.planned[item.nodeid] = group
        if hasattr(config, "workeroutput"):
            config.workeroutput["planned"] = self.planned

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        """Take over what a worker had collected."""
        self.planned |= getattr(node, "workeroutput", {}).get("planned", {})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Passed means that set-up, call and tear-down all passed."""
        if report.outcome != "passed":
            self.outcomes[report.nodeid] = report.outcome
        elif report.when == "call":
            self.outcomes.setdefault(report.nodeid, "passed")
        if report.skipped:
            self.reasons[report.nodeid] = str(
                report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            )
        if report.when == "teardown":
            self.cases[report.nodeid] = (
                sum(int(str(n)) for name, n in report.user_properties if name == "cases") or 1
            )

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the pass down; a pass in which no case belongs is not a failure, the sum of all is
        judged.
        """
        name = os.environ.get("CLOSING")
        if not name or hasattr(session.config, "workerinput"):
            return
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{name}.json").write_text(json.dumps(vars(self), ensure_ascii=False))
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK


def pytest_configure(config: pytest.Config) -> None:
    """Join in."""
    config.pluginmanager.register(Closing(), "closing-counts")


def main() -> int:
    """Print the table of all passes; 1 when something failed, nothing ran, or (with CI=true)
    something was left out.
    """
    total = Closing()
    for path in sorted(FOLDER.glob("*.json")):
        for name, found in json.loads(path.read_text()).items():
            merge(getattr(total, name), found)
    table, left_out, failed = summary(total)
    print("\n".join(table))
    strict = os.environ.get("CI", "").lower() == "true"
    return int(failed or not total.outcomes or (strict and left_out))


def merge(known: dict[str, Any], found: dict[str, Any]) -> None:
    """A case that ran in one pass and was skipped in another has run; one that failed anywhere has
    failed.
    """
    rank = {"skipped": 0, "passed": 1, "failed": 2}
    for key, value in found.items():
        if key not in known or rank.get(value, 0) >= rank.get(known[key], 0):
            known[key] = value


def summary(total: Closing) -> tuple[list[str], bool, bool]:
    """The lines to print, whether something was left out, whether something failed."""
    lines = [
        "",
        (
            f"{'group':<10}{'planned':>9}{'run':>9}{'passed':>9}{'failed':>9}"
            f"{'left out':>12}{'cases':>10}"
        ),
    ]
    missing: list[str] = []
    failed = False
    for group in GROUPS:
        planned = [case for case, its in total.planned.items() if its == group]
        count = Counter(total.outcomes.get(case, "absent") for case in planned)
        run = count["passed"] + count["failed"]
        failed = failed or bool(count["failed"])
        cases = sum(
            total.cases.get(case, 0) for case in planned if total.outcomes.get(case) == "passed"
        )
        out = (
            f"{OWN_TARGETS[group]:>12}"
            if group in OWN_TARGETS and not run
            else f"{len(planned) - run:>12}"
        )
        lines.append(
            f"{group:<10}{len(planned):>9}{run:>9}{count['passed']:>9}{count['failed']:>9}"
            f"{out}{cases:>10}"
        )
        if group not in OWN_TARGETS:
            missing += [
                case
                for case in planned
                if total.outcomes.get(case, "absent") in {"absent", "skipped"}
            ]
    if missing:
        lines += ["", f"!!! LEFT OUT: {len(missing)}"]
        lines += [
            f"    {case}: {total.reasons.get(case, 'was not reached')}" for case in missing[:100]
        ]
    return lines, bool(missing), failed


if __name__ == "__main__":
    sys.exit(main())
