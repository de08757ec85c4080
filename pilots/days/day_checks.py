"""What speaks against entering a record on a page: its day, and the other records of that day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from municipality.organisation.leadership import main_department
from municipality.organisation.models import Member
from pilots.days.models import DAY_MINUTES, Usage, UsageQuerySet
from pilots.days.rules import may_hand_in_for

MINUTES_OF_DAY = 24 * 60


def day_fault(member: Member, day: date, *, by: Member, today: date) -> str:
    """Why nobody, or not this reader, enters a record of the member for the day; empty when nothing
    speaks against it.
    """
    if day > today:
        return _("今日までの日を入力してください。")
    department = main_department(member, day)
    if department is None:
        return _("この日に在職していない職員です。発令を確認してください。")
    if not may_hand_in_for(by, department):
        return _("この日は、あなたの部署の職員ではありません。実施日を確かめてください。")
    return ""


def record_faults(
    others: UsageQuerySet, unit: str, minutes: int, start: str, corrected: Usage | None = None
) -> dict[str, str]:
    """Why a record does not fit beside the `others` of its person and day, by the field at fault.
    One query.
    """
    if words := midnight_fault(start, minutes):
        return {"start": words}
    rows = list(others.values_list("unit", "part", "minutes"))
    parts = {part: each for other, part, each in rows if other == unit}
    is_numbered = corrected is not None and corrected.is_numbered
    stands = sum(each for _unit, _part, each in rows)
    return _same_record(unit, parts, start, is_numbered=is_numbered) or _too_long(
        unit, minutes, stands
    )


def _same_record(
    unit: str, parts: Mapping[str, int], start: str, *, is_numbered: bool
) -> dict[str, str]:
    """Why it could be one of those of its unit: their minutes by start or number.

    Of two records of 時間 without a start nobody can tell whether they are the same one: a second
    one is asked for its start. A correction of such a record (`is_numbered`) stays without.
    """
    if unit != Usage.Unit.HOURS:
        return {"unit": _("この日には、同じ単位の記録がもう1件あります。")} if parts else {}
    if start in parts:
        words = _("この日の%(start)sから始まる記録が、もう1件あります。")
        return {"start": words % {"start": start}}
    unnumbered = [each for part, each in parts.items() if ":" not in part]
    if not unnumbered or start or is_numbered:
        return {}
    words = _(
        "この日には、開始時刻のない時間単位の記録(%(hours)s)がもう1件あります。"
        "別の記録のときは、開始時刻を入力してください。"
    )
    return {"start": words % {"hours": clock_hours(unnumbered[0])}}


def _too_long(unit: str, minutes: int, stands: int) -> dict[str, str]:
    """Why the day would be longer than a working day, of which so many minutes `stand` already."""
    if minutes + stands <= DAY_MINUTES:
        return {}
    words = _("この日のほかの記録(%(hours)s)との合計が、1日の勤務時間(7時間45分)を超えます。")
    field = "time" if unit == Usage.Unit.HOURS else "unit"
    return {field: words % {"hours": clock_hours(stands)}}


def midnight_fault(start: str, minutes: int) -> str:
    """Why a record with this start (09:30, or empty) cannot last so long: it would end after its
    day; empty when it can.
    """
    if not start:
        return ""
    hour, minute = map(int, start.split(":"))
    if 60 * hour + minute + minutes <= MINUTES_OF_DAY:
        return ""
    return _("終わりが24時を過ぎます。24時より後は、翌日の記録として別に入力してください。")


def clock_hours(minutes: int) -> str:
    """Minutes as 3:30."""
    return f"{minutes // 60}:{minutes % 60:02d}"
