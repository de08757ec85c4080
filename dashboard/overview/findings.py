"""The sentences on top of 状況一覧: what matters most now, said with subject, number and
comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboard.overview.figures import Figures
from dashboard.overview.heat import Heat, HeatRow
from dashboard.overview.punctuality import Punctuality
from dashboard.overview.scope import Scope
from dashboard.overview.timeline import Timeline
from municipality.core.date_words import month_day, month_name
from municipality.core.figures import number_words, shown_step
from municipality.core.name_lists import all_names, some_names
from municipality.core.periods import Period
from municipality.organisation.open_days import OpenDays

MOST = 3


@dataclass(frozen=True)
class KeyFinding:
    """One finding: what is so, why it matters or where it comes from, and where to look."""

    sentence: str
    more: str
    address: str
    action: str


def findings(
    scope: Scope,
    calendar: OpenDays,
    *,
    figures: Figures,
    heat: Heat | None,
    reviews: Punctuality,
    pilots: Timeline,
) -> list[KeyFinding]:
    """The three that matter most: how telework stands, then what is late or stands in the way, then
    what waits.
    """
    ordered = [
        *usage(scope, figures),
        *blocked(scope, heat),
        *unsubmitted(scope, heat, calendar),
        *late_reviews(scope, reviews, calendar),
        *waiting(scope, pilots),
        *unbegun(scope, heat, pilots),
    ]
    return ordered[:MOST]


def usage(scope: Scope, figures: Figures) -> list[KeyFinding]:
    """K03 of the last month against the month before, and for how long it has gone that way."""
    now, before = figures.shown("K03", scope.month), figures.shown("K03", scope.month.previous)
    if now is None:
        return []
    values = {"month": month_name(scope.month.first), "n": number_words(now, 1)}
    sentence, more = _("%(month)sの実施率(対象職員)は%(n)s%%です。") % values, _run(scope, figures)
    missing = figures.missing_now("K03", scope.month)
    if missing:
        more = _("%(missing)s。そろうまでは、増減を比べられません。") % {"missing": missing}
        return [KeyFinding(sentence, more, "#usage", _("提出状況を見る"))]
    mark = figures.mark("K03", scope.month)
    if mark and before is not None:
        return [KeyFinding(sentence, f"{mark}。", "#trend", _("推移を見る"))]
    if before is not None:
        values["d"] = number_words(abs(shown_step(now, before)), 1)
        sentence = {
            True: _("%(month)sの実施率(対象職員)は%(n)s%%で、前月より%(d)sポイント上がりました。"),
            False: _("%(month)sの実施率(対象職員)は%(n)s%%で、前月より%(d)sポイント下がりました。"),
            None: _("%(month)sの実施率(対象職員)は%(n)s%%で、前月と同じです。"),
        }[_direction(now, before)] % values
    return [KeyFinding(sentence, more, "#trend", _("推移を見る"))]


def _direction(now: float, before: float) -> bool | None:
    """Up, down, or the same as far as it is shown."""
    step = shown_step(now, before)
    return step > 0 if step else None


def _run(scope: Scope, figures: Figures) -> str:
    """How many months in a row it went the same way, from three on."""
    months = comparable_months(figures)
    values = [figures.shown("K03", month) for month in months]
    known = [value for value in values if value is not None]
    steps = [_direction(now, before) for before, now in pairwise(known)]
    if None in values or not steps or steps[-1] is None:
        return ""
    length = next(
        (place for place, step in enumerate(reversed(steps)) if step != steps[-1]), len(steps)
    )
    if length < 2:
        return ""
    words = (
        _("%(n)sか月続けて上がっています。") if steps[-1] else _("%(n)sか月続けて下がっています。")
    )
    return words % {"n": length}


def comparable_months(figures: Figures) -> list[Period]:
    """The last months of which each may be compared with the one before."""
    months = figures.months
    breaks = [place for place, month in enumerate(months) if place and figures.breaks("K03", month)]
    return months[breaks[-1] :] if breaks else months


def names(rows: list[HeatRow]) -> str:
    """税務課・住民課, or 税務課・住民課・建設課ほか4部署."""
    listed = [row.name for row in rows]
    return some_names(listed, counted="departments", joint=pgettext("並び", "・"))


def blocked(scope: Scope, heat: Heat | None) -> list[KeyFinding]:
    """Departments in which a 必須条件 is not met, and on which axes."""
    if heat is None or not heat.blocked:
        return []
    sentence = ngettext(
        "%(names)sは、必須条件が満たされていません。",
        "%(names)sは、必須条件が満たされていません。",
        len(heat.blocked),
    )
    causes = all_names(
        _("「%(axis)s」が%(n)s部署") % {"axis": axis, "n": n} for axis, n in heat.causes[:2]
    )
    address = reverse("rollout:readiness", args=[scope.code])
    return [
        KeyFinding(
            sentence % {"names": names(heat.blocked)},
            _("内訳は%(causes)sです。") % {"causes": causes} + _passed_over(heat),
            address,
            _("準備度を見る"),
        )
    ]


def _passed_over(heat: Heat) -> str:
    """In how many of these departments one was passed over in writing; empty for none."""
    unmet = {row.name for row in heat.blocked}
    count = sum(row.name in unmet for row in heat.exceptions)
    words = ngettext(
        "うち%(n)s部署に例外承認があります。", "うち%(n)s部署に例外承認があります。", count
    )
    return words % {"n": count} if count else ""


def unsubmitted(scope: Scope, heat: Heat | None, calendar: OpenDays) -> list[KeyFinding]:
    """Departments whose readiness is late, by how many open days at most."""
    if heat is None or not heat.late:
        return []
    since = {row.late_since for row in heat.late if row.late_since}
    days = -calendar.left(scope.today, min(since))
    words = ngettext(
        "%(names)sの準備度評価が、期限から%(n)s開庁日を過ぎて未提出です。",
        "%(names)sの準備度評価が、期限から%(n)s開庁日を過ぎて未提出です。",
        days,
    )
    if len(since) > 1:
        words = ngettext(
            "%(names)sの準備度評価が、期限から最も長いもので%(n)s開庁日を過ぎて未提出です。",
            "%(names)sの準備度評価が、期限から最も長いもので%(n)s開庁日を過ぎて未提出です。",
            days,
        )
    more = ngettext(
        "次の対象部署を決める材料が%(n)s部署分足りません。",
        "次の対象部署を決める材料が%(n)s部署分足りません。",
        len(heat.late),
    )
    address = reverse("rollout:readiness", args=[scope.code])
    sentence = words % {"names": names(heat.late), "n": days}
    return [KeyFinding(sentence, more % {"n": len(heat.late)}, address, _("提出状況を見る"))]


def late_reviews(scope: Scope, reviews: Punctuality, calendar: OpenDays) -> list[KeyFinding]:
    """Reviews of the scope that are still open behind their day."""
    if not reviews.overdue:
        return []
    oldest = min(review.due_on for review in reviews.overdue)
    days = -calendar.left(scope.today, oldest)
    words = ngettext(
        "レビュー%(count)s件が締められていません。最も古いものは期限から%(n)s開庁日です。",
        "レビュー%(count)s件が締められていません。最も古いものは期限から%(n)s開庁日です。",
        days,
    )
    address = reverse("evaluation:reviews", args=[scope.code])
    return [
        KeyFinding(
            words % {"count": len(reviews.overdue), "n": days}, "", address, _("レビューを見る")
        )
    ]


def waiting(scope: Scope, pilots: Timeline) -> list[KeyFinding]:
    """Pilots and expansions that wait for their decision."""
    spans = [span for span in pilots.spans if span.style == "wait" and span.since >= scope.today]
    if not spans:
        return []
    values = {
        "name": spans[0].label,
        "word": spans[0].word,
        "day": month_day(spans[0].since),
    }
    sentence = _("「%(name)s」は%(day)sからの予定で、いまの状態は「%(word)s」です。") % values
    return [KeyFinding(sentence, "", spans[0].address, _("内容を見る"))]


def unbegun(scope: Scope, heat: Heat | None, pilots: Timeline) -> list[KeyFinding]:
    """What a body that has just begun has not yet."""
    missing = []
    if heat is None:
        address = reverse("rollout:readiness", args=[scope.code])
        missing.append(
            KeyFinding(_("準備度評価はまだ行われていません。"), "", address, _("準備度を見る"))
        )
    if not pilots.spans:
        address = reverse("pilots:pilots", args=[scope.code])
        missing.append(
            KeyFinding(_("今年度の試行はまだ計画されていません。"), "", address, _("試行を見る"))
        )
    return missing
