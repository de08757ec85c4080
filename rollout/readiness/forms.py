"""Forms of the preparing stage. They validate; operations save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from municipality.organisation.models import Department, Municipality
from municipality.organisation.open_days import open_days
from municipality.web.forms import DayField, EditionForm
from rollout.readiness.models import Answer, Assessment

COMMENT_LENGTH = 1000


class RoundForm(forms.Form):
    """New round: its name, its due date, and the kinds of departments that answer."""

    name = forms.CharField(
        label=pgettext_lazy("準備度の回", "回の名前"),
        max_length=60,
        help_text=gettext_lazy("例 第2回(令和8年10月)"),
    )
    due_on = DayField(
        widget=forms.TextInput({"class": "in-s"}),
        label=gettext_lazy("提出の期限"),
        help_text=gettext_lazy("開庁日にしてください。例 令和8年11月6日、2026-11-06"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        municipality: Municipality,
        departments: Iterable[Department],
        today: date,
        **kwargs: Any,
    ):
        super().__init__(data, **kwargs)
        self.municipality, self.today, self.departments = municipality, today, list(departments)
        counts = Counter(row.kind for row in self.departments)
        choices = [
            (kind.value, _kind_with_count(kind.label, counts[kind]))
            for kind in Department.Kind
            if counts[kind]
        ]
        initial = [kind for kind in counts if kind != Department.Kind.UNIT] or list(counts)
        self.fields["kinds"] = forms.MultipleChoiceField(
            label=_("回答する部署"),
            choices=choices,
            initial=initial,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_due_on(self) -> date:
        """An open day, today or later."""
        day = self.cleaned_data["due_on"]
        if day < self.today:
            raise ValidationError(_("提出の期限は、今日以降の日にしてください。"))
        roll = open_days(self.municipality).roll(day)
        if roll != day:
            words = _("%(day)sは閉庁日です。%(next)sなどの開庁日にしてください。")
            raise ValidationError(words % {"day": day.isoformat(), "next": roll.isoformat()})
        return day

    @property
    def chosen(self) -> list[Department]:
        """The departments of the chosen kinds."""
        return [row for row in self.departments if row.kind in self.cleaned_data["kinds"]]


def _kind_with_count(label: Any, count: int) -> str:
    words = ngettext("%(kind)s(%(count)s部署)", "%(kind)s(%(count)s部署)", count)
    return words % {"kind": label, "count": count}


class BoardFilter(forms.Form):
    """Filter of the board by state."""

    round = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", _("すべての状態")), *Assessment.State.choices]
        self.fields["state"] = forms.ChoiceField(
            label=pgettext("準備度評価", "状態"), required=False, choices=choices
        )


class AnswersForm(EditionForm):
    """Level and comment for each criterion of one axis. Nothing is required, so that one can save
    half-way.
    """

    level_field, comment_field = "own_level", "comment"
    comment_label = gettext_lazy("コメント(根拠や状況)")

    def __init__(self, data: Any = None, *, assessment: Assessment, answers: Iterable[Answer]):
        super().__init__(data, initial={"edition": assessment.edition})
        self.answers = list(answers)
        self.groups = tuple(self._ask(answer) for answer in self.answers)

    def _ask(self, answer: Answer) -> tuple[str, str, list[str]]:
        level, comment = f"level_{answer.criterion_id}", f"comment_{answer.criterion_id}"
        words = answer.criterion.words
        self.fields[level] = forms.TypedChoiceField(
            label=words.question,
            help_text=self.help_of(answer),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[(number, f"{number}　{text}") for number, text in enumerate(words.levels)],
            widget=forms.RadioSelect,
            initial=self.level_of(answer),
        )
        self.fields[comment] = forms.CharField(
            label=self.comment_label,
            required=False,
            max_length=COMMENT_LENGTH,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=getattr(answer, self.comment_field),
        )
        return f"{answer.criterion.code} {words.title}", "", [level, comment]

    def level_of(self, answer: Answer) -> int | None:
        """Level with which the form opens."""
        return getattr(answer, self.level_field)

    def help_of(self, answer: Answer) -> str:
        """Help text under the question: the condition, the previous round, and notes of the other
        side.
        """
        return " ".join(part for part in (_condition(answer), *self.notes_of(answer)) if part)

    def notes_of(self, answer: Answer) -> list[str]:
        """Previous level, and the reviewer's comment."""
        return [
            _previous(answer),
            _quoted(pgettext("準備度評価", "確認者から"), answer.reviewed_comment),
        ]

    @property
    def levels(self) -> dict[int, tuple[int | None, str]]:
        """Entered levels and comments, by criterion number."""
        cleaned = self.cleaned_data
        return {
            answer.criterion_id: (
                cleaned[f"level_{answer.criterion_id}"],
                cleaned[f"comment_{answer.criterion_id}"],
            )
            for answer in self.answers
        }


class ReviewAnswersForm(AnswersForm):
    """The reviewer's level and comment beside the department's own. It opens with the own level."""

    level_field, comment_field = "reviewed_level", "reviewed_comment"
    comment_label = gettext_lazy("確認者のコメント")

    def level_of(self, answer: Answer) -> int | None:
        """The reviewed level; the own one before the first review."""
        return answer.level

    def notes_of(self, answer: Answer) -> list[str]:
        """Own level and comment of the department."""
        return [
            _("自己評価は%(level)sです。") % {"level": answer.own_level},
            _previous(answer),
            _quoted(_("部署のコメント"), answer.comment),
        ]


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


class ReturnAnswersForm(forms.Form):
    """Reason for returning the answers to the department."""

    remark = forms.CharField(
        label=gettext_lazy("直してほしい点"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=gettext_lazy("どの項目をどのように直すかを書いてください。所属長に知らせます。"),
    )
