"""What is due in the preparing stage: answers from the departments, also to what was sent back,
and confirmation from the office.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Case, CharField, Exists, F, Q, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from municipality.core.worded import in_language
from municipality.deadlines.kinds import Deadline, due_rows
from municipality.organisation.models import Municipality
from rollout.readiness.models import Assessment, ExceptionRequest, Reexamination, grantors

SEPARATOR = "\n"
"""Between the parts of a title or a note that `in_round` and `said_by` put into words."""

MOST_LETTERS = 80
"""Letters of the reason of a 差戻し in a list; the page of the assessment says all of it."""


CRITERION = Concat(
    "answer__criterion__title",
    Value(SEPARATOR),
    KeyTextTransform("title", "answer__criterion__english"),
    output_field=CharField(),
)
"""The name of a criterion in both languages, for `criterion_words`."""


def answers_to_give(municipality: Municipality, today: date):
    """Assessments that their department still has to answer for the first time while the round is
    open: due from its manager.
    """
    rows = Assessment.objects.of(municipality).to_answer().exclude(state=Assessment.State.RETURNED)
    return due_rows(
        rows,
        "readiness.answer",
        opened="round__opens_on",
        title="round__name",
        note="department__name",
        path="department__path",
        role="manager",
    )


def answers_to_correct(municipality: Municipality, today: date):
    """Assessments that the office sent back while the round is open: due from the department's
    manager. The note tells by whom and why.
    """
    rows = Assessment.objects.of(municipality).to_answer().filter(state=Assessment.State.RETURNED)
    between = Value(SEPARATOR)
    # When those of before were sent back is not known.
    rows = rows.annotate(since=Coalesce("returned_at__date", "round__opens_on"))
    return due_rows(
        rows,
        "readiness.correct",
        opened="since",
        title=Concat("department__name", between, "round__name"),
        note=Concat("returned_by__name", between, "remark", output_field=CharField()),
        path="department__path",
        role="manager",
    )


def criterion_words(text: str) -> str:
    """The name of a criterion."""
    japanese, _separator, english = text.partition(SEPARATOR)
    return in_language(japanese, english)


def in_round(text: str) -> str:
    """The assessment of a department in a round, from both names."""
    department, _separator, round_ = text.partition(SEPARATOR)
    return gettext("%(department)sの準備度評価(%(round)s)") % {
        "department": department,
        "round": round_,
    }


def said_by(text: str) -> str:
    """What somebody wrote, shortened, with the name before it."""
    name, _separator, words = text.partition(SEPARATOR)
    short = Truncator(" ".join(words.split())).chars(MOST_LETTERS)
    return gettext("%(label)s「%(text)s」") % {"label": name, "text": short}


def answers_to_confirm(municipality: Municipality, today: date):
    """Submitted assessments: due from the office. They have no path, because the department above
    must not be notified.
    """
    rows = Assessment.objects.of(municipality).to_confirm()
    return due_rows(
        rows,
        "readiness.confirm",
        due="confirm_due_on",
        opened="submitted_at__date",
        title="round__name",
        note="department__name",
        role="office",
    )


def reexaminations_to_decide(municipality: Municipality, today: date):
    """必須条件 that a department asked to look at again: due from the office."""
    rows = Reexamination.objects.of(municipality).filter(state=Reexamination.State.ASKED)
    return due_rows(
        rows,
        "readiness.reexamine",
        opened="asked_at__date",
        title=CRITERION,
        note="answer__assessment__department__name",
        role="office",
    )


def exceptions_to_decide(municipality: Municipality, today: date):
    """Exceptions that are asked for: due from each who grants them on the day, so that they follow
    the post and the duty by themselves; from member 0 where nobody does.
    """
    who = grantors(municipality.pk, today)
    nobody = ~Exists(who) & Q(municipality__people=F("asked_by"))  # still one row
    rows = ExceptionRequest.objects.of(municipality).waiting()
    rows = rows.filter(Q(municipality__people__in=who) | nobody)
    grantor = Case(When(Exists(who), then=F("municipality__people")), default=0)
    return due_rows(
        rows.annotate(grantor=grantor),
        "readiness.exception",
        opened="asked_at__date",
        title=CRITERION,
        note="answer__assessment__department__name",
        member="grantor",
    )


KIND = _("準備度評価")


EXCEPTIONS = Deadline(
    "readiness.exception",
    KIND,
    pgettext_lazy("対応", "判断する"),
    _("%(note)sの必須条件「%(title)s」の例外の承認"),
    "rollout:exception_request",
    exceptions_to_decide,
    model=ExceptionRequest,
    title_words=criterion_words,
    whom=_("例外を承認する人"),
)
"""It follows the post or the duty of whoever grants exceptions, not a role."""

DEADLINES = (
    Deadline(
        "readiness.answer",
        KIND,
        pgettext_lazy("対応", "回答する"),
        _("%(note)sの準備度評価(%(title)s)"),
        "rollout:assessment",
        answers_to_give,
        model=Assessment,
        whom=_("部署の所属長"),
        list_page="rollout:readiness",
    ),
    Deadline(
        "readiness.correct",
        KIND,
        pgettext_lazy("対応", "直す"),
        _("差戻し: %(title)s"),
        "rollout:assessment",
        answers_to_correct,
        model=Assessment,
        whom=_("部署の所属長"),
        list_page="rollout:readiness",
        title_words=in_round,
        note_words=said_by,
    ),
    Deadline(
        "readiness.confirm",
        KIND,
        pgettext_lazy("対応", "確認する"),
        _("%(note)sの準備度評価の確認(%(title)s)"),
        "rollout:assessment",
        answers_to_confirm,
        model=Assessment,
        whom=_("事務局の全員"),
        list_page="rollout:readiness",
    ),
    Deadline(
        "readiness.reexamine",
        KIND,
        pgettext_lazy("対応", "再確認する"),
        _("%(note)sの必須条件「%(title)s」の再確認"),
        "rollout:reexamination",
        reexaminations_to_decide,
        model=Reexamination,
        title_words=criterion_words,
        whom=_("事務局の全員"),
    ),
    EXCEPTIONS,
)
