"""Forms that record a completion, and that void one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from municipality.web.forms import DayField, SeveralField, WholeField
from training.assignments.models import Assignment
from training.completions.models import Completion
from training.completions.operations import assigned_after, early_words
from training.courses.models import Course


class ReadForm(forms.Form):
    """Confirmation that the person worked through the material."""

    read = forms.BooleanField(
        label=gettext_lazy("教材を最後まで読み、自分に当てはめて確かめました")
    )


class CompletedForm(forms.Form):
    """The day of a completion, as the office records it. A day before the assignment is asked
    about: only then the box for it is offered.
    """

    completed_on = DayField(
        label=pgettext_lazy("研修", "修了日"), widget=forms.TextInput({"class": "in-s"})
    )
    earlier = forms.BooleanField(label=gettext_lazy("割り当てる前に修了していた"), required=False)

    def __init__(self, data: Any = None, *, today: date):
        super().__init__(data, initial={"completed_on": today})
        self.today = today

    def clean_completed_on(self) -> date:
        """Today or earlier."""
        day = self.cleaned_data["completed_on"]
        if day > self.today:
            raise ValidationError(_("修了日は、今日以前の日にしてください。"))
        return day

    def clean(self) -> dict[str, Any]:
        """Before the assignment only if that is meant."""
        cleaned = super().clean() or {}
        day = cleaned.get("completed_on")
        early = day and assigned_after(self.recorded, day)
        if early and not cleaned.get("earlier"):
            self.add_error("completed_on", early_words(early))
        elif not early:
            del self.fields["earlier"]
        return cleaned

    @property
    def recorded(self) -> Iterable[Assignment]:
        """The assignments that the form completes."""
        return ()


class CompletionForm(CompletedForm):
    """Completion of one person, as the office records it."""

    score = WholeField(
        label=pgettext_lazy("研修", "点数"), min_value=0, max_value=100, required=False
    )
    field_order = ("completed_on", "earlier", "score")

    def __init__(self, data: Any = None, *, today: date, assignment: Assignment):
        super().__init__(data, today=today)
        self.assignment = assignment
        if not self.is_bound:
            del self.fields["earlier"]

    @property
    def recorded(self) -> Iterable[Assignment]:
        """The one assignment."""
        return (self.assignment,)


class PeopleField(SeveralField):
    """Assignments as boxes to tick, each with the person's name and department."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, assignment: Any) -> str:
        """Name and department."""
        if not assignment.home_name:
            return str(assignment.member)
        words = {"name": assignment.member, "department": assignment.home_name}
        return _("%(name)s(%(department)s)") % words


class ClassForm(CompletedForm):
    """The people who completed a course on the same day. Who has been recorded meanwhile may still
    be named: the form sent twice is no error.
    """

    people = PeopleField(Assignment.objects.none(), label=gettext_lazy("修了した人"))
    field_order = ("completed_on", "earlier", "people")

    def __init__(self, data: Any = None, *, today: date, rows: QuerySet[Assignment]):
        super().__init__(data, today=today)
        people: Any = self.fields["people"]
        people.queryset = rows
        people.choices = [(row.pk, people.label_from_instance(row)) for row in rows if row.is_open]
        if not self.is_bound:
            del self.fields["earlier"]

    @property
    def recorded(self) -> Iterable[Assignment]:
        """Those of the chosen that are still open."""
        return [row for row in self.cleaned_data.get("people") or () if row.is_open]


class VoidForm(forms.Form):
    """Why a completion was recorded wrongly."""

    reason = forms.CharField(
        label=gettext_lazy("修了を取り消す理由"),
        max_length=200,
        help_text=gettext_lazy("例 別の職員の修了を記録していたため。"),
    )


class CompletionFilter(forms.Form):
    """Filter of the completions: by assignment, course and source."""

    def __init__(self, *args: Any, courses: QuerySet[Course], **kwargs: Any):
        super().__init__(*args, **kwargs)
        listed = [(str(row.pk), str(row)) for row in courses.order_by("code")]
        self.fields["which"] = forms.ChoiceField(
            label=pgettext("研修", "修了"),
            required=False,
            choices=[
                ("", _("割当てのない修了")),
                ("all", _("取消しを除くすべて")),
                ("voided", _("取り消した修了")),
            ],
        )
        self.fields["course"] = forms.ChoiceField(
            label=pgettext("研修", "研修"),
            required=False,
            choices=[("", _("すべての研修")), *listed],
        )
        self.fields["source"] = forms.ChoiceField(
            label=pgettext("修了の記録", "記録の元"),
            required=False,
            choices=[("", pgettext("修了の記録", "すべて")), *Completion.Source.choices],
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, by field; nothing for a value that is none of the choices."""
        self.is_valid()
        return {name: text for name, text in self.cleaned_data.items() if text}
