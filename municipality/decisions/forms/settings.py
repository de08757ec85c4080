"""Forms of the settings of decisions: routes, deputies and absences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.registry import subjects
from municipality.decisions.models import StepKind
from municipality.decisions.operations.route_templates import (
    RouteStage,
    equal_route,
    equal_words,
)
from municipality.organisation.forms import BodyForm
from municipality.organisation.models import Department, Municipality, Post
from municipality.organisation.people_fields import PersonField
from municipality.web.forms import DayField, FilledSelect, WholeField

MOST_STAGES = 6

MANAGERS = "managers"
"""The kind of a stage that asks the managers of the subject's departments (合議)."""

USUAL_STAGES = 3


def matters() -> list[tuple[str, Any]]:
    """Matters that can be put to decision, with their labels."""
    return [(matter, subject.label) for matter, subject in subjects().items()]


class RouteFilter(forms.Form):
    """Filter of the list of routes; an unreadable value filters nothing."""

    q = forms.CharField(label=_("決裁区分の名称"), max_length=60, required=False)
    matter = forms.ChoiceField(label=_("決裁の対象"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["matter"].choices = [("", _("すべての対象")), *matters()]  # type: ignore[attr-defined]


def variants() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The kinds of each matter that has some (月次, 四半期 …), under its name."""
    return [
        (subject.label, list(subject.variants))
        for subject in subjects().values()
        if subject.variants
    ]


class RouteForm(BodyForm):
    """Route of one matter; its stages are separate `StageForm`s."""

    matter = forms.ChoiceField(label=_("決裁の対象"), choices=matters)
    name = forms.CharField(
        label=_("決裁区分の名称"),
        max_length=60,
        help_text=_("例 副町長専決、町長決裁。同じ対象に、いくつでも登録できます。"),
    )
    open_days = WholeField(
        label=_("1段階の日数(開庁日)"),
        min_value=1,
        max_value=60,
        initial=3,
        help_text=_("この日数を過ぎると、担当者に督促します。"),
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("起案する部署の条件"),
        required=False,
        empty_label=_("すべての部署"),
        help_text=_("選ぶと、その部署と下の部署の起案は、必ずこの決裁区分になります。"),
    )
    variant = forms.ChoiceField(
        label=_("区分の条件"),
        required=False,
        choices=lambda: [("", _("すべての区分")), *variants()],
        help_text=_("選ぶと、その区分の件は、必ずこの決裁区分になります。"),
    )
    least_yen = WholeField(
        label=_("金額の条件(円以上)"),
        min_value=1,
        required=False,
        help_text=_(
            "入力すると、この金額以上の件は、必ずこの決裁区分になります。空欄は条件なしです。"
        ),
    )

    def clean(self) -> dict[str, Any]:
        """The kind is one of the matter's, and no other route binds on the same conditions."""
        values = super().clean() or self.cleaned_data
        matter, variant = values.get("matter", ""), values.get("variant", "")
        if self.errors:
            return values
        if variant and variant not in dict(subjects()[matter].variants):
            self.add_error("variant", _("この区分は、選んだ決裁の対象にはありません。"))
            return values
        names = ("matter", "name", "department", "least_yen", "variant")
        if equal := equal_route(self.body, **{name: values[name] for name in names}):
            raise ValidationError(equal_words(equal))
        return values


class StageForm(BodyForm):
    """One stage of a route. Without a post it is not there, but for the managers of the subject's
    departments, who need none.
    """

    order = WholeField(
        label=pgettext_lazy("決裁", "順番"),
        min_value=1,
        max_value=MOST_STAGES,
        help_text=_("同じ順番の段階は同時に進み、全員がそろうと次へ進みます。"),
    )
    kind = forms.ChoiceField(
        label=_("段階の種類"),
        choices=lambda: [*StepKind.choices, (MANAGERS, _("合議(対象部署の所属長)"))],
    )
    post = forms.ModelChoiceField(
        Post.objects.none(),
        label=pgettext_lazy("組織", "職位"),
        required=False,
        empty_label=_("使わない段階"),
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=pgettext_lazy("組織", "部署"),
        required=False,
        empty_label=_("起案した部署に最も近い職位"),
    )

    def clean(self) -> dict[str, Any]:
        """The managers are found by the subject: they have no post or department here."""
        values = super().clean() or self.cleaned_data
        if values.get("kind") == MANAGERS and (values.get("post") or values.get("department")):
            self.add_error(
                "kind", _("対象部署の所属長に合議する段階では、職位と部署を選ばないでください。")
            )
        return values


def stage_forms(body: Municipality, data: Any = None) -> list[StageForm]:
    """Forms of the stages of a route, always MOST_STAGES of them; the choices are read once for
    all.
    """
    kinds = {USUAL_STAGES: StepKind.DECIDE}
    stages = [
        StageForm(
            body, data, prefix=f"s{n}", initial={"order": n, "kind": kinds.get(n, StepKind.APPROVE)}
        )
        for n in range(1, MOST_STAGES + 1)
    ]
    for name in ("post", "department"):
        choices = list(iter(stages[0].fields[name].choices))  # type: ignore[attr-defined]
        for form in stages:
            form.fields[name].widget.choices = choices
    return stages


def stages_of(form: RouteForm, stages: list[StageForm]) -> list[RouteStage]:
    """Stages that were filled in. Stages that make no valid route are reported as an error of the
    route's form.
    """
    if not all(stage.is_valid() for stage in stages):
        form.add_error(None, _("段階の入力を確認してください。"))
        return []
    laid = [_stage(values) for form_ in stages if _is_used(values := form_.cleaned_data)]
    matter = form.cleaned_data.get("matter", "")
    if any(stage.post is None for stage in laid) and not subjects()[matter].departments:
        form.add_error(
            None, _("この決裁の対象には対象部署がないため、対象部署の所属長には合議できません。")
        )
    deciding = [stage.order for stage in laid if stage.kind == StepKind.DECIDE]
    if len(deciding) != 1 or any(
        stage.order >= deciding[0] and stage.kind != StepKind.DECIDE for stage in laid
    ):
        form.add_error(None, _("最後の順番に、「決裁」の段階を1つだけ入れてください。"))
    return laid


def _is_used(values: dict[str, Any]) -> bool:
    return bool(values["post"]) or values["kind"] == MANAGERS


def _stage(values: dict[str, Any]) -> RouteStage:
    if values["kind"] == MANAGERS:
        return RouteStage(values["order"], StepKind.AGREE)
    return RouteStage(values["order"], values["kind"], values["post"], values["department"])


class DateRangeForm(BodyForm):
    """First and last day of a period."""

    starts_on = DayField(label=pgettext_lazy("期間", "開始日"))
    ends_on = DayField(label=pgettext_lazy("期間", "終了日"))

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("開始日より後の日付を入力してください。"))
        return cleaned


class DeputyForm(DateRangeForm):
    """Deputy of a post for a period."""

    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("決裁者の部署"), empty_label=None, widget=FilledSelect
    )
    post = forms.ModelChoiceField(
        Post.objects.none(), label=_("決裁者の職位"), empty_label=None, widget=FilledSelect
    )
    member = PersonField(label=_("代決する人"))
    matter = forms.ChoiceField(label=_("決裁の対象"), required=False)
    ends_on = DayField(
        label=pgettext_lazy("期間", "終了日"),
        required=False,
        help_text=_("空欄のときは、取り消すまで続きます。"),
    )
    field_order = ["department", "post", "member", "matter", "starts_on", "ends_on"]

    def __init__(self, body: Municipality, data: Any = None, **kwargs: Any) -> None:
        super().__init__(body, data, **kwargs)
        self.fields["matter"].choices = [("", _("すべての対象")), *matters()]  # type: ignore[attr-defined]


class AbsenceForm(DateRangeForm):
    """Period of an absence and its reason."""

    reason = forms.CharField(
        label=_("不在の理由"),
        max_length=60,
        help_text=_("例 出張、病気休暇。庁舎の外で勤務している日は、不在ではありません。"),
    )
    field_order = ["member", "reason", "starts_on", "ends_on"]


class AbsenceOfForm(AbsenceForm):
    """Absence of another person, recorded by the office."""

    member = PersonField(label=pgettext_lazy("決裁", "不在の人"))
