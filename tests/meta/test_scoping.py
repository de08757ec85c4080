"""Rows reach a page only through `visible_to(member)`, in all that a view reaches."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import pytest
from django.conf import settings

from .scoping import Project, unscoped

HANGS_ON = "rows of a thing, or of people, that the viewer's own query gave"
OWN = "the viewer's own rows"
DEPARTMENTS = (
    "of the departments whose records the viewer hands in, also as 庶務担当 of another one"
)
TAKEN = "only says whether a name or number is taken, or finds who was typed by number"
READY = "whether departments that were chosen for the viewer may try telework, without persons"
CHOICES = "what an office, or who may act here by rule, chooses from: of the whole body"
COUNTS = "counts without persons"
OFFICE = "a page of the office, which sees the whole body"
PLACES = "who leads, holds or takes part where, for rules and for what is narrowed by it"
SETTINGS = "days, words and settings of the body, the same for everybody"
ONE_DOOR = "the one door to goals and talks, which narrows to the viewer and writes the log"
INSTALLATION = "of the installation, or of who is just signing in or sending a form"

ALLOWED = {
    "training.assignments.presenters._counts": COUNTS,
    "dashboard.home.checklist.checklist": COUNTS,
    "dashboard.home.department_now.own_department": "the viewer's own department, by its path",
    "dashboard.home.journey._took_part": COUNTS,
    "dashboard.home.journey.body_counts": COUNTS,
    "dashboard.home.journey.read_progress": COUNTS,
    "dashboard.home.side_panels.drafted_decisions": OWN,
    "dashboard.home.side_panels.escalations_of": HANGS_ON,
    "dashboard.overview.figure_sources.frozen": (
        "frozen figures of the body's own review, decided to be shown"
    ),
    "evaluation.pdca.actions.forms.people_for": "keeps who is named already beside those in sight",
    "evaluation.pdca.reviews.queries.read_lacks": "asks whether the body has indicators at all",
    "evaluation.pdca.reviews.action_rows._as_they_stand": HANGS_ON,
    "evaluation.pdca.reviews.queries.incomplete_actions": HANGS_ON,
    "evaluation.pdca.reviews.queries.previous_review": (
        "of the department whose review the viewer writes"
    ),
    "municipality.accounts.forms.accounts.AcceptForm": TAKEN,
    "municipality.accounts.views.credential_resets.renewal_ask": HANGS_ON,
    "municipality.deadlines.queries.due_things": HANGS_ON,
    "municipality.decisions.forms.decisions.SubmitForm": CHOICES,
    "municipality.decisions.views.decisions._tabs": HANGS_ON,
    "municipality.decisions.views.decisions.decision_list": HANGS_ON,
    "municipality.decisions.views.settings._away": OFFICE,
    "municipality.decisions.rules.may_take_over": PLACES,
    "municipality.directory.forms.DepartmentForm": TAKEN,
    "municipality.directory.views.departments._past_heads": HANGS_ON,
    "municipality.organisation.queries.staff_by_department": COUNTS,
    "pilots.expansion.decision_content.lead_posts": PLACES,
    "municipality.directory.views.departments.department_page": HANGS_ON,
    "municipality.directory.views.people._account_of": HANGS_ON,
    "municipality.directory.views.people._profile": HANGS_ON,
    "municipality.directory.views.people.narrowed": HANGS_ON,
    "municipality.directory.views.people.with_account": HANGS_ON,
    "municipality.directory.views.people.with_names_of_then": HANGS_ON,
    "municipality.organisation.forms.BodyForm": CHOICES,
    "municipality.organisation.forms.ClosedDayForm": TAKEN,
    "municipality.organisation.forms.EmploymentKindForm": TAKEN,
    "municipality.organisation.forms.PostForm": TAKEN,
    "municipality.organisation.forms.PostTitleForm": TAKEN,
    "municipality.organisation.queries.outside_staff": "settings of the body, without persons",
    "municipality.organisation.queries.at_work_on_the_day": HANGS_ON,
    "municipality.organisation.queries.with_postings": HANGS_ON,
    "municipality.organisation.views.duties._duties": OFFICE,
    "municipality.organisation.views.posts._posts": OFFICE,
    "municipality.records.forms.ErasureForm": TAKEN,
    "municipality.records.forms.LogFilter": CHOICES,
    "municipality.records.queries.years_of": "settings of the body, without persons",
    "municipality.reminders.queries.contents_of": HANGS_ON,
    "municipality.reminders.queries.held_groups": OFFICE,
    "municipality.reminders.queries.held_people": OFFICE,
    "municipality.reminders.queries.reworded": "settings of the body, without persons",
    "municipality.reminders.views.receiving._feed": OWN,
    "municipality.reminders.views.receiving.receiving": OWN,
    "municipality.setup.forms.PreviewForm": CHOICES,
    "municipality.setup.views.system_status.running_page": OFFICE,
    "municipality.transfers.forms.DepartmentChangeForm": CHOICES,
    "municipality.transfers.forms.DepartmentEndForm": CHOICES,
    "municipality.transfers.presenters.reorganisation._counts": COUNTS,
    "municipality.transfers.presenters.reorganisation.what_goes": OFFICE,
    "pilots.days.month_states._declared": COUNTS,
    "pilots.days.month_states._moved_since": COUNTS,
    "pilots.days.month_states._recorded": COUNTS,
    "pilots.days.month_states.begun_departments": COUNTS,
    "pilots.days.month_states.has_records": COUNTS,
    "pilots.days.month_states.still_missing": COUNTS,
    "pilots.days.queries.last_reminded": OFFICE,
    "pilots.days.queries.people_recorded_by": DEPARTMENTS,
    "pilots.expansion.forms.leads_of_plan": (
        "keeps who leads it already, and the department's managers, beside those in sight"
    ),
    "pilots.lifecycle.listing._number_counted": COUNTS,
    "pilots.lifecycle.listing.listed": HANGS_ON,
    "pilots.participants.forms.candidates": CHOICES,
    "pilots.participants.presenters.course_context": HANGS_ON,
    "pilots.planning.forms.all_departments": COUNTS,
    "pilots.planning.forms._planned_by": "narrowed to the departments that the viewer leads",
    "pilots.planning.forms.leads_for": "keeps who leads it already beside those in sight",
    "rollout.readiness.forms.conditions.ExceptionPostForm": CHOICES,
    "rollout.readiness.queries._asked": READY,
    "rollout.readiness.queries._exceptions": READY,
    "rollout.readiness.queries._unmet": READY,
    "rollout.readiness.queries.still_needed": "narrows what the viewer may see already",
    "rollout.readiness.queries.exception_grantors": "who grants exceptions, the same for everybody",
    "rollout.readiness.presenters.board.RoundBoard": "the catalogue of the body, without persons",
    "rollout.readiness.presenters.sheet.AssessmentSheet": HANGS_ON,
    "training.assignments.forms.AssignForm": CHOICES,
}
"""Where rows may be taken without a viewer, each with its reason."""

MODULES = {
    COUNTS: (
        "evaluation.appraisal.one_on_ones.indicators",
        "evaluation.pdca.reviews.figures",
        "evaluation.pdca.reviews.measurement",
        "evaluation.pdca.reviews.small_numbers",
        "pilots.days.month_usage",
        "pilots.expansion.evidence",
        "pilots.results.criteria_results",
        "pilots.results.small_numbers",
        "training.completions.indicators",
    ),
    PLACES: (
        "evaluation.appraisal.access.evaluators",
        "evaluation.appraisal.access.reach",
        "municipality.decisions.approvers",
        "municipality.organisation.leadership",
        "municipality.organisation.staff_on",
        "pilots.days.remarks",
        "pilots.days.rules",
        "pilots.planning.checks",
        "rollout.readiness.rules",
        "training.courses.people",
        "training.gate.requirements",
    ),
    SETTINGS: (
        "municipality.notifications.wording",
        "municipality.organisation.open_days",
        "municipality.organisation.setting_history",
        "training.courses.catalogue_file",
    ),
    ONE_DOOR: (
        "evaluation.appraisal.one_on_ones.records",
        "evaluation.appraisal.sheets.records",
    ),
    OFFICE: (
        "municipality.records.log_search",
        "municipality.setup.checklist",
        "municipality.setup.system_status",
        "municipality.setup.view_as_manager",
        "municipality.transfers.staffing_checks",
    ),
    INSTALLATION: (
        "municipality.accounts.oidc",
        "municipality.accounts.second_factor_session",
        "municipality.audit.log",
        "municipality.notifications.restore_guard",
        "municipality.web.sent_once",
    ),
}
"""Modules that show no rows of their own: by the reason why they take rows without a viewer."""


def sources() -> dict[PurePosixPath, str]:
    """Every Python file of the apps in the work tree."""
    root = Path(settings.BASE_DIR)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return {
        PurePosixPath(name): (root / name).read_text() for name in listed if (root / name).exists()
    }


def test_what_a_view_reaches_takes_rows_through_the_viewer():
    found = unscoped(sources())
    modules = {module for group in MODULES.values() for module in group}
    rest = [taken for taken in found if taken[0].rpartition(".")[0] not in modules]
    assert [taken for taken in rest if taken[0] not in ALLOWED] == []
    idle = {*ALLOWED, *modules} - {name for name, _taken in rest}
    idle -= {name.rpartition(".")[0] for name, _taken in found}
    assert sorted(idle) == [], "no longer needed"


def test_every_page_is_followed_into_what_prepares_it():
    reached = {f"{module}.{name}" for module, name in Project(sources()).reached()}
    assert {
        "pilots.results.presenters.latest_decision",
        "dashboard.home.side_panels.drafted_decisions",
        "municipality.decisions.presenters.sheet.sheet",
        "municipality.records.exports.log_lines",
        "training.assignments.forms.AssignForm",
        "pilots.days.panels.pilots_panel",
        "pilots.lifecycle.listing.listed",
        "municipality.transfers.staffing_checks.people_gaps",
    } <= reached


VIEW = "from pilots.days.presenters import sheet\ndef page(request):\n    return sheet(request)\n"
CLEAN = (
    "from pilots.days.models import Day\ndef sheet(request):\n    return "
    "Day.objects.visible_to(1)\n"
)


@pytest.mark.parametrize(
    ("files", "where"),
    [
        ({"pilots/days/presenters.py": CLEAN}, []),
        (
            {"pilots/days/presenters.py": CLEAN.replace("visible_to(1)", "of(1)")},
            ["pilots.days.presenters.sheet"],
        ),
        (
            {"pilots/days/presenters.py": CLEAN.replace("visible_to(1)", "filter(pk=1)")},
            ["pilots.days.presenters.sheet"],
        ),
        (
            {
                "pilots/days/presenters.py": "from pilots.days import queries\n"
                "def sheet(request):\n    return _rows()\n"
                "def _rows():\n    return queries.rows()\n",
                "pilots/days/queries.py": "def rows():\n    return Day.objects.all()\n",
            },
            ["pilots.days.queries.rows"],
        ),
        (
            {
                "pilots/days/presenters.py": "from pilots.days.forms import DayForm as Form\n"
                "def sheet(request):\n    return Form()\n",
                "pilots/days/forms.py": "class DayForm:\n    def clean(self):\n"
                "        return Day.objects.get(pk=1)\n",
            },
            ["pilots.days.forms.DayForm"],
        ),
        (
            {
                "pilots/days/presenters.py": "from pilots.days.weeks import rows\n"
                "def sheet(request):\n    return rows()\n",
                "pilots/days/weeks.py": "def rows():\n    return Day.objects.of(1)\n",
            },
            ["pilots.days.weeks.rows"],
        ),
        (
            {"pilots/days/panels.py": "def panel(member):\n    return Day.objects.of(1)\n"},
            ["pilots.days.panels.panel"],
        ),
        (
            {
                "pilots/days/presenters.py": CLEAN,
                "pilots/days/operations.py": "def act():\n    return Day.objects.of(1)\n",
            },
            [],
        ),
        (
            {"pilots/days/presenters.py": CLEAN + "def unused():\n    return Day.objects.of(1)\n"},
            [],
        ),
    ],
)
def test_a_planted_fault_is_found_wherever_a_view_leads(files, where):
    planted = {"pilots/days/views.py": VIEW, **files}
    found = unscoped({PurePosixPath(name): text for name, text in planted.items()})
    assert [name for name, _taken in found] == where


def test_a_view_that_takes_the_rows_of_the_body_is_found():
    text = "def page(request):\n    return Day.objects.of(request.municipality)\n"
    found = unscoped({PurePosixPath("pilots/days/views/days.py"): text})
    assert found == [("pilots.days.views.days.page", "Day.objects.of")]
