"""The file of what was done (実施記録), as it comes out of the system of working hours (庶務事務)."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.imports.cells import choice, code, day, words
from municipality.imports.kinds import Column, ImportKind, Plan, Row, words_of
from municipality.models import Member, Municipality, Posting

from .models import DAY_MINUTES, Method, Usage
from .operations.usages import store

UNITS = {"終日": Usage.Unit.FULL, "午前": Usage.Unit.MORNING, "午後": Usage.Unit.AFTERNOON, "時間": Usage.Unit.HOURS}
PLACES = {
    "自宅": Usage.Place.HOME,
    "サテライト": Usage.Place.SATELLITE,
    "モバイル": Usage.Place.MOBILE,
    "その他": Usage.Place.OTHER,
}
METHODS = {
    "VPN方式": Method.VPN,
    "リモートデスクトップ方式": Method.REMOTE_DESKTOP,
    "仮想デスクトップ(VDI)方式": Method.VDI,
    "セキュアコンテナ方式": Method.CONTAINER,
    "セキュアブラウザ方式": Method.BROWSER,
    "クラウドサービス方式": Method.CLOUD,
    "スタンドアロン方式": Method.STANDALONE,
}
"""The seven methods by name; (VDI) and 方式 may be left out."""

HOURS = gettext_lazy("1日の勤務時間(7時間45分)までを、3.5 または 3:30 のように入力してください。")
CLOCK_HOURS = re.compile(r"(\d{1,2}):([0-5]\d)")
WORDED_HOURS = re.compile(r"(?:(\d{1,2})時間)?(?:(\d{1,3})分)?")
DECIMAL_HOURS = re.compile(r"\d{1,2}(?:\.\d{1,2})?")
Key = tuple[int, date, str, str, str]


def method(text: str) -> Method:
    """One of the seven methods, whether written in full or short, with brackets of either width."""
    short = _short(text)
    for name, value in METHODS.items():
        if short == _short(name):
            return value
    raise ValueError(_("%(words)s のいずれかを入力してください。") % {"words": words_of(METHODS)})


def _short(text: str) -> str:
    return unicodedata.normalize("NFKC", text).removesuffix("方式").replace("(VDI)", "").strip()


def hours(text: str) -> int:
    """Minutes from 3.5, 3:30 or 3時間30分; more than a working day (7:45) is refused."""
    text = unicodedata.normalize("NFKC", text)
    minutes = 0
    if found := CLOCK_HOURS.fullmatch(text):
        minutes = int(found[1]) * 60 + int(found[2])
    elif DECIMAL_HOURS.fullmatch(text):
        minutes = round(float(text) * 60)
    elif found := WORDED_HOURS.fullmatch(text):
        minutes = int(found[1] or 0) * 60 + int(found[2] or 0)
    if not 1 <= minutes <= DAY_MINUTES:
        raise ValueError(str(HOURS))
    return minutes


COLUMNS = (
    Column("職員番号", code(), example="001234"),
    Column("実施日", day, example="2026-06-01"),
    Column("単位", choice(UNITS), example="終日"),
    Column("時間数", hours, empty=None, optional=True, example="3:30", expected=HOURS),
    Column("場所", choice(PLACES), example="自宅"),
    Column("方式", method, example="リモートデスクトップ方式", words=tuple(METHODS), expected=choice(METHODS).expected),
    Column("番号系列", words(20), empty="", optional=True, example="教育委員会"),
)


@dataclass
class Known:
    """What the database holds, read once for the whole file: members, their main postings, records of those days."""

    members: dict[tuple[str, str], int]
    postings: dict[int, list[tuple[date, date | None, int]]]
    usages: dict[Key, int] = field(default_factory=dict)

    def department(self, member: int, on: date) -> int | None:
        """The department of the main posting on that day."""
        for starts_on, ends_on, department in self.postings.get(member, ()):
            if starts_on <= on and (ends_on is None or on <= ends_on):
                return department
        return None


def read_known(municipality: Municipality, rows: list[Row]) -> Known:
    """Three queries, however many rows there are."""
    members = Member.objects.of(municipality).values_list("series", "number", "pk")
    postings: dict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    held = Posting.objects.of(municipality).filter(kind=Posting.Kind.MAIN, status=Posting.Status.PRESENT).order_by()
    for member, starts_on, ends_on, department in held.values_list("member", "starts_on", "ends_on", "department"):
        postings[member].append((starts_on, ends_on, department))
    known = Known({(series, number): pk for series, number, pk in members}, postings)
    if days := [row["実施日"] for row in rows if row["実施日"]]:
        stored = Usage.objects.of(municipality).between(min(days), max(days)).order_by()
        known.usages = {
            (member, on, unit, place, used): minutes
            for member, on, unit, place, used, minutes in stored.values_list(
                "member", "day", "unit", "place", "method", "minutes"
            )
        }
    return known


def plan_usages(rows: list[Row], *, municipality: Municipality, today: date) -> Plan:
    """What the file would change. A record is known by person, day, unit, place and method; its value is the minutes."""
    plan, known = Plan(), read_known(municipality, rows)
    lines: dict[Key, Row] = {}
    fresh: list[Usage] = []
    for row in rows:
        usage = _read(row, plan, known, municipality, today)
        if usage is None:
            continue
        key = (usage.member_id, usage.day, usage.unit, usage.place, usage.method)
        if key in lines:
            plan.refuse(
                row,
                "職員番号",
                _("同じ記録が行 %(line)s にもあります。1行にまとめてください。") % {"line": lines[key].line},
            )
            continue
        lines[key] = row
        if _count(row, plan, usage, known.usages.get(key)):
            fresh.append(usage)
    _check_days(plan, known, lines, fresh)
    plan.commit = lambda by, now: _commit(fresh, by, now)
    return plan


def _read(row: Row, plan: Plan, known: Known, municipality: Municipality, today: date) -> Usage | None:
    if row.bad:
        return None
    before = len(plan.findings)
    member = known.members.get((row["番号系列"] or "", row["職員番号"]))
    if member is None:
        plan.refuse(row, "職員番号", _("この職員番号の職員が登録されていません。"))
    if row["実施日"] > today:
        plan.refuse(row, "実施日", _("今日までの日を入力してください。"))
    if row["単位"] == Usage.Unit.HOURS and row["時間数"] is None:
        plan.refuse(row, "時間数", _("単位が「時間」のときは、3.5 または 3:30 のように入力してください。"))
    department = known.department(member, row["実施日"]) if member else None
    if member and department is None:
        plan.refuse(row, "実施日", _("この日に在職していない職員です。発令を確認してください。"))
    if member is None or department is None or len(plan.findings) > before:
        return None
    minutes = row["時間数"] or Usage.MINUTES[row["単位"]]
    return Usage(
        municipality=municipality, member_id=member, department_id=department, day=row["実施日"], unit=row["単位"], minutes=minutes,
        place=row["場所"], method=row["方式"],
    )  # fmt: skip


def _count(row: Row, plan: Plan, usage: Usage, stored: int | None) -> bool:
    """Count the row; is there anything to write?"""
    label = f"{row['職員番号']} {usage.day.isoformat()} {usage.get_unit_display()}"
    if stored == usage.minutes:
        plan.count("unchanged", row, label)
        return False
    plan.count("added" if stored is None else "changed", row, label, (_("時間数(分)"), stored, usage.minutes))
    return True


def _check_days(plan: Plan, known: Known, lines: dict[Key, Row], fresh: list[Usage]) -> None:
    """Nobody works longer than a working day: records of the file and of the database together."""
    total: dict[tuple[int, date], int] = defaultdict(int)
    written = {(row.member_id, row.day, row.unit, row.place, row.method): row.minutes for row in fresh}
    for (member, on, *_rest), minutes in {**known.usages, **written}.items():
        total[member, on] += minutes
    for (member, on, *_rest), row in lines.items():
        if total[member, on] > DAY_MINUTES:
            plan.refuse(
                row,
                "時間数",
                _("この職員のこの日の合計が%(minutes)s分になり、1日の465分を超えます。")
                % {"minutes": total[member, on]},
            )


def _commit(fresh: list[Usage], by: Member | None, now: datetime) -> None:
    store(fresh)


def tables(municipality: Municipality, rows: list[Row]) -> list[QuerySet]:
    """People and postings of the body, and the records of the days in the file."""
    days = [row["実施日"] for row in rows if row["実施日"]]
    stored = Usage.objects.of(municipality)
    found = stored.between(min(days), max(days)) if days else stored.none()
    return [Member.objects.of(municipality), Posting.objects.of(municipality), found]


def current(municipality: Municipality, today: date) -> Iterator[tuple[Any, ...]]:
    """Every record, by day."""
    units, places, methods = ({str(value): word for word, value in known.items()} for known in (UNITS, PLACES, METHODS))
    stored = Usage.objects.of(municipality).order_by("day", "pk")
    facts = stored.values_list("member__number", "day", "unit", "minutes", "place", "method", "member__series")
    for number, on, unit, minutes, place, used, series in facts.iterator(chunk_size=2_000):
        time = f"{minutes // 60}:{minutes % 60:02d}"
        yield number, on, units[unit], time, places[place], methods[used], series


USAGE = ImportKind(
    "usage", pgettext_lazy("取込み", "実施記録"), COLUMNS, plan_usages, tables=tables, current=current,
    help=gettext_lazy("テレワークを実施した日・単位・場所・方式。同じファイルをもう一度取り込んでも、何も変わりません。"),
)  # fmt: skip
IMPORTS = (USAGE,)
