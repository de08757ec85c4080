"""How ready the departments of a plan or an expansion are: as values that are frozen, and in words.

Posts are named, never persons: the values stand in decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.date_words import NOTHING, era_day
from municipality.core.frozen_content import ASOF, keyed_head
from municipality.core.worded import kept, said, sentences, strung, worded
from pilots.planning.checks import plan_notes
from pilots.planning.wording import joined
from rollout.readiness.models import BlockerException
from rollout.readiness.queries import (
    NEVER_ASKED,
    NotReady,
    ReadinessReason,
    Ready,
    readiness_of_all,
)

if TYPE_CHECKING:
    from municipality.organisation.models import Department
    from pilots.planning.models import Expansion, Pilot

OF_EXCEPTION = (
    "department",
    "code",
    "reason",
    "conditions",
    "granted_as",
    "granted_on",
    "valid_until",
)
"""Values by which two exceptions are the same; `department` is the one below, if any."""

READINESS = "readiness"
"""Key of the table of 準備度 in a decision."""

EARLIER_COLUMNS = {
    "部署": "department",
    "回": "round",
    "確定日": "confirmed_on",
    "点": "score",
    "未達の必須条件": "unmet",
    "例外": "exceptions",
}
"""Its columns in decisions that were frozen before keys were."""

READINESS_FOR_FEW = {ASOF, *EARLIER_COLUMNS.values()}
"""What of the table tells no number of people."""

EARLIER_NOTICES = {
    ".+は必須条件「.+」を満たしていません": "exception",
    "接続方式と上限についての注意": "method",
}
"""Titles of the notices in decisions that were frozen before keys were."""

NOTICES_FOR_FEW = {"exception", "method"}
"""Notices that tell no number of people."""


def readiness_values(answer: Ready | NotReady) -> dict[str, Any]:
    """The confirmed round behind a department's readiness, the conditions that are open and those
    that were passed over, as plain values. A condition of a department below names it as
    `department`.
    """
    basis = answer.basis
    return {
        "ready": bool(answer),
        "round": basis.round if basis else None,
        "confirmed_on": basis.confirmed_on.isoformat() if basis else None,
        "age": basis.age if basis else None,
        "score": f"{basis.score:.1f}" if basis and basis.score is not None else None,
        "open": [
            _condition_values(answer, reason) | _ended_values(reason)
            for reason in answer.open_conditions
        ],
        "exceptions": [
            _condition_values(answer, reason) | _exception_values(reason.exception)
            for reason in answer.passed_over
            if reason.exception
        ],
    }


def readiness_rows(departments: Iterable[Department], today: date) -> list[dict[str, Any]]:
    """The values of each department with its name, as a decision keeps them."""
    departments = list(departments)
    answers = readiness_of_all(departments, today)
    return [{"name": row.name} | readiness_values(answers[row.pk]) for row in departments]


def _condition_values(answer: Ready | NotReady, reason: ReadinessReason) -> dict[str, Any]:
    below = reason.department != answer.department
    return ({"department": reason.department.name} if below else {}) | {
        "code": reason.code,
        "name": kept(reason.name),
        "level": reason.level,
        "needed": reason.needed,
    }


def _ended_values(reason: ReadinessReason) -> dict[str, Any]:
    return {"ended": kept(_ended_words(reason))} if reason.ended else {}


def _exception_values(exception: BlockerException) -> dict[str, Any]:
    return {
        "reason": exception.reason,
        "conditions": exception.conditions,
        "granted_as": exception.granted_as,
        "granted_on": timezone.localdate(exception.granted_at).isoformat(),
        "valid_until": exception.valid_until.isoformat(),
    }


def reason_words(reason: ReadinessReason) -> str:
    """One thing that stands against a department, to follow its name."""
    if reason.code == NEVER_ASKED:
        return said(_("準備度評価を受けていません。"))
    if not reason.is_condition:
        return said(_("準備度評価が確定していません。"))
    words = said(
        _("必須条件「%(code)s %(name)s」が未達です(いま%(level)s、%(needed)s以上)。"),
        code=reason.code,
        name=reason.name,
        level=reason.level,
        needed=reason.needed,
    )
    return strung(" ", words, _ended_words(reason)) if reason.ended else words


def _ended_words(reason: ReadinessReason) -> str:
    """Why the exception that was granted last passes the condition over no more; empty without
    one.
    """
    exception = reason.ended
    if exception is None:
        return ""
    if exception.revoked_at:
        day = era_day(timezone.localdate(exception.revoked_at))
        return said(_("例外の承認は%(day)sに取り消されました。"), day=day)
    if not exception.covers(reason.level):
        words = _("例外の承認は段階%(level)s以上が対象で、いまの段階には及びません。")
        return said(words, level=exception.level)
    return said(_("例外の期限は%(day)sまでです。"), day=era_day(exception.valid_until))


def against_words(answer: Ready | NotReady) -> str:
    """What stands against a department, with its name; empty when nothing does."""
    return " ".join(
        _("%(department)s: %(reason)s")
        % {"department": reason.department, "reason": reason_words(reason)}
        for reason in answer.open
    )


def exceptions_not_shown(
    answers: Iterable[Ready | NotReady], rows: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Exceptions of today that the frozen rows of a decision do not show with the same values
    (OF_EXCEPTION): each with `of`, the name of the department that was asked about.
    """
    shown = [
        (row["name"], [each.get(key) for key in OF_EXCEPTION])
        for row in rows
        for each in row.get("exceptions", [])
    ]
    return [
        {"of": answer.department.name} | each
        for answer in answers
        for each in readiness_values(answer)["exceptions"]
        if (answer.department.name, [each.get(key) for key in OF_EXCEPTION]) not in shown
    ]


def exception_words(department: str, exception: dict[str, Any]) -> str:
    """A 必須条件 that was passed over: whose, which, by which post, why, until when."""
    words = said(
        _("%(department)sの必須条件「%(code)s %(name)s」は、%(post)sが例外を承認しています。"),
        department=exception.get("department", department),
        code=exception["code"],
        name=worded(exception["name"]),
        post=exception["granted_as"],
    )
    return sentences(words, exception_reason(exception))


def exception_reason(exception: dict[str, Any]) -> str:
    """Why it was passed over, under which conditions, and until when, as one sentence."""
    until = era_day(date.fromisoformat(exception["valid_until"]))
    parts = [said(_("理由「%(text)s」"), text=exception["reason"])]
    if exception["conditions"]:
        parts.append(said(_("条件「%(text)s」"), text=exception["conditions"]))
    parts.append(said(_("%(day)sまで"), day=until))
    return said(_("%(reasons)s。"), reasons=joined(parts))


def offered_words(answer: Ready | NotReady) -> str:
    """How a department stands, in the few words behind its name in a list to choose from."""
    if conditions := answer.open_conditions:
        names = joined(_condition_label(answer, reason) for reason in conditions)
        return _("必須条件が未達: %(names)s") % {"names": names}
    if answer.basis is None:
        return said(_("準備度評価が未確定"))
    if conditions := answer.passed_over:
        return joined(
            f"{_condition_label(answer, reason)} {reason.exception.label}"
            for reason in conditions
            if reason.exception
        )
    return confirmed_words(answer.basis.round)


def _condition_label(answer: Ready | NotReady, reason: ReadinessReason) -> str:
    return _label(_condition_values(answer, reason), "code", "name")


def _label(condition: dict[str, Any], *parts: str) -> str:
    keys = [key for key in ("department", *parts) if key in condition]
    return strung(" ", *(worded(condition[key]) for key in keys))


def confirmed_words(round_: str) -> str:
    """That the readiness is confirmed, and in which round: a newer one may be running."""
    return _("準備度評価は%(round)sで確定") % {"round": round_}


def readiness_table(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """準備度 of a decision: department, round, day, score, what is not met, what was passed over.

    `rows` are values of `readiness_values` with the department's `name`.
    """
    return {
        "key": READINESS,
        "title": pgettext_lazy("決裁", "準備度"),
        "asof": _("点は0から4の平均です。必須条件は、試行を始める前に満たす条件です。"),
        "rows": [_readiness_cells(row) for row in rows],
    } | keyed_head(
        {
            "department": pgettext_lazy("組織", "部署"),
            "round": pgettext_lazy("準備度", "回"),
            "confirmed_on": pgettext_lazy("準備度", "確定日"),
            "score": pgettext_lazy("準備度", "点"),
            "unmet": _("未達の必須条件"),
            "exceptions": pgettext_lazy("準備度", "例外"),
        }
    )


def _readiness_cells(row: dict[str, Any]) -> list[Any]:
    return [
        row["name"],
        row["round"] or {"tone": "warn", "label": pgettext_lazy("準備度評価", "未確定")},
        era_day(date.fromisoformat(row["confirmed_on"])) if row["confirmed_on"] else NOTHING,
        str(Decimal(row["score"])) if row["score"] else NOTHING,
        _unmet_cell(row),
        joined([*_ended_cells(row), *(_exception_cell(each) for each in row["exceptions"])])
        or pgettext_lazy("例外", "なし"),
    ]


def _ended_cells(row: dict[str, Any]) -> list[str]:
    """What was passed over and is so no more, each with the reason."""
    return [
        strung(" ", _label(each, "code"), worded(each["ended"]))
        for each in row["open"]
        if "ended" in each
    ]


def _exception_cell(exception: dict[str, Any]) -> str:
    """Which condition was passed over by which post until when; the reason is a notice of its
    own.
    """
    return said(
        _("%(code)s %(post)sが承認(%(day)sまで)"),
        code=_label(exception, "code"),
        post=exception["granted_as"],
        day=era_day(date.fromisoformat(exception["valid_until"])),
    )


def _unmet_cell(row: dict[str, Any]) -> Any:
    unmet = [*row["open"], *row["exceptions"]]
    if not unmet:
        return pgettext_lazy("必須条件", "なし") if row["confirmed_on"] else NOTHING
    return {"tone": "bad", "label": joined(_label(each, "code", "name") for each in unmet)}


def exception_notices(rows: Iterable[dict[str, Any]], until: date) -> list[dict[str, Any]]:
    """What a decision says over its tables of each 必須条件 that was passed over, and that an exception
    ends before the last day of what is planned, where it does.
    """
    return [
        {
            "key": "exception",
            "tone": "warn",
            "title": said(
                _("%(department)sは必須条件「%(code)s %(name)s」を満たしていません"),
                department=each.get("department", row["name"]),
                code=each["code"],
                name=worded(each["name"]),
            ),
            "text": strung(
                "",
                said(
                    _("%(post)sが例外を承認しています。%(reason)s"),
                    post=each["granted_as"],
                    reason=exception_reason(each),
                ),
                _ends_early(each, until),
            ),
        }
        for row in rows
        for each in row.get("exceptions", [])
    ]


def _ends_early(exception: dict[str, Any], until: date) -> str:
    if date.fromisoformat(exception["valid_until"]) >= until:
        return ""
    return said(_("例外の期限は、試行の終了(%(day)s)より前です。"), day=era_day(until))


def method_notices(plan: Pilot | Expansion) -> list[dict[str, Any]]:
    """What a decision says over its tables of the method and the frequency of a plan."""
    title = _("接続方式と上限についての注意")
    return [
        {"key": "method", "tone": "warn", "title": title, "text": text} for text in plan_notes(plan)
    ]
