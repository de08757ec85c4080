"""Positive controls: with a guard switched off the matrix is red."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import include, path

from evaluation.models import one_on_ones, reviews, sheets
from municipality.models import (
    base,
    decisions,
    deputies,
    history,
    imports,
    notices,
    organisation,
    papers,
    people,
    reminders,
    renewals,
    transfers,
)
from municipality.pages import page
from municipality.rules import anyone
from municipality.views.people import may_end_absence
from pilots.models import expansion, participant, pilot, usage
from tests.world.asking import Asker
from training import models as training

from .table import ROWS
from .walk import cases_of, differences

pytestmark = [pytest.mark.django_db, pytest.mark.selfcheck]
APPS = ("municipality", "rollout", "training", "pilots", "evaluation", "dashboard")


def first_difference(world, asker, name: str) -> str:
    """The first case of an address that is not answered as the table says; empty when all are."""
    for row in ROWS:
        if row.name == name and (found := next(differences(world, asker, row, cases_of(world, row)), "")):
            return found
    return ""


# --- rows -------------------------------------------------------------------------------------------------------------------

ROWS_OF: dict[type[QuerySet], str] = {
    base.BodyQuerySet: "training:course",
    base.DepartmentalQuerySet: "rollout:assessment",
    decisions.DecisionQuerySet: "municipality:decision",
    deputies.AbsenceQuerySet: "municipality:absence_remove",
    people.MemberQuerySet: "municipality:member",
    people.PostingQuerySet: "municipality:department",
    imports.FileImportQuerySet: "municipality:import",
    history.DisposalQuerySet: "municipality:disposal",
    notices.NoticeQuerySet: "municipality:notice_open",
    notices.MailQuerySet: "municipality:mail_retry",
    reminders.OfficeQuerySet: "municipality:hold",
    renewals.RenewalQuerySet: "municipality:renewal",
    transfers.TransferQuerySet: "municipality:transfer",
    transfers.PassedQuerySet: "municipality:transfer",
    organisation.DepartmentQuerySet: "municipality:department",
    training.PersonalQuerySet: "training:assignment",
    pilot.PilotQuerySet: "pilots:pilot",
    participant.ParticipantQuerySet: "pilots:participant",
    expansion.ExpansionQuerySet: "pilots:expansion",
    sheets.SheetQuerySet: "evaluation:sheet",
    one_on_ones.PairQuerySet: "evaluation:pair",
    one_on_ones.OneOnOneQuerySet: "evaluation:one_on_one",
    one_on_ones.PromiseQuerySet: "evaluation:promise_done",
    one_on_ones.PrivateNoteQuerySet: "evaluation:one_on_one",
    reviews.ReviewQuerySet: "evaluation:review",
    reviews.ActionQuerySet: "evaluation:action",
}
"""What each `visible_to` guards: with it open, this address answers wrongly or leaks."""

ON_NO_PAGE: dict[type[QuerySet], str] = {
    decisions.StepQuerySet: "steps are fetched through their decision",
    papers.AttachmentQuerySet: "papers are fetched through their decision",
    papers.CirculationQuerySet: "who reads it is fetched through the decision",
    history.EntryQuerySet: "lines hold ids and verbs; names are looked up in the reader's own body: tests/municipality/test_log.py",
    people.GrantQuerySet: "roles are shown beside postings that were fetched for the reader",
    pilot.PilotPartQuerySet: "parts are fetched through their pilot",
    usage.UsageQuerySet: "records of telework have no page of their own yet; figures only",
    sheets.GoalQuerySet: "goals are fetched through their sheet",
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


# --- rules ------------------------------------------------------------------------------------------------------------------

RULES: dict[str, str] = {
    "municipality.rules.is_office": "municipality:settings",
    "municipality.rules.may_see_log": "municipality:log",
    "municipality.rules.may_propose_disposal": "municipality:erasure_new",
    "municipality.rules.may_approve_disposal": "municipality:disposal_approve",
    "municipality.rules.may_see_people": "municipality:people",
    "municipality.rules.may_see_names": "municipality:departments",
    "municipality.rules.may_see_member": "municipality:member",
    "municipality.rules.may_change_member": "municipality:member_edit",
    "municipality.rules.may_note_absence": "municipality:absence_new",
    "municipality.rules.may_import": "municipality:imports",
    "municipality.rules.may_invite": "municipality:invite",
    "municipality.rules.may_ask_renewal": "municipality:renewal_ask",
    "municipality.rules.may_see_renewal": "municipality:renewal",
    "municipality.rules.may_answer_renewal": "municipality:renewal_confirm",
    "municipality.rules.may_care_for_mail": "municipality:mail_retry",
    "municipality.rules.leads": "evaluation:review_edit",
    "municipality.rules.may_act_on": "municipality:decision_review",
    "municipality.rules.may_decide_for": "municipality:decision_approve",
    "municipality.rules.may_raise": "municipality:decision_approve",
    "municipality.rules.may_answer": "municipality:decision_approve",
    "municipality.rules.may_review": "municipality:decision_review",
    "municipality.rules.may_withdraw": "municipality:decision_withdraw",
    "municipality.rules.may_add_paper": "municipality:decision_file_add",
    "municipality.rules.may_keep_document": "municipality:decision_document",
    "municipality.rules.may_circulate": "municipality:decision_circulate",
    "municipality.rules.may_note_reading": "municipality:decision_read",
    "municipality.rules.may_record_decision": "municipality:decision_record",
    "rollout.rules.may_open_round": "rollout:open_round",
    "rollout.rules.may_submit": "rollout:submit",
    "rollout.rules.may_fill_in": "rollout:answers",
    "rollout.rules.may_review": "rollout:review",
    "rollout.rules.may_confirm": "rollout:confirm",
    "training.rules.may_manage_courses": "training:create_course",
    "training.rules.may_complete": "training:complete",
    "training.rules.may_cancel": "training:cancel",
    "pilots.rules.may_plan": "pilots:new",
    "pilots.rules.may_run": "pilots:edit",
    "pilots.rules.may_expand": "pilots:expand",
    "pilots.rules.may_change_expansion": "pilots:expansion_edit",
    "pilots.rules.may_see_participants": "pilots:pilot",
    "pilots.rules.may_take_part": "pilots:agree",
    "pilots.rules.may_remove": "pilots:remove",
    "evaluation.rules.works_here": "evaluation:sheets",
    "evaluation.rules.may_run_periods": "evaluation:period_new",
    "evaluation.rules.may_see_numbers": "evaluation:held",
    "evaluation.rules.may_write_goals": "evaluation:goals",
    "evaluation.rules.may_agree": "evaluation:sheet_agree",
    "evaluation.rules.leads_people": "evaluation:pair_new",
    "evaluation.rules.may_record": "evaluation:talk_new",
    "evaluation.rules.may_write_review": "evaluation:review_edit",
    "evaluation.rules.may_remark": "evaluation:review_remark",
    "evaluation.rules.may_write_action": "evaluation:action_edit",
    "evaluation.rules.may_finish": "evaluation:action_finish",
    "dashboard.rules.may_see_dashboard": "dashboard:dashboard",
}
"""What each rule guards: with it saying yes to everybody, this address answers wrongly or leaks."""

REFUSES_NOBODY_MORE: dict[str, str] = {
    "municipality.rules.may_decide_hold": "only the office finds what is held: OfficeQuerySet has its control",
    "municipality.rules.anyone": "says yes to everybody by its meaning",
    "rollout.rules.readiness_confirmed": "asks about a department, not about a member",
    "training.rules.may_see_progress": "no page asks it: the list is fetched for the reader's own people",
    "pilots.rules.may_plan_for": "the form offers no other department: tests/pilots/test_rules.py asks the operation",
    "evaluation.rules.may_meet": "the form offers one's own people only: tests/evaluation/test_one_on_ones.py asks the operation",
    "evaluation.rules.may_note": "only the two find their talk: tests/evaluation/test_one_on_ones.py asks the operation",
    "evaluation.rules.may_keep": "one finds one's own promises only: tests/evaluation/test_one_on_ones.py asks the operation",
}
"""Rules behind another guard, which holds by itself in the matrix."""


def rules() -> Iterator[str]:
    """Every public rule: a function that answers True or No."""
    for app in APPS:
        module = import_module(f"{app}.rules")
        for name, function in vars(module).items():
            own = inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
            if own and function.__annotations__.get("return") == "Answer":
                yield f"{app}.rules.{name}"


def test_every_rule_has_its_control():
    assert set(rules()) == set(RULES) | set(REFUSES_NOBODY_MORE)
    assert not set(RULES) & set(REFUSES_NOBODY_MORE)
    assert may_end_absence.__doc__, "asks may_note_absence, which has its control"


def yes(member: object, obj: object = None) -> bool:
    return True


@pytest.mark.parametrize("name", RULES, ids=lambda name: name.rpartition(".")[2])
def test_with_a_rule_that_always_says_yes_the_matrix_is_red(name, world, asker, monkeypatch):
    module, _dot, rule = name.rpartition(".")
    function: Callable = getattr(import_module(module), rule)
    monkeypatch.setattr(function, "__code__", yes.__code__)
    assert first_difference(world, asker, RULES[name]) != ""


# --- doors ------------------------------------------------------------------------------------------------------------------


def test_without_the_door_the_cases_of_the_second_factor_are_red(world, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "DoorMiddleware" not in name]
    asker, row = Asker(world), next(row for row in ROWS if row.name == "municipality:departments")
    found = list(differences(world, asker, row, [case for case in cases_of(world, row) if case.who == "half"]))
    assert found[0] == "municipality:departments GET - half: 200 instead of 302 "


@pytest.mark.parametrize(
    ("gone", "header"),
    [("AnswerMiddleware", "Cache-Control"), ("CSPMiddleware", "Content-Security-Policy"), ("XFrameOptions", "X-Frame-Options")],
)  # fmt: skip
def test_an_answer_without_its_headers_is_found(world, settings, gone, header):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if gone not in name]
    assert Asker(world).ask("office", "GET", f"/{world.here.code}/notices/").lacks.startswith(header)


class Bare:
    """Two views more under a body's code: one that declares no rule, one that writes when it is only looked at."""

    from config.urls import urlpatterns as real

    @staticmethod
    def view(request, code):
        return HttpResponse("inside")

    @staticmethod
    @page(anyone)
    def writes(request):
        request.municipality.contact = "changed"
        request.municipality.save()
        return HttpResponse("looked")

    more = [path("bare/", view.__func__, name="bare"), path("writes/", writes.__func__, name="writes")]
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
