"""Forms of training. They validate; operations save."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from municipality.forms import DayField, EditionForm
from municipality.models import Department, Grant, Member, Posting

from .models import Assignment, Completion, Course

INDENT = "　"
SPECIFIC_LIMIT = 200


class CourseFacts(forms.Form):
    """What a course says of itself, apart from its code."""

    title = forms.CharField(label=pgettext_lazy("研修", "研修名"), max_length=80)
    mode = forms.ChoiceField(
        label=gettext_lazy("研修の形式"), choices=Course.Mode, widget=forms.RadioSelect, initial=Course.Mode.ELEARNING,
        help_text=gettext_lazy("eラーニングは本人が、そのほかは事務局が修了を記録します。"),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=pgettext_lazy("研修", "所要時間"), min_value=1, max_value=6000,
        widget=forms.NumberInput({"data-unit": pgettext_lazy("単位", "分")}),
    )  # fmt: skip
    validity_months = forms.IntegerField(
        label=pgettext_lazy("研修", "有効期間"), min_value=1, max_value=120, required=False,
        help_text=gettext_lazy("空欄のときは、期限なく有効です。"), widget=forms.NumberInput({"data-unit": pgettext_lazy("単位", "か月")}),
    )  # fmt: skip
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("対象の役割"), choices=Grant.Role, widget=forms.CheckboxSelectMultiple
    )
    required_for_pilots = forms.BooleanField(
        label=gettext_lazy("試行の参加者に必須とする"), required=False,
        help_text=gettext_lazy("修了していない人がいる間は、試行を始められません。"),
    )  # fmt: skip
    materials = forms.CharField(
        label=pgettext_lazy("研修", "教材"), required=False, max_length=20000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("「## 」で始まる行は見出し、「- 」で始まる行は箇条書きになります。"),
    )  # fmt: skip
    english_title = forms.CharField(label=gettext_lazy("英語の研修名"), max_length=120, required=False)
    english_materials = forms.CharField(
        label=gettext_lazy("英語の教材"), required=False, max_length=40000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def facts(self) -> dict[str, Any]:
        """What was entered, by the names of the model's fields."""
        facts = dict(self.cleaned_data)
        english = {"title": facts.pop("english_title"), "materials": facts.pop("english_materials")}
        return facts | {"english": {key: text for key, text in english.items() if text}}

    def clean(self) -> dict[str, Any]:
        """An e-learning course needs a material to work through."""
        facts = super().clean() or {}
        if facts.get("mode") == Course.Mode.ELEARNING and not facts.get("materials", "").strip():
            self.add_error("materials", _("eラーニングには教材が必要です。教材を入力してください。"))
        return facts


class CourseForm(CourseFacts):
    """A new course with its code."""

    code = forms.RegexField(
        r"^[0-9A-Za-z_-]+$", label=gettext_lazy("研修コード"), max_length=20, help_text=gettext_lazy("半角の英数字です。例 T05"),
        error_messages={"invalid": gettext_lazy("半角の英数字で入力してください。")},
    )  # fmt: skip
    field_order = ("code",)


class CourseEditForm(CourseFacts, EditionForm):
    """A course that exists: its code stays, and it can be taken out of use."""

    is_active = forms.BooleanField(
        label=gettext_lazy("この研修を使う"),
        required=False,
        help_text=gettext_lazy("外すと、新しく割り当てられなくなります。"),
    )

    def facts(self) -> dict[str, Any]:
        """What was entered, without the edition."""
        facts = super().facts()
        facts.pop("edition")
        return facts

    @staticmethod
    def initial_of(course: Course) -> dict[str, Any]:
        """What the form opens with."""
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
        english = {f"english_{part}": course.english.get(part, "") for part in ("title", "materials")}
        return {name: getattr(course, name) for name in names} | english


class AssignForm(forms.Form):
    """Who is to take a course by when: the people of a department in certain roles, or persons by their numbers."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("対象の役割"), choices=Grant.Role, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label=gettext_lazy("職員番号で指定する"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=4000,
        help_text=gettext_lazy("一部の人だけに割り当てるときに、読点や改行で区切って入力します。部署と役割は使いません。"),
    )  # fmt: skip
    due_on = DayField(label=gettext_lazy("受講の期限"), widget=forms.TextInput({"class": "in-s"}))
    reason = forms.CharField(
        label=gettext_lazy("割当ての理由"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("例 第2期試行の参加前研修"),
    )
    skip_valid = forms.BooleanField(label=gettext_lazy("有効な修了がある人を除く"), required=False, initial=True)

    def __init__(
        self, data: Any = None, *, course: Course, departments: Iterable[Department], people: QuerySet, today: date
    ):
        super().__init__(data, initial={"roles": course.audience})
        self.course, self.people, self.today = course, people, today
        self.departments = {str(row.pk): row for row in departments}
        choices = [(key, INDENT * max(0, row.depth) + row.name) for key, row in self.departments.items()]
        self.fields["department"] = forms.ChoiceField(label=_("対象の部署(下の部署を含む)"), choices=choices)
        self.order_fields(["department"])

    def clean_due_on(self) -> date:
        """Today or later."""
        day = self.cleaned_data["due_on"]
        if day < self.today:
            raise ValidationError(_("受講の期限は、今日以降の日にしてください。"))
        return day

    def clean_numbers(self) -> list[Member]:
        """The persons with these numbers. Refuses numbers that nobody or more than one person has."""
        text = unicodedata.normalize("NFKC", self.cleaned_data["numbers"])
        numbers = list(dict.fromkeys(part for part in re.split(r"[\s,、]+", text) if part))
        if len(numbers) > SPECIFIC_LIMIT:
            raise ValidationError(_("一度に指定できるのは%(most)s人までです。") % {"most": SPECIFIC_LIMIT})
        found: dict[str, list[Member]] = {number: [] for number in numbers}
        for member in self.people.filter(number__in=numbers, is_active=True):
            found[member.number].append(member)
        bad = [number for number, members in found.items() if len(members) != 1]
        if bad:
            raise ValidationError(
                _("職員番号「%(numbers)s」の人を1人に決められません。番号を確かめてください。")
                % {"numbers": pgettext("区切り", "、").join(bad)}
            )
        return [members[0] for members in found.values()]

    @property
    def chosen(self) -> QuerySet:
        """The people meant: those named, else those posted in the department or below it with one of the roles."""
        facts = self.cleaned_data
        if facts["numbers"]:
            found = self.people.filter(pk__in=[member.pk for member in facts["numbers"]])
        else:
            found = self.people.filter(
                pk__in=self._posted(self.departments[facts["department"]], facts["roles"]), is_active=True
            )
        if facts["skip_valid"]:
            valid = (
                Completion.objects.of(self.course.municipality_id).valid_on(facts["due_on"]).filter(course=self.course)
            )
            found = found.exclude(pk__in=valid.values("member"))
        return found

    def _posted(self, department: Department, roles: list[str]) -> QuerySet:
        held = (
            Posting.objects.of(department.municipality_id)
            .on(self.today)
            .filter(status=Posting.Status.PRESENT, grants__role__in=roles)
        )
        below = Department.objects.of(department.municipality_id).below(department.path)
        return held.filter(department__in=below).values("member")


class ReadForm(forms.Form):
    """The person says that the material was worked through."""

    read = forms.BooleanField(label=gettext_lazy("教材を最後まで読み、自分に当てはめて確かめました"))


class CompletionForm(forms.Form):
    """The office records a completion."""

    completed_on = DayField(label=pgettext_lazy("研修", "修了日"), widget=forms.TextInput({"class": "in-s"}))
    score = forms.IntegerField(label=pgettext_lazy("研修", "点数"), min_value=0, max_value=100, required=False)

    def __init__(self, data: Any = None, *, today: date):
        super().__init__(data, initial={"completed_on": today})
        self.today = today

    def clean_completed_on(self) -> date:
        """Today or earlier."""
        day = self.cleaned_data["completed_on"]
        if day > self.today:
            raise ValidationError(_("修了日は、今日以前の日にしてください。"))
        return day


class StateFilter(forms.Form):
    """Which people of a course are shown."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", _("取消しを除くすべて")), *Assignment.State.choices]
        self.fields["state"] = forms.ChoiceField(label=pgettext("受講割当", "状態"), required=False, choices=choices)
