"""Tests meet the code as it is. A test that changes an attribute of our own code stands here with
its reason; one that is marked as a selfcheck plants a fault and may.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

TESTS = Path(settings.BASE_DIR) / "tests"

PATCHING = {
    *("monkeypatch.setattr", "monkeypatch.delattr"),
    *("patch", "patch.object", "mock.patch", "mock.patch.object"),
}
OTHERS = ("timezone", "tempfile", "current_app", "forms.BaseForm")
"""What is not ours: the clock, the place of files, the broker, forms of Django."""

LIMIT = "lowers a limit that no test reaches in a reasonable time"
OFTEN = "reports more or less often than the clock of a test allows"
SEEN = "counts how often something is asked, and lets it happen"

PATCHED = {
    "config/test_closing.py::written": "writes beside the results of the run itself",
    "config/test_messages.py::_no_third_parties": "looks at the texts of the test alone",
    "config/test_messages.py::test_texts_of_other_packages_are_japanese": "looks at two packages",
    "evaluation/pdca/reviews/test_figures.py"
    "::test_the_catalogue_is_loaded_once_and_a_new_version_beside_the_old": "a catalogue to come",
    "municipality/accounts/test_invitations.py"
    "::test_a_name_taken_in_the_same_moment_is_a_conflict_that_shows_no_password": (
        "the moment between the look at the name and its use"
    ),
    "municipality/accounts/test_sign_in.py::test_guesses_over_many_names_end_at_the_address": LIMIT,
    "municipality/accounts/test_sign_in.py::test_forwarded_addresses_are_not_believed": LIMIT,
    "municipality/accounts/test_sign_in.py::test_of_an_ipv6_address_the_network_counts": LIMIT,
    "municipality/clock/test_rows.py"
    "::test_a_kind_of_deadline_that_cannot_be_read_silences_no_other": "the faulty code of an app",
    "municipality/notifications/test_outbox.py"
    "::test_a_notice_that_cannot_be_written_takes_no_other_with_it": "the faulty code of an app",
    "municipality/core/test_addresses.py::test_an_address_is_resolved_once": SEEN,
    "municipality/decisions/test_decisions_papers.py"
    "::test_papers_have_a_limit_of_size_together": LIMIT,
    "municipality/directory/test_exports.py"
    "::test_more_rows_than_a_sheet_holds_go_on_in_the_next": LIMIT,
    "municipality/imports/test_imports.py"
    "::test_two_who_press_at_the_same_moment_make_one_import": "the moment in which both read",
    "municipality/imports/test_imports.py"
    "::test_three_thousand_people_are_a_matter_of_queries_not_of_people": OFTEN,
    "municipality/imports/test_imports_background.py"
    "::test_how_far_it_is_can_be_seen_and_its_lease_is_renewed": OFTEN,
    "municipality/records/test_log.py::test_beyond_ten_thousand_nothing_is_counted": LIMIT,
    "municipality/records/test_log.py::test_what_is_too_long_or_unknown_is_refused": LIMIT,
    "municipality/transfers/test_pages_transfers.py"
    "::test_a_page_lists_so_many_who_leave_and_the_file_all_of_them": LIMIT,
    "race/test_sign_in.py::unlimited": "lifts the limits that would stop the race before it begins",
    "race/test_sign_in.py::test_of_thirty_two_wrong_codes_at_once_one_is_looked_at": SEEN,
}
"""Test or fixture → why it changes our own code."""


def ours(target: ast.expr) -> bool:
    """Is it our own code that is changed? A target is a dotted name or an object."""
    said = target.value if isinstance(target, ast.Constant) else ast.unparse(target)
    parts = str(said).split(".")
    return said not in OTHERS and parts[0] != "django" and "timezone" not in parts


def patching(text: str) -> Iterator[str]:
    """Functions of a module that change our own code and are no selfcheck."""
    module = ast.parse(text)
    marks = [node for node in module.body if ast.unparse(node).startswith("pytestmark")]
    if any("selfcheck" in ast.unparse(mark) for mark in marks):
        return
    for function in ast.walk(module):
        if not isinstance(function, ast.FunctionDef):
            continue
        if any("selfcheck" in ast.unparse(mark) for mark in function.decorator_list):
            continue
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        if any(ast.unparse(call.func) in PATCHING and ours(call.args[0]) for call in calls):
            yield function.name


def test_only_what_is_named_here_changes_our_own_code():
    found = {
        f"{file.relative_to(TESTS)}::{name}"
        for file in TESTS.rglob("*.py")
        for name in patching(file.read_text())
    }
    assert found == set(PATCHED)


def test_a_planted_patch_is_found_and_a_selfcheck_may():
    planted = """
def test_a(monkeypatch):
    monkeypatch.setattr("pilots.days.queries.people_recorded_by", None)

@pytest.mark.selfcheck
def test_b(monkeypatch):
    monkeypatch.setattr(queries, "people_recorded_by", None)

def test_c(monkeypatch):
    monkeypatch.setattr(timezone, "now", None)
    monkeypatch.setattr("django.utils.timezone.now", None)

def test_d():
    with patch("pilots.days.views.timezone.now"), patch.object(queries, "people_recorded_by"):
        pass
"""
    assert list(patching(planted)) == ["test_a", "test_d"]
