"""経過: everything done and said on a decision in all rounds, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import formal_day
from municipality.decisions.models import Decision, Revision, Step, StepKind, Takeover
from municipality.organisation.open_days import OpenDays


@dataclass(frozen=True)
class HistoryLine:
    """One line of the history: person, capacity, act, comment, time, and open days of waiting
    (None: nobody waited).
    """

    at: datetime
    name: str
    post: str
    words: str
    comment: str = ""
    waited: int | None = None


def history_lines(
    decision: Decision, steps: list[Step], revisions: list[Revision], calendar: OpenDays
) -> list[HistoryLine]:
    """The lines of a decision; `steps` are those of all rounds, the past ones too."""
    drafter, takeovers = (
        pgettext("決裁", "起案者"),
        list(decision.takeovers.select_related("former", "taken_by")),
    )
    who = decision.drafter.name
    lines = [
        HistoryLine(
            row.frozen_at,
            _drafter_at(row.frozen_at, decision, takeovers),
            drafter,
            _("第%(n)s版を回議") % {"n": row.number},
        )
        for row in revisions
    ]
    lines += [
        HistoryLine(
            row.taken_back_at,
            _drafter_at(row.taken_back_at, decision, takeovers),
            drafter,
            _("第%(n)s版を引戻し") % {"n": row.number},
        )
        for row in revisions
        if row.taken_back_at
    ]
    lines += [_taken_over(row) for row in takeovers]
    lines += [
        HistoryLine(step.opened_at, who, step.post.title, step.get_state_display())
        for step in steps
        if step.state == Step.State.SKIPPED and step.opened_at
    ]
    lines += [_acted(step, step.acted_at, calendar) for step in steps if step.acted_at]
    lines += [_reviewed(step) for step in steps if step.reviewed_at and step.reviewed_by]
    if decision.state == Decision.State.WITHDRAWN and decision.closed_at:
        lines.append(HistoryLine(decision.closed_at, who, drafter, pgettext("決裁", "取下げ")))
    if decision.recorded_by and decision.decided_on and decision.closed_at:
        lines.append(
            HistoryLine(
                decision.closed_at,
                decision.recorded_by.name,
                pgettext("決裁", "事務局"),
                _recorded(decision),
            )
        )
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _drafter_at(moment: datetime, decision: Decision, takeovers: list[Takeover]) -> str:
    """Who was the drafter then."""
    later = next((row for row in takeovers if row.taken_at > moment), None)
    return later.former.name if later else decision.drafter.name


def _taken_over(row: Takeover) -> HistoryLine:
    words = _("%(name)sさんから起案を引継ぎ") % {"name": row.former.name}
    return HistoryLine(
        row.taken_at, row.taken_by.name, pgettext("決裁", "事務局"), words, row.reason
    )


def _acted(step: Step, acted: datetime, calendar: OpenDays) -> HistoryLine:
    waited = calendar.between(
        timezone.localdate(step.opened_at or acted), timezone.localdate(acted)
    )
    return HistoryLine(
        acted, step.acted_name, step.acted_post, words_of(step), step.comment, waited
    )


def _recorded(decision: Decision) -> str:
    values = {"day": formal_day(decision.decided_on), "post": decision.decided_post}
    return _("%(day)sに%(post)sが決裁したものを記録") % values


def words_of(step: Step) -> str:
    """Act in a word or two: 条件付, 決裁(代決), 承認(引上げ)."""
    said = step.get_opinion_display() or step.get_state_display()
    if step.kind == StepKind.DECIDE and step.state == Step.State.APPROVED:
        said = step.get_kind_display()
    if step.capacity in Step.IN_PLACE:
        return f"{said}({step.get_capacity_display()})"
    if step.instead_of:
        return _("%(said)s(「%(name)s」の代わり)") % {"said": said, "name": step.instead_of}
    return said


def _reviewed(step: Step) -> HistoryLine:
    said = pgettext("決裁", "後閲")
    return HistoryLine(step.reviewed_at, step.reviewed_by.name, step.post.title, said)  # type: ignore[union-attr,arg-type]
