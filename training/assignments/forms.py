"""Forms of assignments. They validate; operations save."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from municipality.organisation.models import Department, Grant, Posting
from municipality.organisation.open_days import open_days
from municipality.organisation.people_fields import PeopleInput, SeveralPeopleField
from municipality.web.forms import open_day
from training.assignments.models import Assignment
from training.courses.forms import INDENT, SPECIFIC_LIMIT

if TYPE_CHECKING:
    from training.courses.models import Course


class AssignForm(forms.Form):
    """People who have to complete a course by a day: people of a department with certain roles, or
    people by name.
    """

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("対象の役割"), choices=Grant.Role, widget=forms.CheckboxSelectMultiple
    )
    named = SeveralPeopleField(
        label=gettext_lazy("人を指定する"),
        required=False,
        most=SPECIFIC_LIMIT,
        widget=PeopleInput(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "一部の人だけに割り当てるときに、氏名か職員番号を読点や改行で区切って入力します。部署と役割は使いません。"
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
        self.course, self.people, self.today = course, people.filter(is_active=True), today
        self.fields["named"].search_in(self.people)  # type: ignore[attr-defined]
        self.departments = {str(row.pk): row for row in departments}
        choices = [
            (key, INDENT * max(0, row.depth) + row.name) for key, row in self.departments.items()
        ]
        self.fields["department"] = forms.ChoiceField(
            label=_("対象の部署(下の部署を含む)"), choices=choices
        )
        calendar = open_days(course.municipality_id)
        self.fields["due_on"] = open_day(calendar, earliest=today, label=_("受講の期限"))
        self.order_fields(["department", "roles", "named", "due_on"])

    def is_counted(self, count: int) -> bool:
        """Whether the number of people has been shown; who names them one by one knows it."""
        return bool(self.cleaned_data["named"]) or self.cleaned_data["expected"] == count

    def expecting(self, count: int) -> None:
        """Have the form carry the number of people that the page shows."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["expected"] = count
        self.data = data

    @property
    def chosen(self) -> QuerySet:
        """Members to assign: the named ones, else those posted in the department or below it
        with one of the roles.
        """
        cleaned = self.cleaned_data
        if cleaned["named"]:
            people = self.people.filter(pk__in=[member.pk for member in cleaned["named"]])
        else:
            people = self.people.filter(
                pk__in=self._posted(self.departments[cleaned["department"]], cleaned["roles"])
            )
        if cleaned["skip_valid"]:
            valid = self.course.completions.valid_on(cleaned["due_on"])
            people = people.exclude(pk__in=valid.values("member"))
        return people

    def _posted(self, department: Department, roles: list[str]) -> QuerySet:
        held = (
            Posting.objects.of(department.municipality_id)
            .in_service(self.today)
            .filter(grants__role__in=roles)
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
