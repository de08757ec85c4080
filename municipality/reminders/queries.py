"""What the pages of reminders show: the rules of all apps, the ladder by example, what is held,
what does not arrive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from municipality.core.date_words import formal_day
from municipality.core.name_lists import all_names, some_names
from municipality.core.registry import deadlines, notice_kinds
from municipality.deadlines.kinds import Deadline
from municipality.notifications.models import Mail, Notice, Wording
from municipality.notifications.wording import (
    due_words,
    filled,
    may_be_reworded,
    places_of,
    without_places,
)
from municipality.organisation.models import Member, Municipality
from municipality.organisation.open_days import OpenDays
from municipality.reminders.models import Hold
from municipality.reminders.schedule import Ladder

DUE_SAMPLE = date(2026, 11, 9)

SAMPLES = {
    "title": "文書管理の見直し",
    "note": "総務課",
    "comment": "根拠の数字を加えてください。",
    "post": "総務課長",
    "department": "総務課",
    "round": "第1回",
    "remark": "根拠を書いてください。",
    "period": "令和8年度上期",
    "what": "様式を減らす",
}


@dataclass(frozen=True)
class RuleRow:
    """One rule as the page lists it: what, to whom, who besides when late, how many wait, and when
    it tells next.
    """

    rule: str
    label: str
    whom: str
    escalation: str
    waiting: int
    next_on: date | None


def label_of(rule: str) -> str:
    """A rule as the office reads it: never with a title, which may say something of a person."""
    if deadline := deadlines().get(rule):
        return _("%(kind)s(%(action)s)") % {"kind": deadline.kind, "action": deadline.action}
    kind = notice_kinds().get(rule)
    return without_places(str(kind.subject)) if kind and may_be_reworded(rule) else _("個別の通知")


def rule_rows(
    municipality: Municipality, today: date, calendar: OpenDays, ladder: Ladder
) -> list[RuleRow]:
    """Every reminder rule, in the order of the registrations. One query."""
    waiting: dict[str, dict[date, int]] = {rule: {} for rule in deadlines()}
    parts = [_by_due(deadline.waiting(municipality, today)) for deadline in deadlines().values()]
    for rule, due_on, count in parts[0].union(*parts[1:], all=True) if parts else ():
        waiting[rule][due_on] = count
    return [
        RuleRow(
            rule,
            label_of(rule),
            str(deadline.whom),
            escalation_words(deadline, ladder),
            sum(waiting[rule].values()),
            next_day(waiting[rule], today, calendar, ladder),
        )
        for rule, deadline in deadlines().items()
    ]


def _by_due(rows: QuerySet) -> QuerySet:
    counted = rows.order_by().values("d_rule", "d_due").annotate(n=Count("d_object", distinct=True))
    return counted.values_list("d_rule", "d_due", "n")


def next_day(dues: Iterable[date], today: date, calendar: OpenDays, ladder: Ladder) -> date | None:
    """The next day after today on which one of these due dates reaches a stage."""
    days = (day for due_on in dues for _stage, day in ladder.days(due_on, calendar) if day > today)
    return min(days, default=None)


def escalation_words(deadline: Deadline, ladder: Ladder) -> str:
    """Who is told besides, and from how many open days late on."""
    recipients = []
    if ladder.manager_from is not None and deadline.escalates != "nobody":
        recipients.append(_("所属長(%(days)s開庁日後)") % {"days": ladder.manager_from})
    if ladder.office_from is not None and deadline.escalates == "office":
        recipients.append(_("事務局(%(days)s開庁日後)") % {"days": ladder.office_from})
    return all_names(recipients) or _("ほかの人には知らせません")


@dataclass(frozen=True)
class Example:
    """One line of the ladder by example: the day, how far from the due date, and who is told."""

    day: date
    distance: str
    recipients: str


def example_of(ladder: Ladder, due_on: date, calendar: OpenDays) -> list[Example]:
    """The ladder for one due date, as a table."""
    days = ladder.days(due_on, calendar)
    return [
        Example(day, distance_words(stage), _recipient_words(ladder, stage)) for stage, day in days
    ]


def distance_words(stage: int) -> str:
    """How far a stage is from the due date, in open days."""
    if stage == 0:
        return pgettext("督促", "期限の日")
    late = ngettext("%(days)s開庁日後", "%(days)s開庁日後", stage)
    words = late if stage > 0 else ngettext("%(days)s開庁日前", "%(days)s開庁日前", -stage)
    return words % {"days": abs(stage)}


def _recipient_words(ladder: Ladder, stage: int) -> str:
    recipients = [_("担当する人")]
    if ladder.manager_from is not None and stage >= ladder.manager_from:
        recipients.append(pgettext("役割", "所属長"))
    if ladder.office_from is not None and stage >= ladder.office_from:
        recipients.append(pgettext("役割", "事務局"))
    return all_names(recipients)


@dataclass(frozen=True)
class HeldNotices:
    """Notices of one rule and stage that are held: how many, for how many people."""

    label: str
    stage: str
    count: int
    people: int


def held_groups(hold: Hold) -> list[HeldNotices]:
    """What is held, by rule and stage. One query."""
    rows = Notice.objects.of(hold.municipality_id).filter(hold=hold).order_by("rule", "stage")
    grouped = rows.values_list("rule", "stage").annotate(
        n=Count("pk"), people=Count("member", distinct=True)
    )
    ordered = sorted(grouped, key=lambda row: (row[0], int(row[1])))
    return [
        HeldNotices(label_of(rule), distance_words(int(stage)), count, people)
        for rule, stage, count, people in ordered
    ]


def held_people(hold: Hold) -> QuerySet:
    """Each person with a rule and stage that is held for them, by kana. What stays between two
    people names nobody.
    """
    between = [rule for rule, deadline in deadlines().items() if deadline.escalates == "nobody"]
    held = Notice.objects.of(hold.municipality_id).filter(hold=hold).exclude(rule__in=between)
    rows = held.values("member__name", "rule", "stage")
    return rows.annotate(n=Count("pk")).order_by("member__kana", "member__number", "rule", "stage")


def contents_of(mails: Iterable[Mail]) -> dict[int, list[str]]:
    """What each mail is about, by the labels of its rules. One query."""
    contents: dict[int, list[str]] = {}
    rows = (
        Notice.objects.filter(mail__in=[mail.pk for mail in mails])
        .order_by("pk")
        .values_list("mail_id", "rule")
    )
    for number, rule in rows.distinct():
        contents.setdefault(number, []).append(label_of(rule))
    return {number: list(dict.fromkeys(labels)) for number, labels in contents.items()}


def reworded(municipality: Municipality) -> set[tuple[str, str]]:
    """(rule, language) that have words of the body's own today. One query."""
    own: set[tuple[str, str]] = set()
    for row in Wording.objects.of(municipality).order_by("version"):
        (own.add if row.subject else own.discard)((row.rule, row.language))
    return own


def rewordable() -> list[str]:
    """Every rule whose words the office may set, deadlines first."""
    return [*deadlines(), *(rule for rule in notice_kinds() if may_be_reworded(rule))]


def place_rows(rule: str) -> list[tuple[str, str, str]]:
    """Each placeholder of a rule with its meaning and an example."""
    meaning = {
        "title": _("対象の名称"),
        "note": _("対象の補足(部署名など)"),
        "due": _("期限となる日"),
        "stage": _("期限まで、または期限からの開庁日数を表す文"),
        "comment": _("書かれた理由"),
        "remark": _("書かれた理由"),
        "post": pgettext("組織", "職位"),
        "department": pgettext("組織", "部署"),
    }
    examples = samples()
    return [
        (name, str(meaning.get(name, _("対象の内容"))), examples.get(name, name))
        for name in places_of(rule)
    ]


def samples() -> dict[str, str]:
    """An example for each placeholder; days as mails write them in the active language."""
    due = formal_day(DUE_SAMPLE)
    return SAMPLES | {"due": due, "stage": due_words(due, left=5)}


def preview_of(rule: str, subject: str, text: str) -> tuple[str, str]:
    """The words filled with the examples."""
    examples = samples()
    values: dict[str, Any] = {name: examples.get(name, name) for name in places_of(rule)}
    return filled(subject, values), filled(text, values)


def names_of(members: list[Member], most: int = 10) -> str:
    """The first names of a list, and how many more there are."""
    return some_names([member.name for member in members], most, counted="people")
