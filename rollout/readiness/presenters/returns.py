"""What became of one answer that was sent back (差戻し), or lowered against the round before."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import day_words
from rollout.readiness.models import Answer


def return_lines(answer: Answer, *, names: bool) -> list[str]:
    """What was asked, by whom and when, what the department replied, and what it had said before;
    nothing where the item was not named. `names`: whether persons are named.
    """
    if not answer.return_remark:
        return []
    lines = [_asked(answer, names=names)]
    if answer.return_reply:
        lines.append(_("部署の返答「%(text)s」") % {"text": answer.return_reply})
    if answer.assessment.returned_at and answer.is_changed_since_return:
        lines.append(_before(answer))
    if answer.waits_for_reply:
        lines.append(_("まだ返答も回答の変更もありません。"))
    return lines


def lowered_words(answer: Answer) -> str:
    """That the department went below the round before; empty where it did not."""
    if not answer.is_lowered:
        return ""
    return _("前回の%(before)sから%(now)sに下げています。") % {
        "before": answer.previous_level,
        "now": answer.own_level,
    }


def _asked(answer: Answer, *, names: bool) -> str:
    assessment, words = answer.assessment, {"text": answer.return_remark}
    if assessment.returned_at is None:
        return _("差戻しの指摘「%(text)s」") % words
    words["day"] = day_words(assessment.returned_at)
    if not names:
        return _("%(day)sの差戻しの指摘「%(text)s」") % words
    words["name"] = str(assessment.returned_by)
    return _("%(day)sの%(name)sの差戻しの指摘「%(text)s」") % words


def _before(answer: Answer) -> str:
    level = answer.returned_level
    said = pgettext("準備度", "該当なし") if level is None else str(level)
    text = f"{said} {answer.returned_comment}".strip()
    return _("差戻しの時の回答「%(text)s」") % {"text": text}
