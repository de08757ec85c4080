"""File of usage records (実施記録), as working-hours systems (庶務事務) export it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.core.digits import narrow
from municipality.core.spreadsheets.cell_readers import choice, code, day, words
from municipality.core.spreadsheets.table import words_of
from municipality.imports.kinds import (
    Column,
    ImportChoice,
    ImportKind,
    ImportPlan,
    ImportRow,
    ReportProgress,
    no_report,
)
from municipality.imports.snapshots import TableChange
from municipality.organisation.models import Member, Municipality, Posting
from pilots.days.day_checks import clock_hours
from pilots.days.known_usages import months_around
from pilots.days.models import DAY_MINUTES, DeletedUsage, Usage
from pilots.days.queries import minutes_of_days, too_long_days
from pilots.days.rules import DEPARTMENTS, limits_of, may_meet, may_take_in_records
from pilots.days.usage_plan import BRING_BACK, UsagePlanner
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

STARTS = gettext_lazy("時間単位のときだけ、9:30 のように入力してください。")

CLOCK_HOURS = re.compile(r"([0-9]{1,2}):([0-5][0-9])")

WORDED_HOURS = re.compile(r"(?:([0-9]{1,2})時間)?(?:([0-9]{1,3})分)?")

DECIMAL_HOURS = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})?")

START = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def method(text: str) -> Method:
    """One of the seven methods, in full or short form, with brackets of either width."""
    short = _short(text)
    for name, value in METHODS.items():
        if short == _short(name):
            return value
    raise ValueError(_("%(words)s のいずれかを入力してください。") % {"words": words_of(METHODS)})


def _short(text: str) -> str:
    return narrow(text).removesuffix("方式").replace("(VDI)", "").strip()


def hours(text: str) -> int:
    """Minutes from 3.5, 3:30 or 3時間30分; raises ValueError above a working day (7:45)."""
    text, minutes = narrow(text), 0
    if match := CLOCK_HOURS.fullmatch(text):
        minutes = int(match[1]) * 60 + int(match[2])
    elif DECIMAL_HOURS.fullmatch(text):
        minutes = round(float(text) * 60)
    elif match := WORDED_HOURS.fullmatch(text):
        minutes = int(match[1] or 0) * 60 + int(match[2] or 0)
    if not 1 <= minutes <= DAY_MINUTES:
        raise ValueError(str(HOURS))
    return minutes


def start(text: str) -> str:
    """Time of day as 09:30; raises ValueError for anything else."""
    match = START.fullmatch(narrow(text))
    if not match:
        raise ValueError(str(STARTS))
    return f"{int(match[1]):02d}:{match[2]}"


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
    Column("開始時刻", start, empty="", optional=True, example="9:30", expected=STARTS),
)


def plan_usages(
    rows: list[ImportRow],
    *,
    municipality: Municipality,
    today: date,
    report: ReportProgress = no_report,
    options: Mapping[str, Any] | None = None,
) -> ImportPlan:
    """What a file of records would change."""
    return UsagePlanner(municipality, rows, today, options or {}).look(report)


def tables(municipality: Municipality, rows: list[ImportRow]) -> list[QuerySet]:
    """Members and postings of the body, and what was recorded and deleted in the file's months."""
    span = months_around(rows)
    return [
        Member.objects.of(municipality),
        Posting.objects.of(municipality),
        *(
            model.objects.of(municipality).between(*span) if span else model.objects.none()
            for model in (Usage, DeletedUsage)
        ),
    ]


def current(municipality: Municipality, today: date) -> Iterator[tuple[Any, ...]]:
    """Every record, by day and person."""
    units, places, methods = (
        {str(value): word for word, value in known.items()} for known in (UNITS, PLACES, METHODS)
    )
    stored = Usage.objects.of(municipality).order_by("day", "member", "unit", "part")
    values = stored.values_list(
        "member__number", "day", "unit", "minutes", "place", "method", "member__series", "part"
    )
    for number, on, unit, minutes, place, used, series, part in values.iterator(chunk_size=2_000):
        time, start_time = clock_hours(minutes), part if ":" in part else ""
        yield number, on, units[unit], time, places[place], methods[used], series, start_time


def too_long_again(municipality: Municipality, changes: list[TableChange]) -> Callable[[], str]:
    """Asks whether the records that an undone file brings back make a day too long, beside what was
    entered since. A day that was as long before the undo does not refuse it.
    """
    days = {
        (row["member_id"], date.fromisoformat(row["day"]))
        for change in changes
        if change.model is Usage
        for row in change.before
    }
    before = minutes_of_days(municipality, days)
    return partial(too_long_days, municipality, days, before)


USAGE = ImportKind(
    "usage",
    pgettext_lazy("取込み", "実施記録"),
    COLUMNS,
    plan_usages,
    may=may_take_in_records,
    limits=limits_of,
    tables=tables,
    current=current,
    options=(BRING_BACK, DEPARTMENTS),
    choice=ImportChoice(
        BRING_BACK,
        gettext_lazy("画面で削除した記録も取り込む"),
        gettext_lazy("画面で削除した記録を取り込まない"),
    ),
    may_meet=may_meet,
    undo_check=too_long_again,
    help=gettext_lazy(
        "テレワークを実施した日・単位・場所・方式。ファイルにある職員と月は、前に取り込んだ記録と置き換わります。同じファイルをもう一度取り込んでも、何も変わりません。"
    ),
)

IMPORTS = (USAGE,)
