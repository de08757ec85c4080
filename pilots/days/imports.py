"""File of usage records (実施記録), as working-hours systems (庶務事務) export it."""

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

from municipality.core.batches import parts
from municipality.core.spreadsheets.cell_readers import choice, code, day, words
from municipality.core.spreadsheets.table import words_of
from municipality.imports.kinds import Column, ImportKind, ImportPlan, ImportRow
from municipality.organisation.models import Member, Municipality, Posting
from pilots.days.models import DAY_MINUTES, Usage
from pilots.days.operations import KEY, store
from pilots.planning.models import Method

UNITS = {
    "終日": Usage.Unit.FULL,
    "午前": Usage.Unit.MORNING,
    "午後": Usage.Unit.AFTERNOON,
    "時間": Usage.Unit.HOURS,
}

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
"""Person, day, unit, place and method: what makes a record the same one."""


def method(text: str) -> Method:
    """One of the seven methods, in full or short form, with brackets of either width."""
    short = _short(text)
    for name, value in METHODS.items():
        if short == _short(name):
            return value
    raise ValueError(_("%(words)s のいずれかを入力してください。") % {"words": words_of(METHODS)})


def _short(text: str) -> str:
    return unicodedata.normalize("NFKC", text).removesuffix("方式").replace("(VDI)", "").strip()


def hours(text: str) -> int:
    """Minutes from 3.5, 3:30 or 3時間30分; raises ValueError above a working day (7:45)."""
    text = unicodedata.normalize("NFKC", text)
    minutes = 0
    if match := CLOCK_HOURS.fullmatch(text):
        minutes = int(match[1]) * 60 + int(match[2])
    elif DECIMAL_HOURS.fullmatch(text):
        minutes = round(float(text) * 60)
    elif match := WORDED_HOURS.fullmatch(text):
        minutes = int(match[1] or 0) * 60 + int(match[2] or 0)
    if not 1 <= minutes <= DAY_MINUTES:
        raise ValueError(str(HOURS))
    return minutes


COLUMNS = (
    Column("職員番号", code(), example="001234"),
    Column("実施日", day, example="2026-06-01"),
    Column("単位", choice(UNITS), example="終日"),
    Column("時間数", hours, empty=None, optional=True, example="3:30", expected=HOURS),
    Column("場所", choice(PLACES), example="自宅"),
    Column(
        "方式",
        method,
        example="リモートデスクトップ方式",
        words=tuple(METHODS),
        expected=choice(METHODS).expected,
    ),
    Column("番号系列", words(20), empty="", optional=True, example="教育委員会"),
)


@dataclass
class Known:
    """Stored data of the file's people: members, main postings, and usage of those days in minutes."""

    members: dict[tuple[str, str], int]
    postings: dict[int, list[tuple[date, date | None, int]]]
    usages: dict[Key, int] = field(default_factory=dict)

    def department(self, member: int, on: date) -> int | None:
        """Department of the main posting on that day."""
        for starts_on, ends_on, department in self.postings.get(member, ()):
            if starts_on <= on and (ends_on is None or on <= ends_on):
                return department
        return None


def read_known(municipality: Municipality, rows: list[ImportRow]) -> Known:
    """Stored data of the people in the file. Three queries, however many rows there are."""
    numbers = {row["職員番号"] for row in rows}
    members = (
        Member.objects.of(municipality).order_by().values_list("series", "number", "pk").iterator()
    )
    known = Known(
        {(series, number): pk for series, number, pk in members if number in numbers},
        defaultdict(list),
    )
    member_ids = set(known.members.values())
    held = (
        Posting.objects.of(municipality)
        .filter(kind=Posting.Kind.MAIN, status=Posting.Status.PRESENT)
        .order_by()
    )
    for member, starts_on, ends_on, department in held.values_list(
        "member", "starts_on", "ends_on", "department"
    ).iterator():
        if member in member_ids:
            known.postings[member].append((starts_on, ends_on, department))
    if days := [row["実施日"] for row in rows if row["実施日"]]:
        stored = Usage.objects.of(municipality).between(min(days), max(days)).order_by()
        for member, *key, minutes in stored.values_list(*KEY, "minutes").iterator():
            if member in member_ids:
                known.usages[member, *key] = minutes
    return known


class UsagePlanner:
    """Plan of the records of a file. A record is identified by person, day, unit, place and method."""

    def __init__(self, municipality: Municipality, rows: list[ImportRow], today: date) -> None:
        self.municipality, self.rows, self.today = municipality, rows, today
        self.plan, self.known = ImportPlan(), read_known(municipality, rows[:])
        self.lines: dict[Key, ImportRow] = {}
        self.fresh: dict[Key, tuple[int, int]] = {}
        """Minutes and department of what is to be written."""

    def look(self) -> ImportPlan:
        """Plan every row, then check the total of each person and day."""
        for row in self.rows:
            if not row.bad and (member := self._member_of(row)) is not None:
                self._take(row, member)
        self._check_days()
        self.plan.commit = self.commit
        return self.plan

    def _member_of(self, row: ImportRow) -> int | None:
        """Member of the row; None when a value of the row is invalid."""
        before = len(self.plan.findings)
        member = self.known.members.get((row["番号系列"] or "", row["職員番号"]))
        if member is None:
            self.plan.refuse(row, "職員番号", _("この職員番号の職員が登録されていません。"))
        if row["実施日"] > self.today:
            self.plan.refuse(row, "実施日", _("今日までの日を入力してください。"))
        if row["単位"] == Usage.Unit.HOURS and row["時間数"] is None:
            self.plan.refuse(
                row,
                "時間数",
                _("単位が「時間」のときは、3.5 または 3:30 のように入力してください。"),
            )
        if member and self.known.department(member, row["実施日"]) is None:
            self.plan.refuse(
                row, "実施日", _("この日に在職していない職員です。発令を確認してください。")
            )
        return member if len(self.plan.findings) == before else None

    def _take(self, row: ImportRow, member: int) -> None:
        key = (member, row["実施日"], row["単位"], row["場所"], row["方式"])
        if key in self.lines:
            message = _("同じ記録が行 %(line)s にもあります。1行にまとめてください。")
            self.plan.refuse(row, "職員番号", message % {"line": self.lines[key].line})
            return
        self.lines[key] = row
        unit, stored = Usage.Unit(row["単位"]), self.known.usages.get(key)
        minutes = row["時間数"] or Usage.MINUTES[unit]
        label = f"{row['職員番号']} {row['実施日'].isoformat()} {unit.label}"
        if stored == minutes:
            self.plan.count("unchanged", row, label)
            return
        self.plan.count(
            "added" if stored is None else "changed", row, label, (_("時間数(分)"), stored, minutes)
        )
        self.fresh[key] = minutes, self.known.department(member, row["実施日"]) or 0

    def _check_days(self) -> None:
        """Refuse more than a working day for one person and day, in file and database together."""
        total: dict[tuple[int, date], int] = defaultdict(int)
        for (member, on, *_rest), (minutes, _department) in self.fresh.items():
            total[member, on] += minutes
        for key, minutes in self.known.usages.items():
            total[key[:2]] += 0 if key in self.fresh else minutes
        for key, row in self.lines.items():
            if total[key[:2]] > DAY_MINUTES:
                message = _("この職員のこの日の合計が%(minutes)s分になり、1日の465分を超えます。")
                self.plan.refuse(row, "時間数", message % {"minutes": total[key[:2]]})

    def commit(self, by: Member | None, now: datetime) -> None:
        """Write new and changed records, some thousands at a time."""
        for part in parts(list(self.fresh.items())):
            store([self._usage(key, *values) for key, values in part])

    def _usage(self, key: Key, minutes: int, department: int) -> Usage:
        member, on, unit, place, used = key
        return Usage(
            municipality=self.municipality,
            member_id=member,
            department_id=department,
            day=on,
            unit=unit,
            place=place,
            method=used,
            minutes=minutes,
        )


def plan_usages(rows: list[ImportRow], *, municipality: Municipality, today: date) -> ImportPlan:
    """Plan of the changes by a file of records."""
    return UsagePlanner(municipality, rows, today).look()


def tables(municipality: Municipality, rows: list[ImportRow]) -> list[QuerySet]:
    """Members and postings of the body, and the records of the file's days."""
    days = [row["実施日"] for row in rows if row["実施日"]]
    stored = Usage.objects.of(municipality)
    usages = stored.between(min(days), max(days)) if days else stored.none()
    return [Member.objects.of(municipality), Posting.objects.of(municipality), usages]


def current(municipality: Municipality, today: date) -> Iterator[tuple[Any, ...]]:
    """Every record, by day."""
    units, places, methods = (
        {str(value): word for word, value in known.items()} for known in (UNITS, PLACES, METHODS)
    )
    stored = Usage.objects.of(municipality).order_by("day", "pk")
    values = stored.values_list(
        "member__number", "day", "unit", "minutes", "place", "method", "member__series"
    )
    for number, on, unit, minutes, place, used, series in values.iterator(chunk_size=2_000):
        time = f"{minutes // 60}:{minutes % 60:02d}"
        yield number, on, units[unit], time, places[place], methods[used], series


USAGE = ImportKind(
    "usage",
    pgettext_lazy("取込み", "実施記録"),
    COLUMNS,
    plan_usages,
    tables=tables,
    current=current,
    help=gettext_lazy(
        "テレワークを実施した日・単位・場所・方式。同じファイルをもう一度取り込んでも、何も変わりません。"
    ),
)

IMPORTS = (USAGE,)
