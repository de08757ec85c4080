"""Positive controls: with a guard switched off the matrix is red."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import include, path

from config.urls import urlpatterns as real
from evaluation.appraisal.one_on_ones import models
from evaluation.appraisal.sheets import models as sheets_models
from evaluation.pdca.actions.models import ActionInReviewQuerySet, ActionQuerySet
from evaluation.pdca.reviews import models as reviews_models
from municipality.accounts.models.credential_resets import RenewalQuerySet
from municipality.audit import models as audit_models
from municipality.core import models as core_models
from municipality.core.refusals import anyone
from municipality.decisions.models.decisions import (
    CirculationQuerySet,
    DecisionQuerySet,
    StepQuerySet,
)
from municipality.decisions.models.deputies import AbsenceQuerySet
from municipality.decisions.models.papers import AttachmentQuerySet
from municipality.decisions.models.takeovers import TakeoverQuerySet
from municipality.decisions.rules import acting_as
from municipality.imports import models as imports_models
from municipality.notifications import models as notifications_models
from municipality.organisation.models.departments import DepartmentQuerySet
from municipality.organisation.models.people import MemberQuerySet
from municipality.organisation.models.postings import GrantQuerySet, PostingQuerySet
from municipality.organisation.models.settings import OfficeQuerySet
from municipality.records import models as records_models
from municipality.transfers import models as transfers_models
from municipality.web.pages import page
from pilots.days import models as days_models
from pilots.participants import models as participants_models
from pilots.planning import models as planning_models
from rollout.readiness.models.assessments import AssessmentQuerySet
from rollout.readiness.models.exception_requests import ExceptionRequestQuerySet
from rollout.readiness.models.exceptions import BlockerExceptionQuerySet
from tests.world.asking import Asker
from training.assignments import models as training

from .table import ROWS
from .walk import cases_of, differences

pytestmark = [pytest.mark.django_db, pytest.mark.selfcheck]
APPS = ("municipality", "rollout", "training", "pilots", "evaluation", "dashboard")


def first_difference(world, asker, name: str) -> str:
    """The first case of an address that is not answered as the table says; empty when all are."""
    for row in ROWS:
        if row.name == name and (
            found := next(differences(world, asker, row, cases_of(world, row)), "")
        ):
            return found
    return ""


# --- rows -----------------------------------------------------------------------------------------

ROWS_OF: dict[type[QuerySet], str] = {
    core_models.BodyQuerySet: "training:course",
    core_models.DepartmentalQuerySet: "rollout:reexamination",
    AssessmentQuerySet: "rollout:assessment",
    BlockerExceptionQuerySet: "rollout:exception_revoke",
    ExceptionRequestQuerySet: "rollout:exception_request",
    DecisionQuerySet: "municipality:decision",
    AbsenceQuerySet: "municipality:absence_remove",
    MemberQuerySet: "municipality:member",
    PostingQuerySet: "municipality:department",
    imports_models.FileImportQuerySet: "municipality:import",
    records_models.DisposalQuerySet: "municipality:disposal",
    notifications_models.NoticeQuerySet: "municipality:notice_open",
    notifications_models.MailQuerySet: "municipality:mail_retry",
    OfficeQuerySet: "municipality:hold",
    RenewalQuerySet: "municipality:renewal",
    transfers_models.TransferQuerySet: "municipality:transfer",
    transfers_models.PassedQuerySet: "municipality:transfer",
    DepartmentQuerySet: "municipality:department",
    training.PersonalQuerySet: "training:assignment",
    planning_models.PilotQuerySet: "pilots:pilot",
    participants_models.ParticipantQuerySet: "pilots:participant",
    planning_models.ExpansionQuerySet: "pilots:expansion",
    planning_models.ExpansionDepartmentQuerySet: "pilots:expansion_department",
    sheets_models.SheetQuerySet: "evaluation:sheet",
    models.PairQuerySet: "evaluation:pair",
    models.OneOnOneQuerySet: "evaluation:one_on_one",
    days_models.DepartmentMonthQuerySet: "pilots:usage_month",
    days_models.UsageQuerySet: "pilots:usage_record",
    models.PromiseQuerySet: "evaluation:promise_done",
    models.PrivateNoteQuerySet: "evaluation:one_on_one",
    reviews_models.ReviewQuerySet: "evaluation:review",
    ActionQuerySet: "evaluation:action",
}
"""What each `visible_to` guards: with it open, this address answers wrongly or leaks."""

ON_NO_PAGE: dict[type[QuerySet], str] = {
    StepQuerySet: "steps are fetched through their decision",
    AttachmentQuerySet: "papers are fetched through their decision",
    CirculationQuerySet: "who reads it is fetched through the decision",
    TakeoverQuerySet: "takeovers are fetched through their decision",
    audit_models.EntryQuerySet: (
        "lines hold ids and verbs; names are looked up in the reader's own body (tests of the log)"
    ),
    GrantQuerySet: "roles are shown beside postings that were fetched for the reader",
    planning_models.PilotPartQuerySet: "parts are fetched through their pilot",
    ActionInReviewQuerySet: "what a closing kept of an action is fetched through its review",
    sheets_models.GoalQuerySet: "goals are fetched through their sheet",
}
"""Those that no page depends on, with the reason."""


def querysets() -> Iterator[type[QuerySet]]:
    """Every class of ours that says who sees its rows."""
    seen = set()
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            queryset = getattr(model._default_manager, "_queryset_class", QuerySet)
            seen |= {each for each in queryset.__mro__ if "visible_to" in vars(each)}
    yield from seen


def test_every_visible_to_has_its_control():
    assert set(querysets()) == set(ROWS_OF) | set(ON_NO_PAGE)
    assert not set(ROWS_OF) & set(ON_NO_PAGE)


@pytest.mark.parametrize("queryset", ROWS_OF, ids=lambda queryset: queryset.__name__)
def test_with_all_rows_in_sight_the_matrix_is_red(queryset, world, asker, monkeypatch):
    monkeypatch.setattr(queryset, "visible_to", lambda self, member: self.all())
    assert first_difference(world, asker, ROWS_OF[queryset]) != ""


# --- rules ----------------------------------------------------------------------------------------

RULES: dict[str, str] = {
    "municipality.organisation.rules.is_office": "municipality:settings",
    "municipality.records.rules.may_see_log": "municipality:log",
    "municipality.records.rules.may_propose_disposal": "municipality:erasure_new",
    "municipality.records.rules.may_approve_disposal": "municipality:disposal_approve",
    "municipality.organisation.rules.may_see_people": "municipality:people",
    "municipality.organisation.rules.may_see_names": "municipality:departments",
    "municipality.organisation.rules.may_change_member": "municipality:member_edit",
    "municipality.decisions.rules.may_note_absence": "municipality:absence_new",
    "municipality.imports.rules.may_import": "municipality:import_current",
    "municipality.imports.rules.may_hand_in": "municipality:imports",
    "municipality.accounts.rules.may_invite": "municipality:invite",
    "municipality.accounts.rules.may_ask_renewal": "municipality:renewal_ask",
    "municipality.accounts.rules.may_see_renewal": "municipality:renewal",
    "municipality.accounts.rules.may_answer_renewal": "municipality:renewal_confirm",
    "municipality.reminders.rules.may_care_for_mail": "municipality:mail_retry",
    "municipality.organisation.rules.leads": "evaluation:review_edit",
    "municipality.decisions.rules.may_act_on": "municipality:decision_review",
    "municipality.decisions.rules.may_decide_for": "municipality:decision_approve",
    "municipality.decisions.rules.may_answer": "municipality:decision_file_add",
    "municipality.decisions.rules.may_review": "municipality:decision_review",
    "municipality.decisions.rules.may_submit": "municipality:decision_submit",
    "municipality.decisions.rules.may_take_over": "municipality:decision_take_over",
    "municipality.decisions.rules.may_withdraw": "municipality:decision_withdraw",
    "municipality.decisions.rules.may_add_paper": "municipality:decision_file_add",
    "municipality.decisions.rules.may_keep_document": "municipality:decision_document",
    "municipality.decisions.rules.may_circulate": "municipality:decision_circulate",
    "municipality.decisions.rules.may_note_reading": "municipality:decision_read",
    "municipality.decisions.rules.may_record_decision": "municipality:decision_record",
    "rollout.readiness.rules.may_open_round": "rollout:open_round",
    "rollout.readiness.rules.may_extend": "rollout:extend",
    "rollout.readiness.rules.may_ask_for_exception": "rollout:exception_ask",
    "rollout.readiness.rules.may_decline_exception": "rollout:exception_decline",
    "rollout.readiness.rules.may_grant_exception": "rollout:exception",
    "rollout.readiness.rules.may_revoke_exception": "rollout:exception_revoke",
    "rollout.readiness.rules.may_ask_to_reexamine": "rollout:reexamine",
    "rollout.readiness.rules.may_decide_reexamination": "rollout:reexamination",
    "rollout.readiness.rules.may_submit": "rollout:submit",
    "rollout.readiness.rules.may_fill_in": "rollout:answers",
    "rollout.readiness.rules.may_review": "rollout:review",
    "rollout.readiness.rules.may_confirm": "rollout:confirm",
    "training.courses.rules.may_manage_courses": "training:create_course",
    "training.completions.rules.may_complete": "training:complete",
    "training.completions.rules.may_list_completions": "training:completions",
    "training.completions.rules.may_void": "training:void",
    "training.assignments.rules.may_cancel": "training:cancel",
    "pilots.days.rules.may_declare": "pilots:usage_month_declare",
    "pilots.days.rules.may_hand_in_records": "pilots:usage_new",
    "pilots.days.rules.may_correct": "pilots:usage_record",
    "pilots.days.rules.may_see_records": "pilots:usages",
    "pilots.days.rules.may_remind_month": "pilots:usage_month_remind",
    "pilots.planning.rules.may_plan": "pilots:new",
    "pilots.planning.rules.may_run": "pilots:edit",
    "pilots.expansion.rules.may_expand": "pilots:expand",
    "pilots.expansion.rules.may_change_expansion": "pilots:expansion_edit",
    "pilots.expansion.rules.may_change_plan": "pilots:expansion_department",
    "pilots.participants.rules.may_see_participants": "pilots:pilot",
    "pilots.participants.rules.may_take_part": "pilots:agree",
    "pilots.participants.rules.may_remove": "pilots:remove",
    "evaluation.appraisal.access.rules.works_here": "evaluation:sheets",
    "evaluation.appraisal.schemes.rules.may_run_periods": "evaluation:period_new",
    "evaluation.appraisal.access.rules.may_see_numbers": "evaluation:held",
    "evaluation.appraisal.sheets.rules.may_write_goals": "evaluation:goals",
    "evaluation.appraisal.sheets.rules.may_agree": "evaluation:sheet_agree",
    "evaluation.appraisal.access.rules.leads_people": "evaluation:pair_new",
    "evaluation.appraisal.one_on_ones.rules.may_record": "evaluation:talk_new",
    "evaluation.pdca.rules.may_write_review": "evaluation:review_edit",
    "evaluation.pdca.rules.may_remark": "evaluation:review_remark",
    "evaluation.pdca.rules.may_write_action": "evaluation:action_edit",
    "evaluation.pdca.rules.may_finish": "evaluation:action_finish",
    "evaluation.pdca.rules.may_reopen": "evaluation:action_reopen",
    "dashboard.overview.rules.may_see_dashboard": "dashboard:dashboard",
}
"""What each rule guards: with it saying yes to everybody, this address answers wrongly or leaks."""

REFUSES_NOBODY_MORE: dict[str, str] = {
    "municipality.organisation.rules.may_see_member": (
        "who sees no persons finds nobody else: MemberQuerySet has its control"
    ),
    "municipality.decisions.rules.may_end_absence": (
        "asks may_note_absence, which the operation asks again"
    ),
    "municipality.decisions.rules.may_open_draft": (
        "leads to an open draft, whose page asks again (tests of routes)"
    ),
    "municipality.decisions.rules.may_raise": (
        "asked where a higher post has somebody (tests of decisions in place)"
    ),
    "municipality.reminders.rules.may_decide_hold": (
        "only the office finds what is held: OfficeQuerySet has its control"
    ),
    "pilots.days.rules.may_declare_month": "asks may_declare, which the operation asks again",
    "pilots.days.rules.may_hand_in_for": (
        "the form offers one's own people only: the tests of records ask the operation"
    ),
    "pilots.days.rules.may_take_in_records": (
        "only who handed it in and the office find a file: FileImportQuerySet has its control"
    ),
    "pilots.planning.rules.may_plan_for": (
        "the form offers no other department: the tests of planning ask the operation"
    ),
    "evaluation.appraisal.one_on_ones.rules.may_meet": (
        "the form offers one's own people only: the tests of 1on1 ask the operation"
    ),
    "evaluation.appraisal.one_on_ones.rules.may_note": (
        "only the two find their talk: the tests of 1on1 ask the operation"
    ),
    "evaluation.appraisal.one_on_ones.rules.may_keep": (
        "one finds one's own promises only: the tests of 1on1 ask the operation"
    ),
}
"""Rules behind another guard, which holds by itself in the matrix."""


def rules() -> Iterator[str]:
    """Every public rule: a function that answers True or No."""
    root = Path(settings.BASE_DIR)
    for file in sorted(file for app in APPS for file in (root / app).rglob("rules.py")):
        module = import_module(".".join(file.relative_to(root).with_suffix("").parts))
        for name, function in vars(module).items():
            own = (
                inspect.isfunction(function)
                and function.__module__ == module.__name__
                and not name.startswith("_")
            )
            if own and function.__annotations__.get("return") == "Answer":
                yield f"{module.__name__}.{name}"


def test_every_rule_has_its_control():
    assert set(rules()) == set(RULES) | set(REFUSES_NOBODY_MORE)
    assert not set(RULES) & set(REFUSES_NOBODY_MORE)


def yes(member: object, obj: object = None) -> bool:
    return True


@pytest.mark.parametrize("name", RULES, ids=lambda name: name.rpartition(".")[2])
def test_with_a_rule_that_always_says_yes_the_matrix_is_red(name, world, asker, monkeypatch):
    module, _dot, rule = name.rpartition(".")
    function: Callable = getattr(import_module(module), rule)
    monkeypatch.setattr(function, "__code__", yes.__code__)
    assert first_difference(world, asker, RULES[name]) != ""


def as_the_post(member, step):
    return Acting(step.Capacity.OWN, step.post.title)  # noqa: F821 - a name of the module it runs in


def test_with_everybody_acting_as_the_post_the_matrix_is_red(world, asker, monkeypatch):
    monkeypatch.setattr(acting_as, "__code__", as_the_post.__code__)
    assert first_difference(world, asker, "municipality:decision_approve") != ""


# --- doors ----------------------------------------------------------------------------------------


def test_without_the_door_the_cases_of_the_second_factor_are_red(world, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "AccessMiddleware" not in name]
    asker, row = Asker(world), next(row for row in ROWS if row.name == "municipality:departments")
    found = list(
        differences(
            world, asker, row, [case for case in cases_of(world, row) if case.who == "half"]
        )
    )
    assert found[0] == "municipality:departments GET - half: 200 instead of 302 "


@pytest.mark.parametrize(
    ("gone", "header"),
    [
        ("AnswerMiddleware", "Cache-Control"),
        ("CSPMiddleware", "Content-Security-Policy"),
        ("XFrameOptions", "X-Frame-Options"),
    ],
)
def test_an_answer_without_its_headers_is_found(world, settings, gone, header):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if gone not in name]
    assert (
        Asker(world).ask("office", "GET", f"/{world.here.code}/notices/").lacks.startswith(header)
    )


class Bare:
    """Two views more under a body's code: one that declares no rule, one that writes when it is
    only looked at.
    """

    @staticmethod
    def view(request, code):
        return HttpResponse("inside")

    @staticmethod
    @page(anyone)
    def writes(request):
        request.municipality.contact = "changed"
        request.municipality.save()
        return HttpResponse("looked")

    more = [
        path("bare/", view.__func__, name="bare"),
        path("writes/", writes.__func__, name="writes"),
    ]
    urlpatterns = [path("<body:code>/", include(more)), *real]


def test_a_page_of_a_body_without_a_rule_is_refused_at_run_time(world, asker, settings):
    settings.ROOT_URLCONF = Bare
    address = f"/{world.here.code}/bare/"
    assert asker.ask("signed_out", "GET", address).status == 302
    assert asker.ask("half", "GET", address).location.startswith("/accounts/two-factor/")
    answer = asker.ask("office", "GET", address)
    assert (answer.status, "declares no rule" in answer.location) == (500, True)


def test_a_page_that_writes_when_it_is_looked_at_is_found(world, asker, settings):
    settings.ROOT_URLCONF = Bare
    answer = asker.ask("staff", "GET", f"/{world.here.code}/writes/")
    assert (answer.status, answer.changed) == (200, True)
    assert not asker.ask("staff", "GET", f"/{world.here.code}/notices/").changed
