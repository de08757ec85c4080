"""The 必須条件 of one department, as one viewer may see them, and what can be done with each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import cached_property

from municipality.core.refusals import Answer as Verdict
from municipality.organisation.models import Member
from municipality.organisation.rules import may_see_names
from rollout.readiness.models import (
    Answer,
    Assessment,
    BlockerException,
    ExceptionRequest,
    Reexamination,
)
from rollout.readiness.queries import ExceptionGrantors, exception_grantors
from rollout.readiness.rules import (
    may_ask_for_exception,
    may_ask_to_reexamine,
    may_decide_reexamination,
    may_grant_exception,
)


@dataclass(frozen=True)
class ConditionLine:
    """A 必須条件: the answer, the exception in force, what is asked to be looked at again, and the
    exception that is asked for. `exception` may be one that does not cover the present level.
    """

    answer: Answer
    exception: BlockerException | None
    asked: Reexamination | None
    may_decide: bool
    request: ExceptionRequest | None = None

    @property
    def is_open(self) -> bool:
        """Not met, and not passed over?"""
        return self.answer.is_blocking and not self.is_covered

    @property
    def is_covered(self) -> bool:
        """Does an exception pass it over at its present level?"""
        return self.exception is not None and self.exception.covers(self.answer.level)


class ConditionsSheet:
    """The conditions of an assessment and their viewer. Five queries, and those of the rules."""

    def __init__(self, assessment: Assessment, member: Member, today: date) -> None:
        self.assessment, self.member, self.today = assessment, member, today

    @cached_property
    def answers(self) -> list[Answer]:
        """The answers to the 必須条件 in the order of the catalogue."""
        answers = self.assessment.answers.filter(criterion__blocker=True)
        return list(answers.select_related("criterion"))

    @cached_property
    def exceptions(self) -> list[BlockerException]:
        """All that were ever granted to the department, the newest first."""
        rows = BlockerException.objects.visible_to(self.member).filter(
            department=self.assessment.department_id
        )
        return list(rows.select_related("granted_by", "revoked_by"))

    @property
    def past_exceptions(self) -> list[BlockerException]:
        """Those that are over, revoked, or not needed any more: the others stand with their
        condition.
        """
        shown = {line.exception.pk for line in self.lines if line.exception}
        return [row for row in self.exceptions if row.pk not in shown or not self.shows_answers]

    @cached_property
    def reexaminations(self) -> list[Reexamination]:
        """What was asked to be looked at again, the newest first."""
        rows = Reexamination.objects.visible_to(self.member).filter(answer__in=self.answers)
        return list(rows.select_related("answer__criterion", "asked_by", "decided_by"))

    @cached_property
    def requests(self) -> list[ExceptionRequest]:
        """Exceptions that were asked for, the newest first."""
        rows = ExceptionRequest.objects.visible_to(self.member).filter(answer__in=self.answers)
        return list(rows.select_related("answer__criterion", "asked_by", "settled_by"))

    @cached_property
    def lines(self) -> list[ConditionLine]:
        """The conditions one by one."""
        in_force = {
            row.criterion: row for row in reversed(self.exceptions) if row.holds_on(self.today)
        }
        asked = {
            row.answer_id: row
            for row in self.reexaminations
            if row.state == Reexamination.State.ASKED
        }
        return [self._line(answer, in_force, asked.get(answer.pk)) for answer in self.answers]

    def _line(
        self, answer: Answer, in_force: dict[str, BlockerException], asked: Reexamination | None
    ) -> ConditionLine:
        may_decide = asked is not None and bool(may_decide_reexamination(self.member, asked))
        exception = in_force.get(answer.criterion.code)
        return ConditionLine(answer, exception, asked, may_decide, self._waiting.get(answer.pk))

    @cached_property
    def _waiting(self) -> dict[int, ExceptionRequest]:
        waits = ExceptionRequest.State.ASKED
        return {row.answer_id: row for row in self.requests if row.state == waits}

    def asked_of(self, answer: Answer) -> ExceptionRequest | None:
        """The exception that is asked for of this condition and waits."""
        return self._waiting.get(answer.pk)

    @property
    def open(self) -> int:
        """How many are not met and not passed over."""
        return sum(line.is_open for line in self.lines)

    @cached_property
    def newer(self) -> Assessment | None:
        """The assessment confirmed in a later round, which took the place of this one."""
        rows = Assessment.objects.visible_to(self.member).newer_than(self.assessment)
        return rows.confirmed().select_related("round").first()

    @property
    def is_in_force(self) -> bool:
        """Only what was confirmed last can be passed over and looked at again."""
        return self.assessment.state == Assessment.State.CONFIRMED and self.newer is None

    @cached_property
    def may_grant(self) -> Verdict:
        """Whether the viewer may pass a condition over."""
        return may_grant_exception(self.member, self.assessment)

    @cached_property
    def may_ask(self) -> Verdict:
        """Whether the viewer may ask for an exception."""
        return may_ask_for_exception(self.member, self.assessment)

    @cached_property
    def may_reexamine(self) -> Verdict:
        """Whether the viewer may ask to look at a condition again."""
        return may_ask_to_reexamine(self.member, self.assessment)

    @cached_property
    def grantors(self) -> ExceptionGrantors:
        """Who passes over."""
        return exception_grantors(self.assessment.municipality_id, self.today)

    @property
    def shows_answers(self) -> bool:
        """What is being filled in stays with the department."""
        return self.assessment.is_handed_in or bool(self.may_reexamine)

    @property
    def shows_names(self) -> bool:
        """External experts and auditors see posts, not persons."""
        return bool(may_see_names(self.member))
