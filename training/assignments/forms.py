"""Forms of assignments. They validate; operations save."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from municipality.core.digits import narrow
from municipality.organisation.models import Department, Grant, Member, Posting
from municipality.organisation.open_days import open_days
from municipality.web.forms import open_day
from training.assignments.models import Assignment
from training.courses.forms import INDENT, SPECIFIC_LIMIT

if TYPE_CHECKING:
    from training.courses.models import Course


class AssignForm(forms.Form):
    """People who have to complete a course by a day: people of a department with certain roles, or
    people by number.
    """

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("対象の役割"), choices=Grant.Role, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label=gettext_lazy("職員番号で指定する"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        help_text=gettext_lazy(
            "一部の人だけに割り当てるときに、読点や改行で区切って入力します。部署と役割は使いません。"
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("割当ての理由"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("例 第2期試行の参加前研修"),
    )
    skip_valid = forms.BooleanField(
        label=gettext_lazy("有効な修了がある人を除く"), required=False, initial=True
    )
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    """How many people the page said it would be."""

    def __init__(
        self,
        data: Any = None,
        *,
        course: Course,
        departments: Iterable[Department],
        people: QuerySet,
        today: date,
    ):
        super().__init__(data, initial={"roles": course.audience})
        self.course, self.people, self.today = course, people, today
        self.departments = {str(row.pk): row for row in departments}
        choices = [
            (key, INDENT * max(0, row.depth) + row.name) for key, row in self.departments.items()
        ]
        self.fields["department"] = forms.ChoiceField(
            label=_("対象の部署(下の部署を含む)"), choices=choices
        )
        calendar = open_days(course.municipality_id)
        self.fields["due_on"] = open_day(calendar, earliest=today, label=_("受講の期限"))
        self.order_fields(["department", "roles", "numbers", "due_on"])

    def clean_numbers(self) -> list[Member]:
        """Members with these numbers. Refuses numbers that no member or more than one has."""
        text = narrow(self.cleaned_data["numbers"])
        numbers = list(dict.fromkeys(part for part in re.split(r"[\s,、]+", text) if part))
        if len(numbers) > SPECIFIC_LIMIT:
            raise ValidationError(
                _("一度に指定できるのは%(most)s人までです。") % {"most": SPECIFIC_LIMIT}
            )
        by_number: dict[str, list[Member]] = {number: [] for number in numbers}
        for member in self.people.filter(number__in=numbers, is_active=True):
            by_number[member.number].append(member)
        bad = [number for number, members in by_number.items() if len(members) != 1]
        if bad:
            raise ValidationError(
                _("職員番号「%(numbers)s」の人を1人に決められません。番号を確かめてください。")
                % {"numbers": pgettext("区切り", "、").join(bad)}
            )
        return [members[0] for members in by_number.values()]

    def is_counted(self, count: int) -> bool:
        """Whether the number of people has been shown; who names them one by one knows it."""
        return bool(self.cleaned_data["numbers"]) or self.cleaned_data["expected"] == count

    def expecting(self, count: int) -> None:
        """Have the form carry the number of people that the page shows."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["expected"] = count
        self.data = data

    @property
    def chosen(self) -> QuerySet:
        """Members to assign: the numbered ones, else those posted in the department or below it
        with one of the roles.
        """
        cleaned = self.cleaned_data
        if cleaned["numbers"]:
            people = self.people.filter(pk__in=[member.pk for member in cleaned["numbers"]])
        else:
            people = self.people.filter(
                pk__in=self._posted(self.departments[cleaned["department"]], cleaned["roles"]),
                is_active=True,
            )
        if cleaned["skip_valid"]:
            valid = self.course.completions.valid_on(cleaned["due_on"])
            people = people.exclude(pk__in=valid.values("member"))
        return people

    def _posted(self, department: Department, roles: list[str]) -> QuerySet:
        held = (
            Posting.objects.of(department.municipality_id)
            .on(self.today)
            .filter(status=Posting.Status.PRESENT, grants__role__in=roles)
        )
        below = Department.objects.of(department.municipality_id).below(department.path)
        return held.filter(department__in=below).values("member")


class StateFilter(forms.Form):
    """Filter of a course's people by state."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", _("取消しを除くすべて")), *Assignment.State.choices]
        self.fields["state"] = forms.ChoiceField(
            label=pgettext("受講割当", "状態"), required=False, choices=choices
        )


class UseFilter(forms.Form):
    """Filter of the courses: in use, out of use, or both."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [
            ("", pgettext("研修", "使う研修")),
            ("out", _("使わない研修")),
            ("all", _("すべての研修")),
        ]
        self.fields["use"] = forms.ChoiceField(
            label=pgettext("研修", "使用"), required=False, choices=choices
        )
