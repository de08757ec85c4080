"""Notices in words: a notice is stored as rule and parameters and worded here in the language of whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Mail, Notice
from .rooms import Letter, deadlines, notice_kinds


@dataclass(frozen=True)
class Worded:
    """A notice as it is read: one line, one sentence more, and where it leads."""

    subject: str
    body: str
    address: str


def worded(notice: Notice) -> Worded:
    """The notice in the active language."""
    if deadline := deadlines().get(notice.rule):
        address = reverse(deadline.page, args=[notice.municipality_id, notice.object_id])
        return Worded(str(deadline.title) % notice.params, stage_words(notice), address)
    kind = notice_kinds()[notice.rule]
    address = reverse(kind.page, args=[notice.municipality_id, notice.object_id]) if kind.page else ""
    return Worded(str(kind.subject) % notice.params, str(kind.body) % notice.params, address)


def letter_of(notice: Notice) -> Letter | None:
    """The letter of a notice whose mail holds a secret; None for all others, and when there is nothing to send any more."""
    kind = notice_kinds().get(notice.rule)
    return kind.letter(notice) if kind and kind.letter else None


def in_mail(notice: Notice) -> Worded:
    """The notice as its mail says it: with the address of its letter, where it has one."""
    words, letter = worded(notice), letter_of(notice)
    return replace(words, address=letter.address) if letter else words


def stage_words(notice: Notice) -> str:
    """How far the due date is, in open days, as of the stage that the notice tells."""
    stage = int(notice.stage)
    if notice.params.get("escalated"):
        return _("担当者の期限から%(days)s開庁日を過ぎています。") % {"days": stage}
    if stage > 0:
        return ngettext("期限を%(days)s開庁日過ぎています。", "期限を%(days)s開庁日過ぎています。", stage) % {
            "days": stage
        }
    if stage == 0:
        return _("期限は今日です。")
    return _("期限は%(date)sです。") % {"date": _date(notice.due_on)}


def mail_text(mail: Mail, notices: list[Notice]) -> tuple[str, str]:
    """Subject and body of a mail. The subject names the body and the number only: no personal content on the way."""
    lines = [in_mail(notice) for notice in notices]
    if mail.batch.startswith("n"):
        subject = _("【%(body)s】%(subject)s") % {"body": mail.municipality.name, "subject": lines[0].subject}
    else:
        count = len(lines)
        subject = ngettext(
            "【%(body)s】対応をお願いする事項が%(count)s件あります",
            "【%(body)s】対応をお願いする事項が%(count)s件あります",
            count,
        ) % {"body": mail.municipality.name, "count": count}
    text = render_to_string("emails/notices.txt", {"mail": mail, "lines": lines, "base": settings.BASE_URL})
    return " ".join(subject.split()), text


def _date(day) -> str:
    from django.utils.formats import date_format

    return date_format(day, "Y-m-d")
