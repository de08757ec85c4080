"""Forms of decisions (決裁). Forms validate; they never save."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.registry import subjects
from municipality.decisions.models import Decision, RouteTemplate, Step, StepKind
from municipality.decisions.operations.route_templates import Stage
from municipality.decisions.operations.routing import routes_for
from municipality.organisation.forms import BodyForm, MemberField
from municipality.organisation.models import Department, Member, Municipality, Post
from municipality.web.forms import DayField, EditionForm


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

    def __init__(self, decision: Decision, data: Any = None, *, needs_comment: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        steps = decision.steps.of_round(decision).select_related("post", "department")
        step, back_to = (cast("forms.ModelChoiceField", self.fields[name]) for name in ("step", "to"))
        step.queryset = decision.steps.select_related("decision", "post", "department")
        back_to.queryset = steps.filter(state=Step.State.APPROVED)
        back_to.label_from_instance = lambda step: f"{step.department.name} {step.post.title}"  # type: ignore[method-assign, assignment]
        self.needs_comment = needs_comment

    def offer(self, steps: list[tuple[int, str]]) -> None:
        """Show these steps as those to which it can be returned: the page has read them already."""
        field = cast("forms.ModelChoiceField", self.fields["to"])
        cast("forms.Select", field.widget).choices = [("", field.empty_label), *steps]

    def clean_comment(self) -> str:
        """The reason is required where the rule asks for it."""
        comment = self.cleaned_data["comment"].strip()
        if self.needs_comment and not comment:
            raise ValidationError(_("理由を入力してください。差戻し・却下・条件付の同意では必要です。"))
        return comment


class SubmitForm(forms.Form):
    """Which 決裁区分 the drafter takes; without a choice the one that binds first."""

    route = forms.ModelChoiceField(
        RouteTemplate.objects.none(),
        label=pgettext_lazy("決裁", "決裁区分"),
        required=False,
        empty_label=None,
        help_text=_("決裁区分によって、決裁までの経路が変わります。"),
    )

    def __init__(self, decision: Decision, data: Any = None) -> None:
        super().__init__(data)
        found = routes_for(decision)
        field = cast("forms.ModelChoiceField", self.fields["route"])
        field.queryset = RouteTemplate.objects.of(decision.municipality_id).filter(pk__in=[row.pk for row in found])
        field.initial = next((row.pk for row in found if row.name == decision.route), found[0].pk if found else None)
        self.several = len(found) > 1


MOST_BYTES = 10 * 2**20

TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (b"PK\x03\x04",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "txt": ("text/plain; charset=utf-8", ()),
    "csv": ("text/csv; charset=utf-8", ()),
}
"""Papers that are taken, by the end of their name: how they are handed out, and how they begin."""


def ending_of(name: str) -> str:
    """The end of a file's name, in small letters: pdf."""
    return name.rpartition(".")[2].lower()


def plain_name(name: str) -> str:
    """A file's name without what could mislead: no folders, no invisible or direction-turning characters, at most 100."""
    base = re.split(r"[/\\]", name)[-1]
    kept = "".join(char for char in base if unicodedata.category(char)[0] != "C").strip(" .")
    stem, _dot, ending = kept.rpartition(".")
    return f"{stem[: 99 - len(ending)]}.{ending}" if stem else kept[:100]


class PaperField(forms.FileField):
    """A paper of a decision: of a known kind, as it says it is, and not too large. Gives (name, bytes)."""

    def __init__(self, *, only: tuple[str, ...] = tuple(TYPES), **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in only)}))
        super().__init__(max_length=200, **kwargs)
        self.only = only

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse by size before reading, then by kind and by how it begins."""
        file = super().clean(data, initial)
        if file is None:
            return None
        if file.size > MOST_BYTES:
            raise ValidationError(_("ファイルが大きすぎます。10MB以内のファイルにしてください。"))
        name, content = plain_name(file.name), file.read()
        if ending_of(name) not in self.only:
            raise ValidationError(
                _("この種類のファイルは加えられません。使えるのは %(kinds)s です。") % {"kinds": "、".join(self.only)}
            )
        if not _begins_right(ending_of(name), content):
            raise ValidationError(_("ファイルの中身が、名前の種類と合いません。正しいファイルか確かめてください。"))
        return name, content


def _begins_right(ending: str, content: bytes) -> bool:
    beginnings = TYPES[ending][1]
    return content.startswith(beginnings) if beginnings else b"\x00" not in content


class PaperForm(forms.Form):
    """A paper to be added."""

    file = PaperField(
        label=pgettext_lazy("取込み", "ファイル"),
        help_text=_("PDF・Word・Excel・PowerPoint・画像・テキスト。10MBまで。"),
    )


class DocumentForm(EditionForm):
    """What the body's own document system says of the decision."""

    number = forms.CharField(
        label=pgettext_lazy("決裁", "文書番号"), max_length=40, required=False, help_text=_("庁内の文書管理の番号です。例 あ企第318号")
    )  # fmt: skip
    retention_years = forms.IntegerField(
        label=_("保存年限(年)"), min_value=1, max_value=99, help_text=_("文書分類表の年数を入力してください。")
    )


class RecordForm(BodyForm):
    """A decision that was made on paper or in the body's 文書管理."""

    number = forms.CharField(label=pgettext_lazy("決裁", "文書番号"), max_length=40)
    decided_on = DayField(label=_("決裁された日"))
    department = forms.ModelChoiceField(Department.objects.none(), label=_("決裁した職位の部署"), empty_label=None)
    post = forms.ModelChoiceField(Post.objects.none(), label=_("決裁した職位"), empty_label=None)
    file = PaperField(
        only=("pdf",), label=_("決裁文書(PDF)"), help_text=_("決裁済みの文書を1つのPDFにしてください。10MBまで。")
    )

    def __init__(self, body: Any, today: Any, data: Any = None, files: Any = None) -> None:
        super().__init__(body, data, files=files)
        self.today = today

    def clean_decided_on(self) -> Any:
        """It was decided today at the latest."""
        day = self.cleaned_data["decided_on"]
        if day and day > self.today:
            raise ValidationError(_("今日までの日付を入力してください。"))
        return day


class CirculationForm(BodyForm):
    """Who is to read the decision: a person by 職員番号, or the holder of a post."""

    member = MemberField(label=_("供覧する人の職員番号"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("供覧する職位の部署"), required=False, empty_label=_("職員番号で指定する")
    )
    post = forms.ModelChoiceField(
        Post.objects.none(), label=_("供覧する職位"), required=False, empty_label=_("職員番号で指定する")
    )

    def clean_member(self) -> Any:
        """The person with this number, if one was typed."""
        text = self.cleaned_data["member"]
        return self.fields["member"].found(text, self.body) if text else None  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Either a person, or a department with a post."""
        facts = super().clean() or self.cleaned_data
        place = [facts.get("department"), facts.get("post")]
        if not self.errors and (bool(facts.get("member")) == any(place) or any(place) != all(place)):
            raise ValidationError(_("職員番号か、部署と職位の組のどちらか一方を入力してください。"))
        return facts


MOST_STAGES = 6

USUAL_STAGES = 3


def matters() -> list[tuple[str, Any]]:
    """What can be put to decision, by matter."""
    return [(subject.matter, subject.label) for subject in subjects().values()]


class RouteForm(BodyForm):
    """The route of one matter; its stages are in `StageForm`s beside it."""

    matter = forms.ChoiceField(label=_("決裁の対象"), choices=matters)
    name = forms.CharField(
        label=_("決裁区分の名称"),
        max_length=60,
        help_text=_("例 副町長専決、町長決裁。同じ対象に、いくつでも登録できます。"),
    )
    open_days = forms.IntegerField(
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
    least_yen = forms.IntegerField(
        label=_("金額の条件(円以上)"),
        min_value=1,
        required=False,
        help_text=_("入力すると、この金額以上の件は、必ずこの決裁区分になります。空欄は条件なしです。"),
    )


class StageForm(BodyForm):
    """One stage of a route. Without a post it is not there."""

    order = forms.IntegerField(
        label=pgettext_lazy("決裁", "順番"),
        min_value=1,
        max_value=MOST_STAGES,
        help_text=_("同じ順番の段階は同時に進み、全員がそろうと次へ進みます。"),
    )
    kind = forms.ChoiceField(label=_("段階の種類"), choices=StepKind.choices)
    post = forms.ModelChoiceField(
        Post.objects.none(), label=pgettext_lazy("組織", "職位"), required=False, empty_label=_("使わない段階")
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=pgettext_lazy("組織", "部署"),
        required=False,
        empty_label=_("起案した部署に最も近い職位"),
    )


def stage_forms(body: Municipality, data: Any = None) -> list[StageForm]:
    """The stages of a route as forms, always MOST_STAGES of them; what can be chosen is read once for all."""
    kinds = {USUAL_STAGES: StepKind.DECIDE}
    stages = [
        StageForm(body, data, prefix=f"s{n}", initial={"order": n, "kind": kinds.get(n, StepKind.APPROVE)})
        for n in range(1, MOST_STAGES + 1)
    ]
    for name in ("post", "department"):
        choices = list(iter(stages[0].fields[name].choices))  # type: ignore[attr-defined]
        for form in stages:
            form.fields[name].widget.choices = choices
    return stages


def stages_of(form: RouteForm, stages: list[StageForm]) -> list[Stage]:
    """The stages that were filled in. What does not make a route is an error of the route's form."""
    if not all(stage.is_valid() for stage in stages):
        form.add_error(None, _("段階の入力を確認してください。"))
        return []
    filled = [stage.cleaned_data for stage in stages if stage.cleaned_data["post"]]
    laid = [Stage(facts["order"], facts["kind"], facts["post"], facts["department"]) for facts in filled]
    deciding = [stage.order for stage in laid if stage.kind == StepKind.DECIDE]
    if len(deciding) != 1 or any(stage.order >= deciding[0] and stage.kind != StepKind.DECIDE for stage in laid):
        form.add_error(None, _("最後の順番に、「決裁」の段階を1つだけ入れてください。"))
    return laid


class PeriodForm(BodyForm):
    """From a day to a day."""

    starts_on = DayField(label=pgettext_lazy("期間", "開始日"))
    ends_on = DayField(label=pgettext_lazy("期間", "終了日"))

    def clean(self) -> dict[str, Any]:
        """The end does not lie before the beginning."""
        facts = super().clean() or self.cleaned_data
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("開始日より後の日付を入力してください。"))
        return facts


class DeputyForm(PeriodForm):
    """Who decides in whose place."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("決裁者の部署"), empty_label=None)
    post = forms.ModelChoiceField(Post.objects.none(), label=_("決裁者の職位"), empty_label=None)
    member = MemberField(label=_("代決する人の職員番号"))
    matter = forms.ChoiceField(label=_("決裁の対象"), required=False)
    ends_on = DayField(
        label=pgettext_lazy("期間", "終了日"), required=False, help_text=_("空欄のときは、取り消すまで続きます。")
    )
    field_order = ["department", "post", "member", "matter", "starts_on", "ends_on"]

    def __init__(self, body: Municipality, data: Any = None, **kwargs: Any) -> None:
        super().__init__(body, data, **kwargs)
        self.fields["matter"].choices = [("", _("すべての対象")), *matters()]  # type: ignore[attr-defined]

    def clean_member(self) -> Member:
        """The person with this number."""
        return self.fields["member"].found(self.cleaned_data["member"], self.body)  # type: ignore[attr-defined]


class AbsenceForm(PeriodForm):
    """When somebody is away, and why."""

    reason = forms.CharField(
        label=_("不在の理由"), max_length=60, help_text=_("例 出張、病気休暇。テレワークは不在ではありません。")
    )
    field_order = ["member", "reason", "starts_on", "ends_on"]


class AbsenceOfForm(AbsenceForm):
    """The same for a person to be named, as the office notes it."""

    member = MemberField(label=_("不在の人の職員番号"))

    def clean_member(self) -> Member:
        """The person with this number."""
        return self.fields["member"].found(self.cleaned_data["member"], self.body)  # type: ignore[attr-defined]
