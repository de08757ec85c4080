"""The closing counts: a case that ran in any pass has run, and what never ran is named."""

from __future__ import annotations

import json

import pytest

from tests import closing


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write what a pass found: case → outcome, all of them planned in the group `unit` unless said
    otherwise.
    """
    monkeypatch.setattr(closing, "FOLDER", tmp_path)
    monkeypatch.delenv("CI", raising=False)

    def write(
        name: str,
        outcomes: dict[str, str],
        groups: dict[str, str] | None = None,
        cases: dict[str, int] | None = None,
    ) -> None:
        planned = groups or dict.fromkeys(outcomes, "unit")
        found = {
            "planned": planned,
            "outcomes": outcomes,
            "reasons": {},
            "cases": cases or dict.fromkeys(outcomes, 1),
        }
        (tmp_path / f"{name}.json").write_text(json.dumps(found))

    return write


def row(text: str, group: str) -> list[str]:
    return next(line.split() for line in text.splitlines() if line.startswith(group))


def test_all_passed_is_green(written, capsys):
    written("sqlite", {"a": "passed", "b": "passed"})
    assert closing.main() == 0
    assert row(capsys.readouterr().out, "unit") == ["unit", "2", "2", "2", "0", "0", "2"]


def test_nothing_run_is_red(written, tmp_path):
    assert closing.main() == 1


def test_a_failure_in_one_pass_is_not_healed_by_the_other(written, capsys):
    written("servers", {"a": "failed"})
    written("sqlite", {"a": "passed"})
    assert closing.main() == 1
    assert row(capsys.readouterr().out, "unit") == ["unit", "1", "1", "0", "1", "0", "0"]


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_what_was_left_out_is_loud_and_red_where_it_counts(
    written, capsys, monkeypatch, ci, status
):
    monkeypatch.setenv("CI", ci)
    written(
        "sqlite",
        {"a": "passed", "b": "skipped"},
        {"a": "unit", "b": "browser", "c": "race", "d": "soak"},
    )
    assert closing.main() == status
    out = capsys.readouterr().out
    assert "LEFT OUT: 2" in out
    assert row(out, "browser") == ["browser", "1", "0", "0", "0", "1", "0"]
    assert row(out, "soak") == ["soak", "1", "0", "0", "0", "make", "soak", "0"]


def test_a_race_that_ran_on_the_servers_has_run(written, capsys, monkeypatch):
    monkeypatch.setenv("CI", "true")
    written("servers", {"r": "passed"}, {"r": "race", "u": "unit"})
    written("sqlite", {"u": "passed"}, {"r": "race", "u": "unit"})
    assert closing.main() == 0


def test_cases_within_a_test_are_counted(written, capsys):
    written("sqlite", {"m": "passed"}, {"m": "matrix"}, {"m": 12_000})
    assert closing.main() == 0
    assert row(capsys.readouterr().out, "matrix")[-1] == "12000"
