"""Plan of a file of usage records: what it adds, corrects and removes, and what is remarkable."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from municipality.core.batches import parts
from municipality.core.date_words import era_day
from municipality.core.name_lists import all_names
from municipality.imports.kinds import ImportPlan, ImportRow, ReportProgress, reported
from municipality.organisation.models import Member, Municipality
from pilots.days.day_checks import midnight_fault
from pilots.days.known_usages import Key, UsageValues, is_number, numbers_of_day, read_known
from pilots.days.models import DAY_MINUTES, Usage
from pilots.days.operations.records import lock_usages, replace_by_file
from pilots.days.remarks import UsageFacts, UsageRemark, remark_rules, words_of_count
from pilots.days.rules import DEPARTMENTS
from pilots.planning.models import Method

BRING_BACK = "bring_back"
"""Option of a file: what was deleted on a page is taken in again."""

MOST_DIFFERENCES = 50
"""Differences from own entries that a preview names one by one."""


class UsagePlanner:
    """Plan of the records of a file. It replaces what earlier files brought for the people and
    months that it names; own entries stay, or give way where the body says so. What was deleted on
    a page stays deleted, unless the options `bring_back` it; they may limit the file to
    `departments`.
    """

    def __init__(
        self,
        municipality: Municipality,
        rows: list[ImportRow],
        today: date,
        options: Mapping[str, Any],
    ) -> None:
        self.municipality, self.rows, self.today = municipality, rows, today
        self.brings_back, self.limits = bool(options.get(BRING_BACK)), options.get(DEPARTMENTS)
        self.plan, self.known = ImportPlan(), read_known(municipality, rows)
        self.lines: dict[Key, ImportRow] = {}
        self.values: dict[Key, UsageValues] = {}
        self.written: set[Key] = set()
        self.left_out: list[Key] = []
        self.kept_days: set[tuple[int, date]] = set()
        self.gone: dict[Key, ImportRow] = {}
        self.deleted_notes: list[str] = []
        self.unnumbered: dict[tuple[int, date], list[ImportRow]] = defaultdict(list)

    def look(self, report: ReportProgress) -> ImportPlan:
        """Read every row, settle it with what stands, then look at the days as a whole."""
        for row in reported(self.rows, report):
            if not row.bad and (member := self._member_of(row)) is not None:
                self._read(row, member)
        self._number()
        self._settle()
        self._check_days()
        self._count(self._remarks())
        self.plan.commit = self.commit
        self.plan.lock = self.lock
        return self.plan

    def _member_of(self, row: ImportRow) -> int | None:
        """Member of the row; None when a value of the row is invalid."""
        before = len(self.plan.findings)
        member = self.known.members.get((row["番号系列"] or "", row["職員番号"]))
        if row["実施日"] > self.today:
            self.plan.refuse(row, "実施日", _("今日までの日を入力してください。"))
        if row["単位"] == Usage.Unit.HOURS and row["時間数"] is None:
            self.plan.refuse(
                row,
                "時間数",
                _("単位が「時間」のときは、3.5 または 3:30 のように入力してください。"),
            )
        if words := _midnight_fault(row):
            self.plan.refuse(row, "開始時刻", words)
        if self.limits is not None and not self._is_within(member, row["実施日"]):
            self.plan.refuse(
                row,
                "職員番号",
                _("あなたの部署の職員ではありません。職員番号と実施日を確かめてください。"),
            )
        elif member is None:
            self.plan.refuse(row, "職員番号", _("この職員番号の職員が登録されていません。"))
        elif self.known.department(member, row["実施日"]) is None:
            self.plan.refuse(
                row, "実施日", _("この日に在職していない職員です。発令を確認してください。")
            )
        return member if len(self.plan.findings) == before else None

    def _is_within(self, member: int | None, on: date) -> bool:
        """Whether the person is posted on the day in one of the departments that the file is
        limited to. Whether others exist is not told.
        """
        return self.limits is None or bool(
            member and self.known.department(member, on) in self.limits
        )

    def _read(self, row: ImportRow, member: int) -> None:
        if row["単位"] == Usage.Unit.HOURS and not row["開始時刻"]:
            self.unnumbered[member, row["実施日"]].append(row)
            return
        part = row["開始時刻"] if row["単位"] == Usage.Unit.HOURS else ""
        key = (member, row["実施日"], str(row["単位"]), part)
        if key in self.lines:
            message = _("同じ記録が行 %(line)s にもあります。1行にまとめてください。")
            self.plan.refuse(row, "職員番号", message % {"line": self.lines[key].line})
            return
        self.lines[key], self.values[key] = row, _values(row)

    def _number(self) -> None:
        """Number the records of 時間 without a start, day by day; then all lines in their order."""
        known: dict[tuple[int, date], dict[str, UsageValues]] = defaultdict(dict)
        deleted: dict[tuple[int, date], dict[str, int]] = defaultdict(dict)
        for key, stored in self.known.usages.items():
            if is_number(key[3]):
                known[key[:2]][key[3]] = stored.values
        for key, gone in self.known.deleted.items():
            if is_number(key[3]):
                deleted[key[:2]][key[3]] = gone.minutes
        for day, rows in self.unnumbered.items():
            values = [_values(row) for row in rows]
            numbers = numbers_of_day(values, known[day], deleted[day])
            for row, each, number in zip(rows, values, numbers, strict=True):
                key = (*day, str(Usage.Unit.HOURS), number)
                self.lines[key], self.values[key] = row, each
        self.lines = dict(sorted(self.lines.items(), key=lambda item: item[1].line))

    def _settle(self) -> None:
        """What is written, and what earlier files brought and this one does not."""
        own_days: dict[tuple[int, date], list[Key]] = defaultdict(list)
        for key, stored in self.known.usages.items():
            if stored.is_own:
                own_days[key[:2]].append(key)
        self.left_out = self._left_out()
        for key in self.left_out:
            # A person has seen to this day: their entries stay, whatever the setting.
            self.kept_days.add(key[:2])
        left_out = set(self.left_out)
        for key, values in self.values.items():
            known = self.known.usages.get(key)
            if key in left_out or (known and known.values == values):
                continue
            if own := own_days.get(key[:2]):
                self._note_difference(key, own)
            if not own or self._file_wins(key):
                self.written.add(key)
        self._find_gone(own_days)
        self._note_left_out()

    def _left_out(self) -> list[Key]:
        """Records of the file that were deleted on a page and do not stand again."""
        if self.brings_back:
            return []
        return [
            key for key in self.lines if key in self.known.deleted and key not in self.known.usages
        ]

    def _file_wins(self, key: Key) -> bool:
        """Whether the file replaces what was entered on a page for that day."""
        return self.known.file_wins and key[:2] not in self.kept_days

    def _find_gone(self, own_days: dict[tuple[int, date], list[Key]]) -> None:
        days = {key[:2]: row for key, row in self.lines.items()}
        months = {(member, day.replace(day=1)): row for (member, day), row in days.items()}
        for key, stored in self.known.usages.items():
            if key in self.values or not self._is_within(*key[:2]):
                continue
            if stored.is_own:
                row = days.get(key[:2]) if self._file_wins(key) else None
            else:
                kept = key[:2] in own_days and key[:2] in days and not self._file_wins(key)
                row = None if kept else months.get((key[0], key[1].replace(day=1)))
            if row:
                self.gone[key] = row

    def _note_left_out(self) -> None:
        """Name what was deleted on a page and comes again with the file."""
        words = _(
            "行 %(line)s %(label)s: 画面で削除した記録です(理由: %(reason)s)。取り込みません。"
        )
        notes = []
        for key in self.left_out[:MOST_DIFFERENCES]:
            row, reason = self.lines[key], self.known.deleted[key].reason
            notes.append(words % {"line": row.line, "label": _label(key, row), "reason": reason})
        more = len(self.left_out) - MOST_DIFFERENCES
        if more > 0:
            words = ngettext(
                "ほかに%(n)s件は、画面で削除した記録です。",
                "ほかに%(n)s件は、画面で削除した記録です。",
                more,
            )
            notes.append(words % {"n": more})
        self.deleted_notes, self.plan.left_out = notes, len(self.left_out)

    def _note_difference(self, key: Key, own: list[Key]) -> None:
        """Name a record that differs from what was entered on a page for the day."""
        held = all_names(f"{Usage.Unit(each[2]).label} {self._place(each)}" for each in own)
        words = (
            _(
                "行 %(line)s %(label)s: 画面で入力した記録(%(own)s)と異なります。ファイルの内容に改めます。"
            )
            if self._file_wins(key)
            else _(
                "行 %(line)s %(label)s: 画面で入力した記録(%(own)s)と異なります。画面の入力を残します。"
            )
        )
        row = self.lines[key]
        self.plan.notes.append(words % {"line": row.line, "label": _label(key, row), "own": held})

    def _place(self, key: Key) -> str:
        return str(Usage.Place(self.known.usages[key].values.place).label)

    def _after(self) -> dict[Key, UsageValues]:
        """Records of the file's people as they will stand."""
        stays = {
            key: stored.values for key, stored in self.known.usages.items() if key not in self.gone
        }
        return stays | {key: self.values[key] for key in self.written}

    def _check_days(self) -> None:
        """Refuse more than a working day for one person and day, as it will stand."""
        total: dict[tuple[int, date], int] = defaultdict(int)
        for key, values in self._after().items():
            total[key[:2]] += values.minutes
        for key, row in self.lines.items():
            if key in self.written and total[key[:2]] > DAY_MINUTES:
                message = _("この職員のこの日の合計が%(minutes)s分になり、1日の465分を超えます。")
                self.plan.refuse(row, "時間数", message % {"minutes": total[key[:2]]})

    def _remarks(self) -> dict[Key, list[UsageRemark]]:
        """Remarks of the file's records as they will stand; how many of each are noted."""
        records = {
            key: UsageFacts(key[0], key[1], key[2], values.minutes, values.method)
            for key, values in self._after().items()
        }
        said = remark_rules(self.municipality).remarks(records.values())
        remarks = {key: said[records[key]] for key in self.lines if key in records}
        counts = Counter(remark for each in remarks.values() for remark in each)
        more = len(self.plan.notes) - MOST_DIFFERENCES
        if more > 0:
            words = ngettext("ほかに%(n)s件が異なります。", "ほかに%(n)s件が異なります。", more)
            self.plan.notes[MOST_DIFFERENCES:] = [words % {"n": more}]
        self.plan.notes += self.deleted_notes
        self.plan.notes += [
            words_of_count(remark, counts[remark]) for remark in UsageRemark if counts[remark]
        ]
        return remarks

    def _count(self, remarks: dict[Key, list[UsageRemark]]) -> None:
        for key, row in self.lines.items():
            stored = self.known.usages.get(key)
            if key not in self.written:
                self.plan.count("unchanged", row)
                continue
            details = _details(stored.values if stored else None, self.values[key])
            if said := all_names(str(each.label) for each in remarks[key]):
                details.append((pgettext("実施記録", "備考"), None, said))
            self.plan.count("changed" if stored else "added", row, _label(key, row), *details)
        for key, row in self.gone.items():
            gone = _details(self.known.usages[key].values, None)
            self.plan.count("ended", row, _label(key, row), *gone)

    def lock(self) -> None:
        """Corrections on a page wait from here on."""
        lock_usages(set(self.known.members.values()))

    def commit(self, by: Member | None, now: datetime) -> None:
        """Remove what is gone, then write new and changed records, some thousands at a time."""
        keys = parts([key for key in self.values if key in self.written])
        replace_by_file(
            [self.known.usages[key].pk for key in self.gone],
            ([self._usage(key) for key in part] for part in keys),
        )

    def _usage(self, key: Key) -> Usage:
        (member, on, unit, part), values = key, self.values[key]
        return Usage(
            municipality=self.municipality,
            member_id=member,
            department_id=self.known.department(member, on) or 0,
            day=on,
            unit=unit,
            part=part,
            place=values.place,
            method=values.method,
            minutes=values.minutes,
            source=Usage.Source.FILE,
            file=self.plan.file,
        )


def _values(row: ImportRow) -> UsageValues:
    minutes = row["時間数"] or Usage.MINUTES[Usage.Unit(row["単位"])]
    return UsageValues(minutes, row["場所"], row["方式"])


def _midnight_fault(row: ImportRow) -> str:
    is_hours = row["単位"] == Usage.Unit.HOURS
    return midnight_fault(row["開始時刻"], row["時間数"] or 0) if is_hours else ""


def _label(key: Key, row: ImportRow) -> str:
    start = f" {key[3]}" if ":" in key[3] else ""
    return f"{row['職員番号']} {era_day(key[1])} {Usage.Unit(key[2]).label}{start}"


def _details(was: UsageValues | None, now: UsageValues | None) -> list[tuple[str, object, object]]:
    """What differs, column by column; of a new or removed record everything."""
    rows = [
        (_("時間数(分)"), was and was.minutes, now and now.minutes),
        (
            pgettext("実施記録", "場所"),
            was and Usage.Place(was.place).label,
            now and Usage.Place(now.place).label,
        ),
        (
            pgettext("実施記録", "方式"),
            was and Method(was.method).label,
            now and Method(now.method).label,
        ),
    ]
    return [row for row in rows if row[1] != row[2]]
