"""Forms of courses. They validate; operations save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.organisation.models import Grant
from municipality.web.forms import EditionForm, WholeField, day
from training.courses.models import Course

INDENT = "　"

SPECIFIC_LIMIT = 200


class CourseFieldsForm(forms.Form):
    """Fields of a course apart from its code."""

    title = forms.CharField(label=pgettext_lazy("研修", "研修名"), max_length=80)
    mode = forms.ChoiceField(
        label=gettext_lazy("研修の形式"),
        choices=Course.Mode,
        widget=forms.RadioSelect,
        initial=Course.Mode.ELEARNING,
        help_text=gettext_lazy("eラーニングは本人が、そのほかは事務局が修了を記録します。"),
    )
    minutes = WholeField(
        label=pgettext_lazy("研修", "所要時間"),
        min_value=1,
        max_value=6000,
        widget=forms.NumberInput({"data-unit": pgettext_lazy("単位", "分")}),
    )
    validity_months = WholeField(
        label=pgettext_lazy("研修", "有効期間"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=gettext_lazy("空欄のときは、期限なく有効です。"),
        widget=forms.NumberInput({"data-unit": pgettext_lazy("単位", "か月")}),
    )
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("対象の役割"), choices=Grant.Role, widget=forms.CheckboxSelectMultiple
    )
    required_for_pilots = forms.BooleanField(
        label=gettext_lazy("試行の参加者に必須とする"),
        required=False,
        help_text=gettext_lazy("修了していない人がいる間は、試行を始められません。"),
    )
    required_from = day(
        label=gettext_lazy("必須の指定を変える日"),
        required=False,
        help_text=gettext_lazy(
            "必須の指定を付けたり外したりするときは、この日から変わります。空欄のときは今日からです。"
        ),
    )
    materials = forms.CharField(
        label=pgettext_lazy("研修", "教材"),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("「## 」で始まる行は見出し、「- 」で始まる行は箇条書きになります。"),
    )
    english_title = forms.CharField(
        label=gettext_lazy("英語の研修名"), max_length=120, required=False
    )
    english_materials = forms.CharField(
        label=gettext_lazy("英語の教材"),
        required=False,
        max_length=40000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_required_from(self) -> date | None:
        """Days that have passed keep what was required on them."""
        chosen = self.cleaned_data["required_from"]
        if chosen and chosen < self.today:
            raise forms.ValidationError(_("今日以後の日を入力してください。"))
        return chosen

    def values(self) -> dict[str, Any]:
        """Entered values, by the names of the model's fields."""
        values = dict(self.cleaned_data)
        english = {
            "title": values.pop("english_title"),
            "materials": values.pop("english_materials"),
        }
        return values | {"english": {key: text for key, text in english.items() if text}}

    def clean(self) -> dict[str, Any]:
        """An e-learning course requires a material."""
        cleaned = super().clean() or {}
        if (
            cleaned.get("mode") == Course.Mode.ELEARNING
            and not cleaned.get("materials", "").strip()
        ):
            self.add_error(
                "materials", _("eラーニングには教材が必要です。教材を入力してください。")
            )
        return cleaned


class CourseForm(CourseFieldsForm):
    """A new course with its code."""

    code = forms.RegexField(
        r"^[0-9A-Za-z_-]+$",
        label=gettext_lazy("研修コード"),
        max_length=20,
        help_text=gettext_lazy("半角の英数字です。例 T05"),
        error_messages={"invalid": gettext_lazy("半角の英数字で入力してください。")},
    )
    field_order = ("code",)


class CourseEditForm(CourseFieldsForm, EditionForm):
    """Existing course: its code stays, and it can be deactivated."""

    is_active = forms.BooleanField(
        label=gettext_lazy("この研修を使う"),
        required=False,
        help_text=gettext_lazy("外すと、新しく割り当てられなくなります。"),
    )

    def values(self) -> dict[str, Any]:
        """Entered values without the edition."""
        values = super().values()
        values.pop("edition")
        return values

    @staticmethod
    def initial_of(course: Course) -> dict[str, Any]:
        """Initial values of the form."""
        names = (
            "title",
            "mode",
            "minutes",
            "validity_months",
            "audience",
            "required_for_pilots",
            "materials",
            "is_active",
            "edition",
        )
        english = {
            f"english_{part}": course.english.get(part, "") for part in ("title", "materials")
        }
        return {name: getattr(course, name) for name in names} | english
