"""What is remarkable of a usage record: taken in all the same, but said. All are counted but those
of days without a posting at work, and where staff are counted those of people who are none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from municipality.organisation.models import Municipality, Posting
from municipality.organisation.open_days import OpenDays, open_days
from municipality.organisation.queries import AT_WORK, outside_staff
from pilots.days.models import DAY_MINUTES, Usage
from pilots.participants.models import Participant


class UsageRemark(TextChoices):
    """Why a record is remarked on."""

    OUTSIDE = "outside", _("試行の参加者でない日")
    CLOSED = "closed", pgettext_lazy("実施記録", "閉庁日")
    OVER = "over", _("1週間の上限を超える週")
    METHOD = "method", _("試行と異なる方式")
    NOT_STAFF = "not_staff", _("職員に数えない人(実施者数・延べ実施日数に含めません)")
    NOT_POSTED = "not_posted", _("在職の発令がない日(どの指標にも数えません)")


@dataclass(frozen=True)
class UsageFacts:
    """Of a record what remarks are made from."""

    member: int
    day: date
    unit: str
    minutes: int
    method: str

    @property
    def week(self) -> tuple[int, date]:
        """Person and Monday of the week."""
        return self.member, self.day - timedelta(days=self.day.weekday())

    @property
    def halves(self) -> int:
        """Half minutes: 終日 is one day, 午前 and 午後 half a day each."""
        if self.unit == Usage.Unit.FULL:
            return 2 * DAY_MINUTES
        return 2 * self.minutes if self.unit == Usage.Unit.HOURS else DAY_MINUTES


def facts_of(row: Usage) -> UsageFacts:
    """The facts of a stored record."""
    return UsageFacts(row.member_id, row.day, row.unit, row.minutes, row.method)


@dataclass(frozen=True)
class Participation:
    """Days on which somebody takes part in a pilot, with its method and weekly limit."""

    first: date
    last: date
    method: str
    days_per_week: int


@dataclass(frozen=True)
class PostedDays:
    """Days on which somebody holds a main posting and is present; `is_staff` where their 任用区分
    counts as staff.
    """

    first: date
    last: date | None
    is_staff: bool

    def holds(self, day: date) -> bool:
        """Is the day one of them?"""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class RemarkRules:
    """What records of a body are held against."""

    calendar: OpenDays
    participations: dict[int, list[Participation]]
    postings: dict[int, list[PostedDays]]

    def remarks(self, rows: Iterable[UsageFacts]) -> dict[UsageFacts, list[UsageRemark]]:
        """Remarks of each record. The rows must hold the whole weeks of each person."""
        rows = list(rows)
        weeks: dict[tuple[int, date], int] = defaultdict(int)
        for row in rows:
            weeks[row.week] += row.halves
        return {row: self._of(row, weeks[row.week]) for row in rows}

    def _of(self, row: UsageFacts, week: int) -> list[UsageRemark]:
        held = [
            each
            for each in self.participations.get(row.member, ())
            if each.first <= row.day <= each.last
        ]
        posted = [each for each in self.postings.get(row.member, ()) if each.holds(row.day)]
        most = max((each.days_per_week for each in held), default=0) * 2 * DAY_MINUTES
        said = {
            UsageRemark.OUTSIDE: not held,
            UsageRemark.CLOSED: not self.calendar.is_open(row.day),
            UsageRemark.OVER: bool(held) and week > most,
            UsageRemark.METHOD: bool(held) and all(each.method != row.method for each in held),
            UsageRemark.NOT_STAFF: any(not each.is_staff for each in posted),
            UsageRemark.NOT_POSTED: not posted,
        }
        return [remark for remark, applies in said.items() if applies]


def remark_rules(municipality: Municipality | str) -> RemarkRules:
    """The body's open days, who took part in pilots when, and who is posted when."""
    rows: Any = Participant.objects.of(municipality).took_part(date.min, date.max)
    values = rows.order_by().values_list(
        "member", "since", "until", "pilot__method", "pilot__days_per_week"
    )
    held: dict[int, list[Participation]] = defaultdict(list)
    for member, *participation in values.iterator():
        held[member].append(Participation(*participation))
    return RemarkRules(open_days(municipality), held, _postings(municipality))


def _postings(municipality: Municipality | str) -> dict[int, list[PostedDays]]:
    """When each person is posted. One query."""
    held = Posting.objects.of(municipality).filter(**AT_WORK)
    rows = held.order_by().annotate(is_staff=~Exists(outside_staff()))
    days: dict[int, list[PostedDays]] = defaultdict(list)
    for member, *posted in rows.values_list(
        "member", "starts_on", "ends_on", "is_staff"
    ).iterator():
        days[member].append(PostedDays(*posted))
    return days


def words_of_count(remark: UsageRemark, count: int) -> str:
    """How many records of a file are remarked on."""
    words: dict[UsageRemark, Any] = {
        UsageRemark.OUTSIDE: ngettext(
            "試行の参加者でない日の記録が%(n)s件あります。",
            "試行の参加者でない日の記録が%(n)s件あります。",
            count,
        ),
        UsageRemark.CLOSED: ngettext(
            "閉庁日の記録が%(n)s件あります。", "閉庁日の記録が%(n)s件あります。", count
        ),
        UsageRemark.OVER: ngettext(
            "1週間の上限を超える週の記録が%(n)s件あります。",
            "1週間の上限を超える週の記録が%(n)s件あります。",
            count,
        ),
        UsageRemark.METHOD: ngettext(
            "試行と異なる方式の記録が%(n)s件あります。",
            "試行と異なる方式の記録が%(n)s件あります。",
            count,
        ),
        UsageRemark.NOT_STAFF: ngettext(
            "職員に数えない人の記録が%(n)s件あります。実施者数と延べ実施日数には含めません。",
            "職員に数えない人の記録が%(n)s件あります。実施者数と延べ実施日数には含めません。",
            count,
        ),
        UsageRemark.NOT_POSTED: ngettext(
            "在職の発令がない日の記録が%(n)s件あります。どの指標にも数えません。",
            "在職の発令がない日の記録が%(n)s件あります。どの指標にも数えません。",
            count,
        ),
    }
    return words[remark] % {"n": count}
