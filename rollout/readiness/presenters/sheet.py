"""One department's assessment for one viewer: results by axis, unmet conditions, and possible
actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from municipality.core.refusals import Answer as Verdict
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from municipality.organisation.rules import may_see_names
from municipality.web.components.cells import DueCell, due_cell
from rollout.readiness.models import Answer, Assessment, Axis, BlockerException
from rollout.readiness.presenters.returns import lowered_words, return_lines
from rollout.readiness.queries import passed_over
from rollout.readiness.rules import (
    may_confirm,
    may_fill_in,
    may_review,
    may_submit,
    why_not_submitted,
)
from rollout.readiness.scores import Score, Scores, score


@dataclass(frozen=True)
class AnswerLine:
    """Answer, that it was lowered against the round before, what came of its 差戻し, and the
    exception that passes it over.
    """

    answer: Answer
    lowered: str
    returned: list[str]
    exception: BlockerException | None


@dataclass(frozen=True)
class AxisLine:
    """Axis with the department's own score, the one that counts, the previous round, and the
    answers. `names`: whether persons are named.
    """

    axis: Axis
    own: Score
    now: Score
    before: Score | None
    answers: list[Answer]
    names: bool
    exceptions: dict[str, BlockerException]

    @property
    def answer_lines(self) -> list[AnswerLine]:
        """The answers with what came of them."""
        return [
            AnswerLine(
                row,
                lowered_words(row),
                return_lines(row, names=self.names),
                self.exceptions.get(row.criterion.code),
            )
            for row in self.answers
        ]

    @property
    def left(self) -> int:
        """Number of missing answers."""
        return self.own.total - self.own.answered

    @property
    def reviewed(self) -> int:
        """How many answers were reviewed."""
        return sum(answer.is_reviewed for answer in self.answers)

    @property
    def returned(self) -> int:
        """How many answers the office named when it sent them back."""
        return sum(bool(answer.return_remark) for answer in self.answers)

    @property
    def unsaid(self) -> bool:
        """Is the reason of a lowered level missing, or the reply to what was sent back?"""
        return any(row.is_unexplained or row.waits_for_reply for row in self.answers)

    @property
    def to_review(self) -> int:
        """Number of answers that are not reviewed yet."""
        return len(self.answers) - self.reviewed


class AssessmentSheet:
    """An assessment and its viewer. Three queries, two more where a 必須条件 is not met, and one more
    for a viewer who may carry the duty of 庶務担当.
    """

    def __init__(self, assessment: Assessment, member: Member) -> None:
        self.assessment, self.member, self.today = assessment, member, member.authority.day

    @cached_property
    def answers(self) -> list[Answer]:
        """All answers in the order of the catalogue."""
        answers = list(
            self.assessment.answers.select_related("criterion", "answered_by", "reviewed_by")
        )
        for answer in answers:
            answer.assessment = self.assessment
        return answers

    @cached_property
    def before(self) -> Assessment | None:
        """Last confirmed assessment of the department before this round."""
        rows = Assessment.objects.of(self.assessment.municipality_id).filter(
            department=self.assessment.department_id
        )
        return rows.before(self.assessment.round).confirmed().select_related("round").first()

    @cached_property
    def own(self) -> Scores:
        """Scores by the department's own levels."""
        return score(self.answers, level="own_level")

    @cached_property
    def now(self) -> Scores:
        """Scores by the levels that count."""
        return score(self.answers)

    @cached_property
    def lines(self) -> list[AxisLine]:
        """Axes in their order."""
        kept = self.before.result.axes if self.before else {}
        by_axis = {
            axis: list(answers)
            for axis, answers in groupby(self.answers, key=lambda answer: answer.criterion.axis)
        }
        return [
            AxisLine(
                axis,
                self.own.axes[axis],
                self.now.axes[axis],
                kept.get(axis.value),
                by_axis[axis],
                self.shows_names,
                self.exceptions,
            )
            for axis in Axis
            if axis in by_axis
        ]

    @cached_property
    def unmet(self) -> list[Answer]:
        """必須条件 that are answered and not met."""
        return [answer for answer in self.answers if answer.is_blocking]

    @cached_property
    def exceptions(self) -> dict[str, BlockerException]:
        """What passes unmet 必須条件 over, by code."""
        rows = passed_over([self.assessment], self.today) if self.unmet else {}
        return {row.criterion: row for row in rows.get(self.assessment.pk, [])}

    @property
    def unmet_lines(self) -> list[tuple[Answer, BlockerException | None]]:
        """Unmet 必須条件, each with the exception that passes it over."""
        return [(row, self.exceptions.get(row.criterion.code)) for row in self.unmet]

    @property
    def is_with_department(self) -> bool:
        """Whether the department can still change its answers."""
        return self.assessment.is_answering and self.assessment.round.is_open

    def late(self, today: date) -> DueCell | None:
        """The due date that passed, with the open days since; None when it is not late."""
        row = self.assessment
        if not row.is_late(today):
            return None
        return due_cell(row.due_on, today, open_days(row.municipality_id))

    @property
    def left(self) -> int:
        """Number of missing answers."""
        return self.own.total.total - self.own.total.answered

    @property
    def reviewed(self) -> int:
        """Number of reviewed answers."""
        return sum(line.reviewed for line in self.lines)

    @property
    def returned(self) -> list[Answer]:
        """The answers that the office named when it sent them back; none once they are with it."""
        if self.assessment.state != Assessment.State.RETURNED:
            return []
        return [answer for answer in self.answers if answer.return_remark]

    @property
    def goes_on(self) -> str:
        """Words of the link to the next axis."""
        if self.assessment.state == Assessment.State.NOT_STARTED:
            return _("回答を始める")
        if self.left:
            return _("続きに回答する")
        return _("回答を直す") if self.why_not_submitted else _("回答を見直す")

    @property
    def conditions_to_review(self) -> list[Answer]:
        """必須条件 that nobody reviewed yet: until then nothing is confirmed."""
        return [row for row in self.answers if row.criterion.blocker and not row.is_reviewed]

    @cached_property
    def why_not_submitted(self) -> str:
        """Why the answers cannot be handed in yet; empty when they can."""
        return why_not_submitted(self.assessment, self.answers)

    @property
    def next_axis(self) -> Axis:
        """Where the department goes on: the first axis where an answer, a reason or a reply is
        missing, then one that was sent back, else the first.
        """
        needs = next((line.axis for line in self.lines if line.left or line.unsaid), None)
        sent_back = next((line.axis for line in self.lines if line.returned), None)
        return needs or sent_back or Axis.DOCUMENTS

    @property
    def next_review(self) -> Axis:
        """Next axis to review."""
        return next(
            (line.axis for line in self.lines if line.reviewed < len(line.answers)), Axis.DOCUMENTS
        )

    @cached_property
    def may_fill_in(self) -> Verdict:
        """Whether the viewer may answer."""
        return may_fill_in(self.member, self.assessment)

    @cached_property
    def may_submit(self) -> Verdict:
        """Whether the viewer may submit."""
        return may_submit(self.member, self.assessment)

    @cached_property
    def may_review(self) -> Verdict:
        """Whether the viewer may review."""
        return may_review(self.member, self.assessment)

    @cached_property
    def may_confirm(self) -> Verdict:
        """Whether the viewer may confirm and return."""
        return may_confirm(self.member, self.assessment)

    @property
    def is_reviewer(self) -> bool:
        """Whether the viewer is of the office or a consultant."""
        return self.member.authority.is_office or self.member.authority.is_consultant

    @cached_property
    def shows_answers(self) -> bool:
        """Whether the answers are shown: drafts only to the department, returned ones also to those
        who returned them.
        """
        if self.assessment.is_handed_in or (
            self.assessment.state == Assessment.State.RETURNED and self.is_reviewer
        ):
            return True
        return bool(self.may_fill_in)

    @property
    def shows_names(self) -> bool:
        """Whether names are shown: external experts and auditors see posts only."""
        return bool(may_see_names(self.member))
