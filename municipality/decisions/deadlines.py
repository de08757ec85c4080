"""Deadlines of decisions: steps that wait for somebody, and steps to be read afterwards (後閲)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.worded_field import read
from municipality.deadlines.kinds import Deadline, due_rows
from municipality.decisions.models import Circulation, Decision, Step
from municipality.organisation.models import Municipality, Posting


def steps_to_take(municipality: Municipality, today: date):
    """Steps whose turn it is, one row per holder, who is asked once for several side by side; the
    drafter is never asked for their own.
    """
    rows: Any = Step.objects.of(municipality).current().with_holders(today)
    rows = rows.exclude(holder=F("decision__drafter"))
    beside: Any = Step.objects.of(municipality).current().with_holders(today)
    asked = beside.filter(
        decision=OuterRef("decision"), pk__lt=OuterRef("pk"), holder=OuterRef("holder")
    )
    rows = rows.exclude(Exists(asked))
    return due_rows(
        rows,
        "decision.step",
        opened="opened_at__date",
        member="holder",
        path="department__path",
        title="decision__title",
        note="decision__drafter__name",
        object_id="decision_id",
    )


def steps_in_place(municipality: Municipality, today: date):
    """Current steps at which no holder is present, one row for each person who may act in their
    place (代決, 引上げ).
    """
    rows: Any = Step.objects.of(municipality).with_deputies(today).distinct()
    return _to_take(rows, "decision.deputy")


def steps_to_raise(municipality: Municipality, today: date):
    """The same for a step that a superior post of the route may approve (引上げ)."""
    rows: Any = Step.objects.of(municipality).with_superiors(today).distinct()
    return _to_take(rows, "decision.raise")


def _to_take(rows: Any, rule: str):
    return due_rows(
        rows,
        rule,
        opened="opened_at__date",
        member="holder",
        path="department__path",
        title="decision__title",
        note="post__title",
        object_id="decision_id",
    )


def vacant_steps(municipality: Municipality, today: date):
    """Current steps at a post that nobody but the drafter holds: due from the office until somebody
    holds it.
    """
    held = Posting.objects.present(today).filter(
        department=OuterRef("department"), post=OuterRef("post")
    )
    others = held.exclude(member=OuterRef("decision__drafter"))
    return due_rows(
        Step.objects.of(municipality).current().filter(~Exists(others)),
        "decision.vacancy",
        opened="opened_at__date",
        path="department__path",
        role="office",
        title="decision__title",
        note="post__title",
        object_id="decision_id",
    )


def steps_to_review(municipality: Municipality, today: date):
    """Steps done in place of a post (代決, 引上げ) that its holder has not read yet (後閲)."""
    rows: Any = Step.objects.of(municipality).filter(
        capacity__in=Step.IN_PLACE, reviewed_at=None, state=Step.State.APPROVED, past=False
    )
    rows = (
        rows.with_holders(today)
        .exclude(holder=F("decision__drafter"))
        .exclude(holder=F("acted_by"))
    )
    return due_rows(
        rows,
        "decision.review",
        opened="acted_at__date",
        member="holder",
        path="department__path",
        title="decision__title",
        note="acted_name",
        object_id="decision_id",
    )


def circulated_to_people(municipality: Municipality, today: date):
    """Decisions that a person is named to read (供覧)."""
    rows: Any = Circulation.objects.of(municipality).unread().filter(member__is_active=True)
    return _to_read(rows, "decision.read", "member")


def circulated_to_posts(municipality: Municipality, today: date):
    """Decisions that the holder of a post is named to read (供覧), one row for each holder."""
    rows: Any = Circulation.objects.of(municipality).unread().with_readers(today)
    return _to_read(rows, "decision.read_by_post", "holder")


def _to_read(rows: Any, rule: str, member: str):
    return due_rows(
        rows,
        rule,
        opened="opened_at__date",
        member=member,
        path="decision__department__path",
        title="decision__title",
        object_id="decision_id",
    )


DEADLINES = (
    Deadline(
        "decision.step",
        pgettext_lazy("対応の種類", "決裁"),
        _("内容を確認"),
        _("%(title)s"),
        "municipality:decision",
        steps_to_take,
        model=Decision,
        title_words=read,
        whom=_("その段階の職位にある人"),
        list_page="municipality:decisions",
        list_query="tab=others",
    ),
    Deadline(
        "decision.deputy",
        pgettext_lazy("対応の種類", "代決"),
        _("内容を確認"),
        _("%(title)s(%(note)sの不在による代決)"),
        "municipality:decision",
        steps_in_place,
        escalates="nobody",
        model=Decision,
        title_words=read,
        whom=_("代決する人に指定された人"),
        list_page="municipality:decisions",
    ),
    Deadline(
        "decision.raise",
        pgettext_lazy("対応の種類", "引上げ"),
        _("内容を確認"),
        _("%(title)s(%(note)sの引上げ)"),
        "municipality:decision",
        steps_to_raise,
        escalates="nobody",
        model=Decision,
        title_words=read,
        whom=_("経路の中の上位の職位にある人"),
        list_page="municipality:decisions",
    ),
    Deadline(
        "decision.vacancy",
        pgettext_lazy("対応の種類", "決裁"),
        _("経路を確認"),
        _("「%(title)s」が止まっています(%(note)sに就いている人がいません)"),
        "municipality:decision",
        vacant_steps,
        escalates="nobody",
        model=Decision,
        title_words=read,
        whom=_("事務局の全員"),
        list_page="municipality:decisions",
    ),
    Deadline(
        "decision.review",
        pgettext_lazy("対応の種類", "後閲"),
        pgettext_lazy("組織", "後閲する"),
        _("「%(title)s」の後閲"),
        "municipality:decision",
        steps_to_review,
        model=Decision,
        title_words=read,
        whom=_("代決された職位にある人"),
        list_page="municipality:decisions",
    ),
    *(
        Deadline(
            rule,
            pgettext_lazy("対応の種類", "供覧"),
            pgettext_lazy("決裁", "内容を読む"),
            _("「%(title)s」の供覧"),
            "municipality:decision",
            waiting,
            escalates="nobody",
            model=Decision,
            title_words=read,
            whom=whom,
        )
        for rule, waiting, whom in (
            ("decision.read", circulated_to_people, _("供覧に加えられた人")),
            ("decision.read_by_post", circulated_to_posts, _("供覧に加えられた職位にある人")),
        )
    ),
)
