"""Forms of decisions (決裁). Forms validate; they never save."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.decisions.models import Decision, RouteTemplate, Step
from municipality.decisions.operations.routes import planned_routes
from municipality.decisions.presenters.route_preview import RoutePreview, preview
from municipality.decisions.route_plan import (
    PlannedStep,
    managers_of_subject,
    problems_of,
)
from municipality.organisation.forms import BodyForm
from municipality.organisation.models import Department, Member, Post
from municipality.organisation.people_fields import PersonField
from municipality.web.forms import FilledSelect


class AnswerForm(forms.Form):
    """Answer of an approver at one step of a decision."""

    step = forms.ModelChoiceField(Step.objects.none(), widget=forms.HiddenInput)
    comment = forms.CharField(
        label=pgettext_lazy("決裁", "意見"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("そのまま同意・承認・決裁するときのほかは、必ず入力してください。"),
    )
    conditional = forms.BooleanField(label=_("条件を付けて同意する"), required=False)
    to = forms.ModelChoiceField(
        Step.objects.none(),
        label=pgettext_lazy("組織", "差戻し先"),
        required=False,
        empty_label=pgettext_lazy("組織", "起案者"),
        help_text=_("途中の段階へ戻すこともできます。"),
    )

    def __init__(
        self, decision: Decision, data: Any = None, *, needs_comment: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        steps = decision.steps.of_round(decision).select_related("post", "department")
        step, back_to = (
            cast("forms.ModelChoiceField", self.fields[name]) for name in ("step", "to")
        )
        step.queryset = decision.steps.select_related("decision", "post", "department")
        back_to.queryset = steps.filter(state=Step.State.APPROVED)
        back_to.label_from_instance = lambda step: f"{step.department.name} {step.post.title}"  # type: ignore[method-assign, assignment]
        self.needs_comment = needs_comment

    def offer(self, steps: list[tuple[int, str]]) -> None:
        """Offer these steps as those to return to; the page has read them already."""
        field = cast("forms.ModelChoiceField", self.fields["to"])
        cast("forms.Select", field.widget).choices = [("", field.empty_label), *steps]

    def clean_comment(self) -> str:
        """The comment; required where the rule demands a reason."""
        comment = self.cleaned_data["comment"].strip()
        if self.needs_comment and not comment:
            raise ValidationError(
                _("理由を入力してください。そのまま同意・承認・決裁するときのほかは必要です。")
            )
        return comment


class SubmitForm(forms.Form):
    """Which 決裁区分 the drafter takes, without a choice the one that binds first; and who checks in
    the stead of posts that do not exist. `previews` shows each route as it would be laid today.
    """

    route = forms.ModelChoiceField(
        RouteTemplate.objects.none(),
        label=pgettext_lazy("決裁", "決裁区分"),
        required=False,
        empty_label=None,
        widget=FilledSelect,
        help_text=_("決裁区分によって、決裁までの経路が変わります。"),
    )

    def __init__(self, decision: Decision, day: date, data: Any = None) -> None:
        super().__init__(data)
        planned = planned_routes(decision, day)
        routes = [route for route, _plan in planned]
        field = cast("forms.ModelChoiceField", self.fields["route"])
        field.queryset = RouteTemplate.objects.of(decision.municipality_id).filter(
            pk__in=[row.pk for row in routes]
        )
        self.first = next((row for row in routes if row.name == decision.route), None) or next(
            iter(routes), None
        )
        field.initial = self.first.pk if self.first else None
        self.several = len(routes) > 1
        self.managers, self.drafter = managers_of_subject(decision, day), decision.drafter_id
        self.plans = {route.pk: (route, plan) for route, plan in planned}
        for route, plan in self.plans.values():
            reasons = dict(problems_of(route, plan))
            for step in plan:
                if step.options:
                    self.fields[f"stand_in_{step.key}"] = self._stand_in(step, reasons[step.key])

    def _stand_in(self, step: PlannedStep, reason: str) -> forms.ChoiceField:
        """Who checks in the stead of a missing stage; needed only of the route that is taken."""
        return forms.ChoiceField(
            label=_("「%(name)s」の代わりに確認する人") % {"name": step.instead_of},
            choices=[("", _("選んでください")), *step.options],
            required=not self.several,
            error_messages={"required": reason},
        )

    def clean(self) -> dict[str, Any]:
        """The route that is taken, and for each of its missing stages what was chosen."""
        values = super().clean() or self.cleaned_data
        chosen = values.get("route") or self.first
        if chosen is None or self.errors:
            return values
        route, plan = self.plans[chosen.pk]
        problems, values["stand_ins"] = dict(problems_of(route, plan)), {}
        for key, reason in problems.items():
            name = f"stand_in_{key}"
            if value := values.get(name):
                department, post = value.split("-")
                values["stand_ins"][key] = (int(department), int(post))
            else:
                self.add_error(name if name in self.fields else None, reason)
        return values

    @property
    def previews(self) -> list[RoutePreview]:
        """Each route with its stages as they would be laid today."""
        return [
            preview(
                route,
                plan,
                {step.key: self[f"stand_in_{step.key}"] for step in plan if step.options},
                managers=self.managers,
                drafter=self.drafter,
            )
            for route, plan in self.plans.values()
        ]


class TakeoverForm(forms.Form):
    """Why the office takes a draft over."""

    reason = forms.CharField(
        label=_("引き継ぐ理由"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例 起案者が長期の休暇に入ったため。経過に残ります。"),
    )


class CirculationForm(BodyForm):
    """Reader of the decision: a person, or the holder of a post. Who orders it finds by name whom
    they may see, and everybody else by 職員番号.
    """

    member = PersonField(label=_("供覧する人"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("供覧する職位の部署"),
        required=False,
        empty_label=_("人を指定する"),
    )
    post = forms.ModelChoiceField(
        Post.objects.none(),
        label=_("供覧する職位"),
        required=False,
        empty_label=_("人を指定する"),
    )

    def __init__(self, by: Member, data: Any = None) -> None:
        super().__init__(by.municipality, data)
        person = cast("PersonField", self.fields["member"])
        visible = Member.objects.visible_to(by).filter(is_active=True)
        person.search_in(visible, others=person.people)

    def clean(self) -> dict[str, Any]:
        """Either a person, or a department with a post."""
        cleaned = super().clean() or self.cleaned_data
        place = [cleaned.get("department"), cleaned.get("post")]
        if not self.errors and (
            bool(cleaned.get("member")) == any(place) or any(place) != all(place)
        ):
            raise ValidationError(_("人か、部署と職位の組のどちらか一方を指定してください。"))
        return cleaned
