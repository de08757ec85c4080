"""Forms of the ground floor, and the two fields that every form of the house shares. Forms validate; they never save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Decision, Step
from .periods import read_date


class DayField(forms.CharField):
    """A day in one text field, in either calendar: 2026-04-01, 2026/4/1, 令和8年4月1日, R8.4.1."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("help_text", _("例 令和8年4月1日、2026-04-01"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a date as ISO; text that was typed as it was typed."""
        return value.isoformat() if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:  # type: ignore[override]
        """The date, or None when it may be empty and is."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_date(text)
        except ValueError:
            raise ValidationError(
                _("日付として読めません。令和8年4月1日 または 2026-04-01 のように入力してください。")
            ) from None


class EditionForm(forms.Form):
    """A form that edits a row: it carries the edition it was filled from, so that a stale save is refused."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class AnswerForm(forms.Form):
    """What the holder of a post answers at one step of a decision."""

    step = forms.ModelChoiceField(Step.objects.none(), widget=forms.HiddenInput)
    comment = forms.CharField(
        label=pgettext_lazy("決裁", "意見"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("差戻し・却下・条件付の同意のときは必ず入力してください。"),
    )  # fmt: skip
    conditional = forms.BooleanField(label=_("条件を付けて同意する"), required=False)
    to = forms.ModelChoiceField(
        Step.objects.none(),
        label=pgettext_lazy("組織", "差戻し先"),
        required=False,
        empty_label=pgettext_lazy("組織", "起案者"),
        help_text=_("途中の段階へ戻すこともできます。"),
    )

    def __init__(self, decision: Decision, data: Any = None, *, needs_comment: bool = False) -> None:
        super().__init__(data)
        steps = decision.steps.filter(revision=decision.revision).select_related("post", "department")
        self.fields["step"].queryset = decision.steps.all()
        self.fields["to"].queryset = steps.filter(state=Step.State.APPROVED)
        self.fields["to"].label_from_instance = lambda step: f"{step.department.name} {step.post.title}"
        self.needs_comment = needs_comment

    def clean_comment(self) -> str:
        """The reason is required where the rule asks for it."""
        comment = self.cleaned_data["comment"].strip()
        if self.needs_comment and not comment:
            raise ValidationError(_("理由を入力してください。差戻し・却下・条件付の同意では必要です。"))
        return comment
