"""Forms of the settings of a body: the body itself, 任用区分, posts, closed days, duties."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.small_cells import MARK
from municipality.organisation.models import (
    ClosedDay,
    Department,
    Duty,
    EmploymentKind,
    Member,
    Municipality,
    Post,
)
from municipality.organisation.people_fields import PersonField, TypedPeopleField
from municipality.web.forms import DayField, EditionForm, FilledSelect, WholeField


class BodyForm(forms.Form):
    """A form whose choices are those of one body; its people are found, not listed: they would be
    too many.
    """

    def __init__(self, body: Municipality, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.body = body
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.model.objects.of(body)  # type: ignore[union-attr]
            if isinstance(field, TypedPeopleField):
                field.search_in(Member.objects.of(body).filter(is_active=True))


class SettingsForm(EditionForm):
    """The body's own settings, each with what it does."""

    name = forms.CharField(
        label=pgettext_lazy("団体", "団体名"),
        max_length=60,
        help_text=_("すべての画面とメールの件名に表示されます。"),
    )
    kana = forms.CharField(
        label=_("団体名のカナ"),
        max_length=120,
        required=False,
        help_text=_("団体を並べるときの順番に使います。"),
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
    small_cell = WholeField(
        label=_("表示する最少の人数"),
        min_value=3,
        max_value=100,
        help_text=format_lazy(
            _(
                "これより少ない人数の内訳は、個人が分からないように「{mark}」で表示します。"
                "例 5にすると、4人以下の部署の割合は表示しません。"
            ),
            mark=MARK,
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
        label=_("返信先のメールアドレス"),
        required=False,
        help_text=_("通知に返信したときの届け先です。"),
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


class EmploymentKindForm(BodyForm):
    """A new 任用区分."""

    name = forms.CharField(
        label=_("任用区分の名称"), max_length=40, help_text=_("例 正規職員、会計年度任用職員")
    )
    counts_as_staff = forms.BooleanField(label=_("職員に数える"), required=False, initial=True)

    def clean_name(self) -> str:
        """A name stands once in a body."""
        name = self.cleaned_data["name"].strip()
        if EmploymentKind.objects.of(self.body).filter(name=name).exists():
            raise ValidationError(_("この任用区分は登録済みです。"))
        return name


class PostForm(BodyForm):
    """A new post and its place in the order."""

    title = forms.CharField(
        label=_("職位の名称"), max_length=40, help_text=_("例 課長、課長補佐、会計管理者")
    )
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
        if (
            Post.objects.of(self.post.municipality_id)
            .filter(title=title)
            .exclude(pk=self.post.pk)
            .exists()
        ):
            raise ValidationError(_("この職位は登録済みです。"))
        return title


class ClosedDayForm(BodyForm):
    """A day on which the body departs from the calendar."""

    date = DayField(label=pgettext_lazy("暦", "日付"))
    name = forms.CharField(
        label=pgettext_lazy("暦", "名称"), max_length=60, help_text=_("例 開庁記念日、臨時開庁")
    )
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


class DutyForm(BodyForm):
    """A duty for somebody, from a day on."""

    kind = forms.ChoiceField(label=pgettext_lazy("人", "職務"), choices=Duty.Kind.choices)
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=pgettext_lazy("組織", "部署"),
        empty_label=None,
        widget=FilledSelect,
    )
    member = PersonField(label=_("担当する人"))
    starts_on = DayField(label=pgettext_lazy("期間", "開始日"))
    ends_on = DayField(
        label=pgettext_lazy("期間", "終了日"),
        required=False,
        help_text=_("空欄のときは、終えるまで続きます。"),
    )

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("開始日より後の日付を入力してください。"))
        return values


class DutyChangeForm(BodyForm):
    """From which day somebody else carries the duty, or nobody does."""

    on = DayField(
        label=_("引継ぎの日"), help_text=_("この日から新しい人が担当します。前の人は前日までです。")
    )
    member = PersonField(
        label=_("引き継ぐ人"),
        required=False,
        help_text=_("氏名か職員番号で探せます。空欄のときは、後任を置かずに終えます。"),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, body: Municipality, duty: Duty, data: Any = None) -> None:
        super().__init__(body, data, initial={"edition": duty.edition})
        self.duty = duty

    def clean_on(self) -> date:
        """A day behind the duty's first."""
        if self.cleaned_data["on"] <= self.duty.starts_on:
            raise ValidationError(_("開始日より後の日付を入力してください。"))
        return self.cleaned_data["on"]

    def clean_member(self) -> Member | None:
        """Somebody else than the present holder; nobody when it is left empty."""
        successor = self.cleaned_data["member"]
        if successor is not None and successor.pk == self.duty.member_id:
            raise ValidationError(_("いまの担当者とは別の人を入力してください。"))
        return successor
