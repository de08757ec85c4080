"""Content of the decision about an expansion, as it is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.date_words import NOTHING, era_day, span_words
from municipality.core.frozen_content import keyed_head, keyed_spec
from municipality.core.worded import said, sentences
from municipality.organisation.models import Posting
from pilots.expansion import evidence as shown
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.models import Expansion, ExpansionDepartment, Method
from pilots.planning.readiness import (
    exception_notices,
    method_notices,
    readiness_rows,
    readiness_table,
)
from pilots.planning.wording import (
    MET_TONES,
    cost_words,
    joined,
    limit_words,
    threshold_words,
)
from pilots.results.evidence import evidence_row


def expansion_content_of(number: int, today: date) -> dict[str, Any]:
    """Content of the decision about the expansion with this number."""
    return expansion_content(Expansion.objects.get(pk=number))


def expansion_today_of(number: int, today: date) -> dict[str, Any]:
    """The same with how the departments stand today, for who decides on what was frozen."""
    expansion = Expansion.objects.get(pk=number)
    frozen = expansion.evidence
    if frozen["form"] != 1:
        rows = {row["name"]: row for row in readiness_rows(expansion.places, today)}
        now = [row | rows.get(row["name"], {}) for row in frozen["departments"]]
        expansion.evidence = frozen | {"departments": now}
    return expansion_content(expansion)


def yen_of_expansion(number: int) -> int:
    """Cost of the expansion with this number (yen), the total that its decision states: the route
    depends on it.
    """
    return total_yen(Expansion.objects.get(pk=number))


def expansion_content(expansion: Expansion) -> dict[str, Any]:
    """Content that asks to add these departments on this evidence. About the pilot it states only
    what the evidence holds.
    """
    evidence = expansion.evidence
    lead = _("「%(pilot)s」の結果をふまえ、下記のとおり「%(name)s」へ展開してよろしいか伺います。")
    return {
        "lead": said(lead, pilot=evidence["pilot"]["name"], name=expansion.name),
        **keyed_spec(_expansion_spec(expansion)),
        "tables": [
            _evidence_table(evidence),
            *_departments_tables(evidence),
            *_plans_tables(expansion),
        ],
        "notices": _notices(expansion),
        "evidence": {"hash": expansion.evidence_hash, "values": evidence},
    }


def _expansion_spec(expansion: Expansion) -> list[tuple[str, Any, Any]]:
    """Key, label and value of each row."""
    limit = limit_words(expansion.days_per_week, expansion.half_days)
    cost = cost_words(expansion.initial_yen, expansion.monthly_yen, total_yen(expansion))
    rows = [
        ("places", pgettext_lazy("試行", "対象部署"), staffed_words(expansion.evidence)),
        (
            "period",
            pgettext_lazy("試行", "期間"),
            span_words(expansion.starts_on, expansion.ends_on),
        ),
        ("method", pgettext_lazy("試行", "接続方式"), Method(expansion.method).label),
        ("limit", pgettext_lazy("試行", "上限"), limit),
        ("cost", pgettext_lazy("試行", "費用"), cost),
    ]
    if any(plan.criteria is None for plan in expansion.plans):
        words = _("もとの試行と同じ基準を引き継ぎ、承認の時に固定します。")
        rows.append(("criteria", _("成功の基準"), words))
    if expansion.explanation and not shown.weakness(expansion.evidence):
        rows.append(("explanation", _("起案者の説明"), expansion.explanation))
    return rows


def staffed_words(evidence: dict[str, Any]) -> str:
    """税務課(14人)、住民課(9人): the departments to go to with their staff."""
    return joined(
        said(_("%(name)s(%(n)s人)"), name=row["name"], n=row["staff"])
        for row in evidence["departments"]
    )


def total_yen(expansion: Expansion) -> int:
    """Initial cost and the monthly cost of every calendar month that the expansion touches
    (yen).
    """
    first, last = expansion.starts_on, expansion.ends_on
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return expansion.initial_yen + expansion.monthly_yen * months


def _evidence_table(evidence: dict[str, Any]) -> dict[str, Any]:
    met = said(
        _("達成 %(met)s / %(all)s。"),
        met=len(shown.met(evidence)),
        all=len(evidence["criteria"]),
    )
    fixed = max((row["fixed_on"] for row in evidence["criteria"]), default=evidence["first"])
    return {
        "key": "evidence",
        "title": pgettext_lazy("展開申請", "根拠"),
        "asof": sentences(met, evidence_words(evidence, fixed)),
        "rows": [_evidence_cells(row) for row in evidence["criteria"]],
    } | keyed_head(
        {
            "criteria": _("成功の基準"),
            "threshold": pgettext_lazy("試行", "基準値"),
            "value": pgettext_lazy("根拠", "実績"),
            "fraction": _("分子 / 分母"),
            "verdict": pgettext_lazy("根拠", "判定"),
        }
    )


def evidence_words(evidence: dict[str, Any], fixed: str) -> str:
    """Sentence with the day of the criteria, the measured days, and the time at which the values
    were frozen.
    """
    fixed_on, first, last = (
        date.fromisoformat(text) for text in (fixed, evidence["first"], evidence["last"])
    )
    frozen_on = datetime.fromisoformat(evidence["measured_at"]).date()
    return said(
        _("基準は%(fixed)sに決めたものです。%(span)sの値を、%(frozen)sに固定しました。"),
        fixed=era_day(fixed_on),
        span=span_words(first, last, fixed_on),
        frozen=era_day(frozen_on, last),
    )


def _evidence_cells(row: dict[str, Any]) -> list[Any]:
    """The same row with the verdict as a badge."""
    *cells, verdict = evidence_row(row)
    return [*cells, {"tone": MET_TONES[row["met"]], "label": verdict}]


def _departments_tables(evidence: dict[str, Any]) -> list[dict[str, Any]]:
    """How the departments stand; evidence of form 1 says only whether it was confirmed."""
    if evidence["form"] == 1:
        return [_departments_table(evidence)]
    return [readiness_table(evidence["departments"])]


def _departments_table(evidence: dict[str, Any]) -> dict[str, Any]:
    badges = {
        True: {"tone": "ok", "label": pgettext_lazy("準備度評価", "確定")},
        False: {"tone": "warn", "label": pgettext_lazy("準備度評価", "未確定")},
    }
    return {
        "key": "departments",
        "title": _("展開先の部署"),
        "asof": said(
            _("職員数は、%(day)sに本務で在職している人数です。"),
            day=era_day(datetime.fromisoformat(evidence["measured_at"])),
        ),
        "rows": [
            [row["name"], said(_("%(n)s人"), n=row["staff"]), badges[row["ready"]]]
            for row in evidence["departments"]
        ],
    } | keyed_head(
        {
            "department": pgettext_lazy("組織", "部署"),
            "staff": pgettext_lazy("試行", "職員数"),
            "readiness": _("準備度評価"),
        }
    )


def _plans_tables(expansion: Expansion) -> list[dict[str, Any]]:
    """What each department's pilot will be; nothing for what was asked for before that was set."""
    plans = expansion.plans
    if any(plan.criteria is None for plan in plans):
        return []
    leads = lead_posts(expansion, plans)
    return [
        {
            "key": "plans",
            "title": _("部署ごとの計画"),
            "asof": _fixing_words(plans),
            "rows": [
                [
                    plan.department.name,
                    plan.purpose,
                    plan.scope or NOTHING,
                    leads[plan.pk],
                    criteria_words(plan),
                ]
                for plan in plans
            ],
        }
        | keyed_head(
            {
                "department": pgettext_lazy("組織", "部署"),
                "purpose": pgettext_lazy("試行", "目的"),
                "scope": _("対象の業務"),
                "lead": _("試行の責任者"),
                "criteria": _("成功の基準"),
            }
        )
    ]


def _fixing_words(plans: list[ExpansionDepartment]) -> str:
    """When the criteria of the pilots are fixed: with the approval, where there are any."""
    if not any(plan.wanted for plan in plans):
        return said(_("基準は、開始までに部署で決めます。"))
    fixing = _("基準は承認の時に固定します。")
    if not all(plan.wanted for plan in plans):
        fixing = _("ここに書いた基準は承認の時に固定します。")
    carried = _("もとの試行から引き継いだ基準は、割合と1人当たりの値だけです。")
    return sentences(said(carried), said(fixing))


def lead_posts(expansion: Expansion, plans: Iterable[ExpansionDepartment]) -> dict[int, str]:
    """Who will lead by each of the expansion's plans, by the post: decisions name no persons. One
    query.
    """
    plans = list(plans)
    day = timezone.localdate(expansion.evidence_at)
    postings = Posting.objects.of(expansion.municipality_id).on(day).acting_first()
    named = postings.filter(member__in=[plan.lead_id for plan in plans if plan.lead_id])
    held: dict[int, Posting] = {}
    for posting in named.select_related("post", "department"):
        held.setdefault(posting.member_id, posting)
    return {plan.pk: _lead_words(plan, held) for plan in plans}


def _lead_words(plan: ExpansionDepartment, held: Mapping[int, Posting]) -> str:
    if plan.lead_id is None:
        return said(_("承認の時の所属長"))
    posting = held.get(plan.lead_id)
    if posting is None or posting.post is None:
        return said(_("指名した職員"))
    names = {"department": str(posting.department), "post": str(posting.post)}
    return said(_("%(department)s %(post)s"), **names)


def criteria_words(plan: ExpansionDepartment) -> str:
    """The criteria of a department's pilot in one line."""
    if not plan.wanted:
        return said(_("開始までに部署で決める"))
    return joined(
        said(
            _("%(name)s %(limit)s"),
            name=PILOT_INDICATORS[code].name,
            limit=threshold_words(threshold, PILOT_INDICATORS[code].unit, direction),
        )
        for code, direction, threshold in plan.wanted
    )


def _notices(expansion: Expansion) -> list[dict[str, Any]]:
    notices = exception_notices(expansion.evidence["departments"], expansion.ends_on)
    notices += method_notices(expansion)
    if weak := shown.weakness(expansion.evidence):
        text = said(_("起案者の説明「%(text)s」"), text=expansion.explanation)
        words = {"title": weak, "text": text, "explanation": expansion.explanation}
        notices.append({"key": "weakness", "tone": "warn"} | words)
    return notices
