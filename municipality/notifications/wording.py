"""Notices in words: a notice is stored as rule and parameters and worded here in the language of
whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from municipality.core.date_words import formal_day
from municipality.core.registry import deadlines, notice_kinds
from municipality.core.worded import worded as said_anew
from municipality.notifications.kinds import Letter
from municipality.notifications.models import Mail, Notice, Wording
from municipality.organisation.models import Municipality
from municipality.organisation.open_days import open_days

PLACE = re.compile(r"\{(\w+)\}")
"""A placeholder in the office's own words: {title}."""


STAGE = re.compile(r"[+-]?\d+")
"""A stage of the ladder as a notice keeps it."""


MISSING = "–"
"""Stands in words for a value that a notice does not carry."""


Words = dict[str, tuple[str, str]]
"""The body's own subject and body of each rule that has any, in one language."""


@dataclass(frozen=True)
class NoticeText:
    """A notice as it is read: one line, one sentence more, and where it leads."""

    subject: str
    body: str
    address: str


def own_words(municipality: Municipality | str) -> Words:
    """The words that the body set itself, in the active language. One query."""
    wordings: Words = {}
    for row in Wording.objects.of(municipality).filter(language=get_language()).order_by("version"):
        wordings[row.rule] = (row.subject, row.body)
    return {rule: words for rule, words in wordings.items() if words[0]}


class Values(dict[str, Any]):
    """The values of a notice for its words. A notice stays for years: a value that a later version
    asks for and the notice does not carry is a dash.
    """

    def __missing__(self, name: str) -> str:
        return MISSING


def values_of(notice: Notice) -> Values:
    """Values of the notice for its words, in the reader's language, with the day it is due; none
    when what is stored is no list of values.
    """
    params = notice.params if isinstance(notice.params, dict) else {}
    values = Values({name: said_anew(value) for name, value in params.items()})
    deadline = deadlines().get(notice.rule)
    if deadline and "note" in values:
        values["note"] = deadline.values("", values["note"])["note"]
    if notice.due_on is not None:
        values["due"] = formal_day(notice.due_on)
    return values


def filled(text: str, values: Mapping[str, Any]) -> str:
    """The office's words with each placeholder filled in. Only names are looked up: nothing in the
    text is evaluated.
    """
    return PLACE.sub(lambda match: str(values.get(match[1], MISSING)), text)


def standard_words(rule: str) -> tuple[str, str]:
    """The product's own subject and body of a rule in the active language, with placeholders in
    braces.
    """
    if deadline := deadlines().get(rule):
        return in_braces(str(deadline.title)), "{stage}"
    kind = notice_kinds()[rule]
    return in_braces(str(kind.subject)), in_braces(str(kind.body))


def in_braces(text: str) -> str:
    """%(title)s as {title}."""
    return re.sub(r"%\((\w+)\)s", r"{\1}", text)


def without_places(text: str) -> str:
    """Words with an ellipsis where a placeholder stands, as one kind of notice is called in a
    list.
    """
    return PLACE.sub("…", in_braces(text))


def places_of(rule: str) -> list[str]:
    """The placeholders that the words of a rule may hold."""
    own = ["title", "note", "due", "stage"] if rule in deadlines() else []
    return list(dict.fromkeys([*own, *PLACE.findall(" ".join(standard_words(rule)))]))


def may_be_reworded(rule: str) -> bool:
    """Can a body use words of its own? Not for the security of accounts, where they would be taken
    for somebody's trick.
    """
    if rule in deadlines():
        return True
    kind = notice_kinds().get(rule)
    return kind is not None and not kind.security and not kind.letter and rule != "announcement"


def faults_in(rule: str, text: str) -> list[str]:
    """What in the office's words is no placeholder of the rule: names nobody fills in, and single
    braces.
    """
    known = set(places_of(rule))
    strange = [f"{{{name}}}" for name in PLACE.findall(text) if name not in known]
    return strange + sorted(set(re.findall(r"[{}]", PLACE.sub("", text))))


def worded(notice: Notice, words: Words | None = None, left: int | None = None) -> NoticeText:
    """The notice in the active language; in the body's own words where `words` (of `own_words`) has
    some. `left` open days are left until it is due, if that is to be said.
    """
    said = _standard(notice, left)
    if not words or notice.rule not in words:
        return said
    values = values_of(notice)
    if deadline := deadlines().get(notice.rule):
        values |= {"stage": stage_words(notice, left)} | deadline.values(
            values["title"], values["note"]
        )
    subject, body = (filled(text, values) for text in words[notice.rule])
    return replace(said, subject=" ".join(subject.split()), body=body)


def _standard(notice: Notice, left: int | None) -> NoticeText:
    values = values_of(notice)
    if deadline := deadlines().get(notice.rule):
        return NoticeText(
            deadline.worded(values["title"], values["note"]),
            stage_words(notice, left),
            _page(deadline.page, notice),
        )
    kind = notice_kinds().get(notice.rule)
    if kind is None:
        return NoticeText(_("通知(種類はこのバージョンにありません)"), "", "")
    return NoticeText(str(kind.subject) % values, str(kind.body) % values, _page(kind.page, notice))


def _page(name: str, notice: Notice) -> str:
    return reverse(name, args=[notice.municipality_id, notice.object_id]) if name else ""


def letter_of(notice: Notice) -> Letter | None:
    """The letter of a notice whose mail holds a secret; None for all others, and when there is
    nothing to send any more.
    """
    kind = notice_kinds().get(notice.rule)
    return kind.letter(notice) if kind and kind.letter else None


def in_mail(notice: Notice, words: Words | None = None, left: int | None = None) -> NoticeText:
    """The notice as its mail says it: with the address of its letter, where it has one."""
    said, letter = worded(notice, words, left), letter_of(notice)
    return replace(said, address=letter.address) if letter else said


def stage_words(notice: Notice, left: int | None = None) -> str:
    """How far the due date is, in open days, as of the stage that the notice tells; nothing for a
    notice of a time when its rule was no deadline. How many are `left` is said by mails alone: they
    are of a day, while a notice stays on screen.
    """
    if not STAGE.fullmatch(notice.stage) or notice.due_on is None:
        return ""
    stage = int(notice.stage)
    if values_of(notice).get("escalated"):
        return _("担当者の期限から%(days)s開庁日を過ぎています。") % {"days": stage}
    if stage > 0:
        return ngettext(
            "期限を%(days)s開庁日過ぎています。", "期限を%(days)s開庁日過ぎています。", stage
        ) % {"days": stage}
    if stage == 0:
        return _("期限は今日です。")
    return due_words(formal_day(notice.due_on), left)


def due_words(day: str, left: int | None) -> str:
    """When something is due, and how many open days are `left` until then, where that is said."""
    if left is None or left <= 0:
        return _("期限は%(date)sです。") % {"date": day}
    words = ngettext(
        "期限は%(date)sです(あと%(days)s開庁日)。", "期限は%(date)sです(あと%(days)s開庁日)。", left
    )
    return words % {"date": day, "days": left}


def _days_left(mail: Mail, notices: list[Notice]) -> dict[int, int]:
    """Open days that are left on the day of the mail until each of these notices is due that tells
    of a day to come. The calendar is read only where there is one.
    """
    due = {notice.pk: notice.due_on for notice in notices if notice.due_on is not None}
    if not any(day > mail.day for day in due.values()):
        return {}
    calendar = open_days(mail.municipality_id)
    return {number: calendar.left(mail.day, day) for number, day in due.items()}


def mail_text(mail: Mail, notices: list[Notice]) -> tuple[str, str]:
    """Subject and body of a mail. The subject names the body and the number only: no personal
    content on the way.
    """
    words = own_words(mail.municipality_id)
    left = _days_left(mail, notices)
    lines = [in_mail(notice, words, left.get(notice.pk)) for notice in notices]
    if mail.batch.startswith("n"):
        subject = _("【%(body)s】%(subject)s") % {
            "body": mail.municipality.name,
            "subject": lines[0].subject,
        }
    else:
        count = len(lines)
        subject = ngettext(
            "【%(body)s】対応をお願いする事項が%(count)s件あります",
            "【%(body)s】対応をお願いする事項が%(count)s件あります",
            count,
        ) % {"body": mail.municipality.name, "count": count}
    text = render_to_string(
        "municipality/notifications/mail.txt",
        {"mail": mail, "lines": lines, "base": settings.BASE_URL},
    )
    return " ".join(subject.split()), text
