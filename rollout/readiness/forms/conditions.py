"""Forms of the 必須条件: passing one over, looking at one again, and who passes over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.core.date_words import era_day
from municipality.organisation.models import Department, Municipality, Post
from municipality.web.forms import area, day
from rollout.readiness.models import Answer, ExceptionPost
from rollout.readiness.models.exceptions import EXCEPTION_TEXT
from rollout.readiness.models.reexaminations import REEXAMINATION_TEXT
from rollout.readiness.operations.exceptions import last_day


class ExceptionForm(forms.Form):
    """Why a 必須条件 is passed over, under which conditions, and until when."""

    reason = forms.CharField(
        label=gettext_lazy("例外を認める理由"),
        max_length=EXCEPTION_TEXT,
        widget=area(4),
        help_text=gettext_lazy("計画と展開の伺いに載り、決裁する人に示されます。"),
    )
    conditions = forms.CharField(
        label=gettext_lazy("例外に付ける条件"),
        max_length=EXCEPTION_TEXT,
        required=False,
        widget=area(3),
        help_text=gettext_lazy("例 住民の個人情報を扱う業務は対象にしない。"),
    )
    valid_until = day(label=gettext_lazy("例外の期限"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean_valid_until(self) -> date:
        """A day from today on, within ten years."""
        until = self.cleaned_data["valid_until"]
        if not self.today <= until <= last_day(self.today):
            words = _("今日から%(day)sまでの日にしてください。")
            raise ValidationError(words % {"day": era_day(last_day(self.today))})
        return until


class ExceptionRequestForm(forms.Form):
    """Why the department needs the exception."""

    reason = forms.CharField(
        label=gettext_lazy("例外を求める理由"),
        max_length=EXCEPTION_TEXT,
        widget=area(4),
        help_text=gettext_lazy(
            "条件を満たせない事情と、代わりに行う対策を書いてください。承認する人に示されます。"
        ),
    )


class DeclineExceptionForm(forms.Form):
    """Why no exception is granted."""

    remark = forms.CharField(
        label=gettext_lazy("見送る理由"),
        max_length=EXCEPTION_TEXT,
        widget=area(3),
        help_text=gettext_lazy("依頼した人と部署に知らせます。"),
    )


class ReexamineForm(forms.Form):
    """At which level the condition is now, and what changed."""

    def __init__(self, data: Any = None, *, answer: Answer) -> None:
        super().__init__(data)
        words = answer.criterion.words
        self.answer = answer
        self.fields["level"] = forms.TypedChoiceField(
            label=words.question,
            help_text=_("必須条件です。%(level)s以上で満たします。")
            % {"level": answer.criterion.blocker_level},
            coerce=int,
            choices=[(level, f"{level}　{text}") for level, text in enumerate(words.levels)],
            widget=forms.RadioSelect,
        )
        self.fields["comment"] = forms.CharField(
            label=_("変わったこと"),
            max_length=REEXAMINATION_TEXT,
            widget=area(4),
            help_text=_("いつ、何が変わったかと、確かめられる資料を書いてください。"),
        )

    def clean_level(self) -> int:
        """Another level than the one that counts."""
        level = self.cleaned_data["level"]
        if level == self.answer.level:
            raise ValidationError(_("いまと同じ段階です。"))
        return level


class ReexaminationForm(forms.Form):
    """What the office or a consultant says to it; declining asks for the reason."""

    remark = forms.CharField(
        label=gettext_lazy("確認者の理由"),
        max_length=REEXAMINATION_TEXT,
        required=False,
        widget=area(3),
        help_text=gettext_lazy("見送るときは必ず書いてください。部署に知らせます。"),
    )

    @property
    def declines(self) -> bool:
        """Was the second button pressed?"""
        return "draft" in self.data

    def clean_remark(self) -> str:
        """A reason, when it is declined."""
        remark = self.cleaned_data["remark"]
        if self.declines and not remark.strip():
            raise ValidationError(_("見送る理由を入力してください。"))
        return remark


class ExceptionPostForm(forms.Form):
    """Which post grants exceptions; none is the duty 情報セキュリティ責任者. The edition is 0 while no
    post is named.
    """

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=pgettext_lazy("組織", "部署"),
        required=False,
        empty_label=gettext_lazy("定めない(情報セキュリティ責任者が承認する)"),
    )
    post = forms.ModelChoiceField(
        Post.objects.none(),
        label=pgettext_lazy("組織", "職位"),
        required=False,
        empty_label=pgettext_lazy("例外を承認する職位", "定めない"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        municipality: Municipality,
        today: date,
        named: ExceptionPost | None,
    ) -> None:
        initial = {"department": named.department_id, "post": named.post_id} if named else {}
        edition = named.edition if named else 0
        super().__init__(data, initial={**initial, "edition": edition})
        fields: Any = self.fields
        fields["department"].queryset = Department.objects.of(municipality).on(today)
        fields["post"].queryset = Post.objects.of(municipality)

    def clean(self) -> dict[str, Any]:
        """Both or neither."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("department")) != bool(cleaned.get("post")):
            self.add_error(
                "post", _("部署と職位の両方を選ぶか、両方とも「定めない」にしてください。")
            )
        return cleaned
