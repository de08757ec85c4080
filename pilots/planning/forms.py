"""Forms of planning a pilot. They validate; operations save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from municipality.organisation.models import Department, Grant, Member, Posting
from municipality.organisation.open_days import open_days
from municipality.organisation.people_fields import PersonField
from municipality.web.forms import DayField, SeveralField, WholeField, open_day
from pilots.planning.checks import (
    busy_departments,
    busy_words,
    held_twice_words,
    why_not_span,
)
from pilots.planning.models import ALONE_IN_ITS_DEPARTMENTS, Method, Pilot, PilotKind
from pilots.planning.operations import left_open
from pilots.planning.readiness import against_words, offered_words
from rollout.readiness.queries import NotReady, Ready, readiness_of_all


def departments_for(member: Member, today: date) -> QuerySet:
    """Departments for which the member can plan: all but the body itself for the office, own
    departments and below for a manager.

    Each with `staff`, the people posted in it.
    """
    return counted(_planned_by(member, today), today)


def _planned_by(member: Member, today: date) -> QuerySet:
    rows = Department.objects.of(member.municipality_id).on(today).answering()
    if member.authority.is_office:
        return rows
    return rows.filter(member.authority.led("path", "manager"))


def all_departments(member: Member, today: date) -> QuerySet:
    """Every department but the body itself, as target of an expansion."""
    return counted(Department.objects.of(member.municipality_id).on(today).answering(), today)


def counted(rows: QuerySet, today: date) -> QuerySet:
    """Departments with `staff`, the number of people with their main posting there."""
    here = Q(
        Q(postings__ends_on=None) | Q(postings__ends_on__gte=today),
        postings__starts_on__lte=today,
        postings__kind=Posting.Kind.MAIN,
        postings__status=Posting.Status.PRESENT,
    )
    return (
        rows.select_related("parent")
        .annotate(staff=Count("postings__member", filter=here, distinct=True))
        .order_by("path")
    )


def leads_for(member: Member, pilot: Pilot | None = None) -> QuerySet:
    """Members who can lead a pilot: managers and the office, as far as the member sees them; also
    the member and the present lead.
    """
    able = Grant.objects.on(member.authority.day).filter(
        municipality_id=member.municipality_id,
        role__in=["manager", "office"],
        posting__member=OuterRef("pk"),
    )
    known = [member.pk, pilot.lead_id] if pilot else [member.pk]
    seen = Member.objects.visible_to(member).filter(Exists(able), is_active=True)
    return Member.objects.of(member.municipality_id).filter(
        Q(pk__in=seen.values("pk")) | Q(pk__in=known)
    )


YEN_LIMIT = 10**12


def department_label(department: Any) -> str:
    """Name with the department above it unless that is the body, and the number of people."""
    above = department.parent
    name = f"{above.name} {department.name}" if above and not above.is_body else department.name
    return _("%(name)s(%(n)s人)") % {"name": name, "n": department.staff}


class DepartmentsField(SeveralField):
    """Departments as boxes to tick, each with how ready it is. `answers` are filled in by
    `offer`.
    """

    widget = forms.CheckboxSelectMultiple
    answers: dict[int, Ready | NotReady] = {}

    def label_from_instance(self, department: Any) -> str:
        """Name, number of people, and readiness."""
        label = department_label(department)
        if department.pk not in self.answers:
            return label
        words = offered_words(self.answers[department.pk])
        return _("%(department)s　%(readiness)s") % {"department": label, "readiness": words}


def offer_departments(form: forms.Form, rows: QuerySet, today: date) -> None:
    """Let the form choose among these departments, and say of each how ready it is."""
    offer(form, "departments", rows)
    field: Any = form.fields["departments"]
    field.answers = readiness_of_all(rows, today)


def chosen_against(form: forms.Form) -> list[Ready | NotReady]:
    """The departments chosen in the form, or filled in at first, against which something stands on
    the day of the start, or today while that is not given.
    """
    field: Any = form.fields["departments"]
    chosen = form["departments"].value() or []
    numbers = {int(each) for each in chosen if str(each).isdecimal()}
    answers = {number: each for number, each in field.answers.items() if number in numbers}
    if answers and (starts_on := _day_of_start(form)):
        answers = readiness_of_all([each.department for each in answers.values()], starts_on)
    return [answer for answer in answers.values() if not answer]


def _day_of_start(form: forms.Form) -> date | None:
    """The day of the start that the form holds; None without one that can be."""
    bound = form["starts_on"]
    try:
        return bound.field.clean(bound.value())
    except forms.ValidationError:
        return None


def offer(form: forms.Form, name: str, rows: QuerySet) -> None:
    """Limit the choices of the field to these rows."""
    field: Any = form.fields[name]
    field.queryset = rows


def _read_day(value: Any) -> date | None:
    try:
        return DayField(required=False).clean(value)
    except forms.ValidationError:
        return None


class SpanForm(forms.Form):
    """Common fields of a pilot and an expansion: departments, period, method and frequency."""

    name = forms.CharField(label=gettext_lazy("試行の名前"), max_length=80)
    departments = DepartmentsField(
        Department.objects.none(), label=pgettext_lazy("試行", "対象部署")
    )
    starts_on = DayField(
        label=pgettext_lazy("期間", "開始日"), widget=forms.TextInput(attrs={"class": "in-s"})
    )
    ends_on = DayField(
        label=pgettext_lazy("期間", "終了日"), widget=forms.TextInput(attrs={"class": "in-s"})
    )
    method = forms.ChoiceField(
        label=pgettext_lazy("試行", "接続方式"),
        choices=[("", gettext_lazy("選んでください")), *Method.choices],
    )
    days_per_week = WholeField(
        label=gettext_lazy("1週間の上限"),
        min_value=1,
        max_value=5,
        initial=2,
        help_text=gettext_lazy("1人が1週間に実施できる日数です。"),
        widget=forms.NumberInput(attrs={"data-unit": pgettext_lazy("単位", "日")}),
    )
    half_days = forms.BooleanField(
        label=gettext_lazy("半日単位の実施を認める"), required=False, initial=True
    )

    def offer_days(self, member: Member, today: date) -> None:
        """Have the pilot begin and end on open days to come."""
        calendar = open_days(member.municipality_id)
        for name in ("starts_on", "ends_on"):
            label = self.fields[name].label
            self.fields[name] = open_day(calendar, earliest=today, label=label)

    @property
    def typed_days(self) -> list[date | None]:
        """First and last day as they were typed, also one that its field refuses: what else does
        not fit is told with it.
        """
        return [_read_day(self[name].value()) for name in ("starts_on", "ends_on")]

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """What stands against the chosen departments, each with the page that mends it."""
        return [(against_words(answer), answer.open[0].address) for answer in chosen_against(self)]

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start or years after it, and a department below another."""
        cleaned = super().clean() or {}
        if words := held_twice_words(cleaned.get("departments") or []):
            self.add_error("departments", words)
        starts_on, ends_on = self.typed_days
        if starts_on and ends_on and (words := why_not_span(starts_on, ends_on)):
            self.add_error("ends_on", words)
        return cleaned


class PilotForm(SpanForm):
    """New pilot, or change of its plan (then with its edition)."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("試行", "種別"), choices=PilotKind.choices, initial=PilotKind.DEPARTMENT
    )
    purpose = forms.CharField(
        label=pgettext_lazy("試行", "目的"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("何を確かめる試行かを書いてください。決裁の伺いに載ります。"),
    )
    scope = forms.CharField(
        label=gettext_lazy("対象の業務"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例 資料作成、予算要求、照会への回答"),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    field_order = [
        "name",
        "kind",
        "purpose",
        "departments",
        "starts_on",
        "ends_on",
        "method",
        "days_per_week",
        "half_days",
        "scope",
        "lead",
    ]

    def __init__(
        self, member: Member, today: date, data: Any = None, *, pilot: Pilot | None = None
    ) -> None:
        super().__init__(data, initial=self._initial(pilot) if pilot else {"lead": member})
        places = departments_for(member, today)
        if pilot:
            kept = Q(pk__in=[row.pk for row in pilot.places])
            own = Q(pk__in=_planned_by(member, today).values("pk"))
            places = all_departments(member, today).filter(own | kept)
        offer_departments(self, places, today)
        self.fields["lead"] = PersonField(
            leads_for(member, pilot),
            label=gettext_lazy("試行の責任者"),
            help_text=gettext_lazy(
                "氏名か職員番号で探せます。開始と評価の期限は、この人に知らせます。"
            ),
        )
        self.order_fields(self.field_order)
        self.pilot = pilot
        if pilot and pilot.state == Pilot.State.APPROVED:
            for name in set(self.fields) - {*left_open(pilot), "edition"}:
                self.fields[name].disabled = True
        else:
            self.offer_days(member, today)

    def clean(self) -> dict[str, Any]:
        """Refuse departments that are in another pilot in these days."""
        cleaned = super().clean()
        first, last = self.typed_days
        if cleaned.get("kind") in ALONE_IN_ITS_DEPARTMENTS and first and last:
            chosen = cleaned.get("departments") or []
            if busy := busy_departments(chosen, first, last, but=self.pilot):
                self.add_error("departments", busy_words(busy))
        return cleaned

    def _initial(self, pilot: Pilot) -> dict[str, Any]:
        initial = {name: getattr(pilot, name) for name in self.base_fields if name != "departments"}
        return {**initial, "departments": [row.pk for row in pilot.places], "lead": pilot.lead}


class PilotFilter(forms.Form):
    """Filter of the list of pilots."""

    state = forms.ChoiceField(label=gettext_lazy("試行の状態"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["state"]
        field.choices = [("", pgettext("絞り込み", "すべて")), *Pilot.State.choices]
