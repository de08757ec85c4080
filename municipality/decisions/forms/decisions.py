"""Forms of decisions (決裁). Forms validate; they never save."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.decisions.models import Decision, RouteTemplate, Step
from municipality.decisions.operations.routing import routes_for
from municipality.organisation.forms import BodyForm, MemberField
from municipality.organisation.models import Department, Post
from municipality.web.forms import FilledSelect


class AnswerForm(forms.Form):
    """Answer of an approver at one step of a decision."""

    step = forms.ModelChoiceField(Step.objects.none(), widget=forms.HiddenInput)
    comment = forms.CharField(
        label=pgettext_lazy("決裁", "意見"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("差戻し・却下・条件付の同意のときは必ず入力してください。"),
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
                _("理由を入力してください。差戻し・却下・条件付の同意では必要です。")
            )
        return comment


class SubmitForm(forms.Form):
    """Choice of the route (決裁区分); the first applicable route is chosen when the drafter chooses
    none.
    """

    route = forms.ModelChoiceField(
        RouteTemplate.objects.none(),
        label=pgettext_lazy("決裁", "決裁区分"),
        required=False,
        empty_label=None,
        widget=FilledSelect,
        help_text=_("決裁区分によって、決裁までの経路が変わります。"),
    )

    def __init__(self, decision: Decision, data: Any = None) -> None:
        super().__init__(data)
        routes = routes_for(decision)
        field = cast("forms.ModelChoiceField", self.fields["route"])
        field.queryset = RouteTemplate.objects.of(decision.municipality_id).filter(
            pk__in=[row.pk for row in routes]
        )
        field.initial = next(
            (row.pk for row in routes if row.name == decision.route),
            routes[0].pk if routes else None,
        )
        self.several = len(routes) > 1


class CirculationForm(BodyForm):
    """Reader of the decision: a person by 職員番号, or the holder of a post."""

    member = MemberField(label=_("供覧する人の職員番号"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("供覧する職位の部署"),
        required=False,
        empty_label=_("職員番号で指定する"),
    )
    post = forms.ModelChoiceField(
        Post.objects.none(),
        label=_("供覧する職位"),
        required=False,
        empty_label=_("職員番号で指定する"),
    )

    def clean_member(self) -> Any:
        """The person with this number; None when the field is empty."""
        text = self.cleaned_data["member"]
        return self.fields["member"].member_with(text, self.body) if text else None  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Either a person, or a department with a post."""
        cleaned = super().clean() or self.cleaned_data
        place = [cleaned.get("department"), cleaned.get("post")]
        if not self.errors and (
            bool(cleaned.get("member")) == any(place) or any(place) != all(place)
        ):
            raise ValidationError(_("職員番号か、部署と職位の組のどちらか一方を入力してください。"))
        return cleaned
