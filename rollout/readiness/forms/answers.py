"""Forms of the answers: filled in, reviewed, sent back. They validate; operations save."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from municipality.web.components.states import badge_of
from municipality.web.forms import EditionForm
from rollout.readiness.models import Answer, Assessment, Axis
from rollout.readiness.operations.answers import Entered
from rollout.readiness.operations.reviews import NO_ITEM
from rollout.readiness.presenters.returns import lowered_words, return_lines

COMMENT_LENGTH = 1000


class AnswersForm(EditionForm):
    """A level and a comment for each criterion of one axis. Nothing is required: one may save
    half-way. What was confirmed before is offered beside it and never filled in by itself.
    """

    level_field, comment_field = "own_level", "comment"
    comment_label = gettext_lazy("コメント(根拠や状況)")

    def __init__(self, data: Any = None, *, assessment: Assessment, answers: Iterable[Answer]):
        super().__init__(data, initial={"edition": assessment.edition})
        self.answers = list(answers)
        self.groups = tuple(self._ask(answer) for answer in self.answers)

    def _ask(self, answer: Answer) -> tuple[str, SafeString, list[str]]:
        number, words = answer.criterion_id, answer.criterion.words
        names = [f"level_{number}", *self._more(answer), f"comment_{number}"]
        names += self._reply(answer)
        self.fields[f"level_{number}"] = forms.TypedChoiceField(
            label=words.question,
            help_text=self.help_of(answer),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[(level, f"{level}　{text}") for level, text in enumerate(words.levels)],
            widget=forms.RadioSelect,
            initial=self.level_of(answer),
        )
        self.fields[f"comment_{number}"] = forms.CharField(
            label=self.comment_label,
            required=False,
            max_length=COMMENT_LENGTH,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=getattr(answer, self.comment_field),
        )
        return f"{answer.criterion.code} {words.title}", self.above(answer), names

    def _more(self, answer: Answer) -> list[str]:
        """The box 該当なし, where the criterion may not apply."""
        if not answer.criterion.may_not_apply:
            return []
        name = f"not_applicable_{answer.criterion_id}"
        self.fields[name] = forms.BooleanField(
            label=_("該当なし(理由をコメントに書いてください)"),
            required=False,
            initial=answer.not_applicable,
        )
        return [name]

    def _reply(self, answer: Answer) -> list[str]:
        """The reply to what was sent back, where something was."""
        if not _is_sent_back(answer):
            return []
        name = f"reply_{answer.criterion_id}"
        self.fields[name] = forms.CharField(
            label=_("指摘への返答"),
            help_text=_("回答を変えないときは、その理由を書いてください。"),
            required=False,
            max_length=COMMENT_LENGTH,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=answer.return_reply,
        )
        return [name]

    def level_of(self, answer: Answer) -> int | None:
        """The level that the form opens with."""
        return getattr(answer, self.level_field)

    def above(self, answer: Answer) -> SafeString:
        """What stands over the question: what is to be mended, and the answer of the round before
        with a button that fills it in.
        """
        parts = [_sent_back(answer), previous_words(answer)]
        words = format_html_join(" ", "{}", ((part,) for part in parts if part))
        return (
            format_html("{} {}", words, _as_before(answer))
            if answer.previous_level is not None
            else words
        )

    def help_of(self, answer: Answer) -> str:
        """What stands under the question: the condition, and what the other side wrote."""
        return " ".join(part for part in (_condition(answer), *self.notes_of(answer)) if part)

    def notes_of(self, answer: Answer) -> list[str]:
        """What a reviewer wrote."""
        return [_quoted(pgettext("準備度評価", "確認者から"), answer.reviewed_comment)]

    def why_lowered(self, answer: Answer, level: int | None, comment: str) -> str:
        """What asks for the reason of a level below the round before; empty where it is given."""
        if not answer.lacks_reason(level, comment):
            return ""
        words = _("前回の%(level)sより下げる理由を書いてください。")
        return words % {"level": answer.previous_level}

    def clean(self) -> dict[str, Any]:
        """What does not apply has a reason and no level; what is lowered has its reason."""
        cleaned = super().clean() or {}
        for answer in self.answers:
            number = answer.criterion_id
            typed = cleaned.get(f"level_{number}"), cleaned.get(f"comment_{number}") or ""
            if not cleaned.get(f"not_applicable_{number}"):
                if reason := self.why_lowered(answer, *typed):
                    self.add_error(f"comment_{number}", reason)
                continue
            if cleaned.get(f"level_{number}") is not None:
                self.add_error(f"level_{number}", _("該当なしのときは、段階を選ばないでください。"))
            if not typed[1].strip():
                self.add_error(f"comment_{number}", _("該当なしの理由を書いてください。"))
            elif answer.lacks_reason(None, typed[1], not_applicable=True):
                words = _("前回のコメントのままです。今回該当なしとする理由を書いてください。")
                self.add_error(f"comment_{number}", words)
        return cleaned

    @property
    def levels(self) -> dict[int, Entered]:
        """What was entered, by criterion number."""
        cleaned = self.cleaned_data
        return {
            number: Entered(
                cleaned[f"level_{number}"],
                cleaned[f"comment_{number}"],
                bool(cleaned.get(f"not_applicable_{number}")),
                cleaned.get(f"reply_{number}"),
            )
            for number in (answer.criterion_id for answer in self.answers)
        }


class ReviewAnswersForm(AnswersForm):
    """The reviewer's level and comment beside the department's own. It opens with the own level; a
    lower one asks for its reason. `names`: whether the reviewer sees who sent an item back.
    """

    level_field, comment_field = "reviewed_level", "reviewed_comment"
    comment_label = gettext_lazy("確認者のコメント")

    def __init__(self, data: Any = None, *, names: bool, **kwargs: Any) -> None:
        self.names = names
        super().__init__(data, **kwargs)

    def _more(self, answer: Answer) -> list[str]:
        """Only the department says what does not apply to it."""
        return []

    def _reply(self, answer: Answer) -> list[str]:
        """Only the department replies."""
        return []

    def level_of(self, answer: Answer) -> int | None:
        """The reviewed level; the own one before the first review."""
        return answer.level

    def above(self, answer: Answer) -> SafeString:
        """What was sent back and what came of it, and the round before; nothing is filled in for a
        reviewer.
        """
        lines = [
            *return_lines(answer, names=self.names),
            previous_words(answer),
            lowered_words(answer),
        ]
        return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines if line))

    def notes_of(self, answer: Answer) -> list[str]:
        """What the department said."""
        own = (
            _("部署は「該当なし」としています。")
            if answer.not_applicable
            else _("自己評価は%(level)sです。") % {"level": answer.own_level}
        )
        return [own, _quoted(_("部署のコメント"), answer.comment)]

    def why_lowered(self, answer: Answer, level: int | None, comment: str) -> str:
        """What asks for the reason of a level below the department's own."""
        if answer.is_lowered_by(level) and not comment.strip():
            return _("自己評価より下げる理由を書いてください。")
        return ""


def _is_sent_back(answer: Answer) -> bool:
    """Is something of this item to be mended now?"""
    returned = answer.assessment.state == Assessment.State.RETURNED
    return returned and bool(answer.return_remark)


def _sent_back(answer: Answer) -> SafeString:
    """What is to be mended of this item, marked as the state of the assessment is."""
    if not _is_sent_back(answer):
        return SafeString()
    words = _quoted(pgettext("準備度評価", "差戻しの指摘"), answer.return_remark)
    return format_html("{} {}", badge_of("back", pgettext("準備度評価", "差戻し")), words)


def previous_words(answer: Answer) -> str:
    """Level and comment of the round before; nothing where there was none."""
    return " ".join(
        part
        for part in (_previous(answer), _quoted(_("前回のコメント"), answer.previous_comment))
        if part
    )


def _as_before(answer: Answer) -> SafeString:
    """A button that fills the fields with the answer of the round before; nothing is saved by
    it.
    """
    if answer.previous_level is None:
        return SafeString()
    number = answer.criterion_id
    fill = {f"level_{number}": str(answer.previous_level)}
    if answer.previous_comment:
        fill[f"comment_{number}"] = answer.previous_comment
    return format_html(
        '<button class="btn btn-2 btn-s" type="button" data-fill="{}" hidden>{}'
        '<span class="vh"> {}</span></button>',
        json.dumps(fill, ensure_ascii=False),
        _("前回のとおり"),
        answer.criterion.words.title,
    )


def _condition(answer: Answer) -> str:
    if not answer.criterion.blocker:
        return ""
    return _("必須条件です。%(level)s以上で満たします。") % {
        "level": answer.criterion.blocker_level
    }


def _previous(answer: Answer) -> str:
    return (
        ""
        if answer.previous_level is None
        else _("前回は%(level)sです。") % {"level": answer.previous_level}
    )


def _quoted(label: str, text: str) -> str:
    return _("%(label)s「%(text)s」") % {"label": label, "text": text} if text else ""


class ReturnAnswersForm(EditionForm):
    """Why the answers go back to the department, as a whole and item by item."""

    remark = forms.CharField(
        label=gettext_lazy("直してほしい点"),
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("全体について書いてください。所属長に知らせます。"),
    )
    whole = forms.BooleanField(
        label=gettext_lazy("全体についての差戻し(項目を挙げない)"), required=False
    )

    def __init__(self, data: Any = None, *, assessment: Assessment, answers: Iterable[Answer]):
        super().__init__(data, initial={"edition": assessment.edition})
        self.answers = list(answers)
        by_axis = groupby(self.answers, key=lambda answer: answer.criterion.axis)
        self.groups = tuple(
            (Axis(axis).label, "", [self._ask(answer) for answer in rows]) for axis, rows in by_axis
        )

    def _ask(self, answer: Answer) -> str:
        name = f"remark_{answer.criterion_id}"
        level = pgettext("準備度", "該当なし") if answer.not_applicable else answer.own_level
        self.fields[name] = forms.CharField(
            label=f"{answer.criterion.code} {answer.criterion.words.title}",
            help_text=_("自己評価 %(level)s") % {"level": level},
            required=False,
            max_length=COMMENT_LENGTH,
        )
        return name

    def clean(self) -> dict[str, Any]:
        """A 差戻し names its items, or says that it is about the whole."""
        cleaned = super().clean() or {}
        if not self.errors and not (self.remarks or self.cleaned_data["whole"]):
            self.add_error("whole", NO_ITEM)
        elif not self.errors and self.remarks and self.cleaned_data["whole"]:
            self.add_error("whole", _("項目に指摘を書いたときは、選ばないでください。"))
        return cleaned

    @property
    def remarks(self) -> dict[int, str] | None:
        """What is to be mended, by criterion number, of the items that were named; None where it
        is about the whole.
        """
        texts = {
            answer.criterion_id: self.cleaned_data[f"remark_{answer.criterion_id}"]
            for answer in self.answers
        }
        return {number: text for number, text in texts.items() if text.strip()} or None
