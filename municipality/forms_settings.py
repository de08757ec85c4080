"""Forms of the body's settings. Forms validate; they never save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .forms import BodyForm, DayField, EditionForm, MemberField
from .models import ClosedDay, Department, Member, Municipality, Post, StepKind
from .operations.route_templates import Stage
from .rooms import subjects

MOST_STAGES = 6
USUAL_STAGES = 3


class SettingsForm(EditionForm):
    """The body's own facts, each with what it does."""

    name = forms.CharField(
        label=pgettext_lazy("団体", "団体名"), max_length=60, help_text=_("すべての画面とメールの件名に表示されます。")
    )
    kana = forms.CharField(
        label=_("団体名のカナ"), max_length=120, required=False, help_text=_("団体を並べるときの順番に使います。")
    )
    kind = forms.ChoiceField(
        label=_("団体の種別"),
        choices=Municipality.Kind.choices,
        required=False,
        help_text=_("同じ種別の団体と比べるときに使います。"),
    )
    network = forms.ChoiceField(
        label=_("ネットワークのモデル"),
        choices=Municipality.Network.choices,
        help_text=_(
            "三層の対策のモデルで、業務の判定と使える方式の案内に使います。例 αモデルでは、LGWAN接続系の業務は画面転送が前提です。"
        ),
    )
    small_cell = forms.IntegerField(
        label=_("表示する最少の人数"),
        min_value=3,
        max_value=100,
        help_text=_(
            "これより少ない人数の内訳は、個人が分からないように「＊」で表示します。例 5にすると、4人以下の部署の実施率は表示しません。"
        ),
    )
    sending = forms.BooleanField(
        label=_("メールを送る"),
        required=False,
        help_text=_("外すと「準備中は送らない」の状態になり、通知は画面だけに出ます。"),
    )
    sender = forms.EmailField(
        label=_("差出人のメールアドレス"),
        required=False,
        help_text=_(
            "空欄のときは、システム全体の差出人から送ります。庁内のメールサーバーで許されたアドレスにしてください。"
        ),
    )
    reply_to = forms.EmailField(
        label=_("返信先のメールアドレス"), required=False, help_text=_("通知に返信したときの届け先です。")
    )
    contact = forms.CharField(
        label=_("事務局の連絡先"),
        max_length=120,
        required=False,
        help_text=_("画面の下とメールの末尾に表示されます。例 総務課 内線 1234"),
    )

    def clean_kind(self) -> str:
        """A form that does not name the kind leaves it as it is."""
        return self.cleaned_data["kind"] or self.initial.get("kind") or Municipality.Kind.TOWN


class PostForm(BodyForm):
    """A new post and its place in the order."""

    title = forms.CharField(label=_("職位の名称"), max_length=40, help_text=_("例 課長、課長補佐、会計管理者"))
    below = forms.ModelChoiceField(
        Post.objects.none(),
        label=_("順位の置き場所"),
        required=False,
        empty_label=_("いちばん上"),
        help_text=_("選んだ職位のすぐ下に入ります。順位の高い職位ほど上に並びます。"),
    )

    def clean_title(self) -> str:
        """A title stands once in a body."""
        title = self.cleaned_data["title"].strip()
        if Post.objects.of(self.body).filter(title=title).exists():
            raise ValidationError(_("この職位は登録済みです。"))
        return title


class PostTitleForm(EditionForm):
    """Another title for a post."""

    title = forms.CharField(
        label=_("職位の名称"),
        max_length=40,
        help_text=_("いまから変わります。済んだ決裁の押印は、元の名称のまま残ります。"),
    )

    def __init__(self, post: Post, data: Any = None) -> None:
        super().__init__(data, initial={"title": post.title, "edition": post.edition})
        self.post = post

    def clean_title(self) -> str:
        """A title stands once in a body."""
        title = self.cleaned_data["title"].strip()
        if Post.objects.of(self.post.municipality_id).filter(title=title).exclude(pk=self.post.pk).exists():
            raise ValidationError(_("この職位は登録済みです。"))
        return title


class PreviewForm(BodyForm):
    """Through whose eyes the office wants to look."""

    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=pgettext_lazy("組織", "部署"),
        empty_label=_("部署を選んでください"),
        help_text=_("その部署の所属長として、自分の部署と下位の部署が見える状態になります。"),
    )

    def __init__(self, body: Municipality, today: date, data: Any = None) -> None:
        super().__init__(body, data)
        rows = Department.objects.of(body).answering().on(today).order_by("path")
        self.fields["department"].queryset = rows  # type: ignore[attr-defined]


class ClosedDayForm(BodyForm):
    """A day on which the body departs from the calendar."""

    date = DayField(label=pgettext_lazy("暦", "日付"))
    name = forms.CharField(label=pgettext_lazy("暦", "名称"), max_length=60, help_text=_("例 開庁記念日、臨時開庁"))
    is_open = forms.BooleanField(
        label=_("臨時に開庁する日"),
        required=False,
        help_text=_("土日や祝日でも開庁する日のときに選びます。選ばないときは閉庁日になります。"),
    )

    def clean_date(self) -> Any:
        """A day stands once."""
        if ClosedDay.objects.of(self.body).filter(date=self.cleaned_data["date"]).exists():
            raise ValidationError(_("この日は登録済みです。変更するときは、先に削除してください。"))
        return self.cleaned_data["date"]


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
