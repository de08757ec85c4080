"""A person in one text field: by number, by name, or picked from the list that the browser
offers.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.digits import narrow
from municipality.core.name_lists import all_names
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
from municipality.web.forms import DayField, EditionForm, FilledSelect, WholeField

MOST_OFFERED = 300


class PersonInput(forms.TextInput):
    """A text input with a `datalist` of people; more than MOST_OFFERED are not listed, only
    found.
    """

    def __init__(self, people: QuerySet, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.people = people

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The input, and behind it what it offers."""
        place = f"{(attrs or {}).get('id', name)}_people"
        offered = list(self.people.values_list("number", "name")[: MOST_OFFERED + 1])
        if len(offered) > MOST_OFFERED:
            return super().render(name, value, attrs, renderer)
        options = format_html_join("", '<option value="{} {}"></option>', offered)
        drawn = super().render(name, value, {**(attrs or {}), "list": place}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', drawn, place, options)


class PersonField(forms.CharField):
    """One of `people`, written as 職員番号, as name, as both, or as the surname that one of them alone
    has. Cleans to the Member, or None when empty.
    """

    def __init__(self, people: QuerySet, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("氏名か職員番号で探せます。"))
        super().__init__(max_length=120, widget=PersonInput(people), **kwargs)
        self.people = people

    def prepare_value(self, value: Any) -> Any:
        """A member as number and name; text as it was typed."""
        return f"{value.number} {value.name}" if isinstance(value, Member) else value

    def clean(self, value: Any) -> Member | None:
        """The person, if exactly one fits."""
        text = narrow(super().clean(value)).strip()
        if not text:
            return None
        by_number = list(self.people.filter(number=text.split()[0])[:2])
        matches = by_number or self._named(text)
        if not matches:
            raise ValidationError(
                _("「%(text)s」に当たる職員がいません。氏名か職員番号を確かめてください。"),
                params={"text": text},
            )
        if len(matches) > 1:
            raise _several(text, matches)
        return matches[0]

    def _named(self, text: str) -> list[Member]:
        """Who has this name, or else this surname. Candidates are read by the first letter; spaces
        within names are told apart afterwards.
        """
        candidates = list(self.people.filter(name__startswith=text[0]))
        same_name = [person for person in candidates if _bare(person.name) == _bare(text)]
        return same_name or [
            person for person in candidates if _bare(person.family_name) == _bare(text)
        ]


def _several(text: str, people: list[Member]) -> ValidationError:
    """What to type instead, where several people have the name or the surname."""
    if any(_bare(person.name) != _bare(text) for person in people):
        return ValidationError(
            _("「%(text)s」という姓の職員が複数います。氏名か職員番号で入力してください。"),
            params={"text": text},
        )
    return ValidationError(
        _("同じ氏名の職員がいます。職員番号(%(numbers)s)で入力してください。"),
        params={"numbers": all_names(person.number for person in people)},
    )


def _bare(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


class BodyForm(forms.Form):
    """A form whose choices are those of one body."""

    def __init__(self, body: Municipality, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.body = body
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.model.objects.of(body)  # type: ignore[union-attr]


class MemberField(forms.CharField):
    """A person of the body by 職員番号. A list of everybody would be too long to choose from."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("help_text", _("職員番号を入力してください。先頭の0も入力します。"))
        super().__init__(**kwargs)

    def member_with(self, text: str, body: Municipality) -> Member:
        """The one active person with this number."""
        rows = list(Member.objects.of(body).filter(number=text, is_active=True)[:2])
        if not rows:
            raise ValidationError(_("この職員番号の人は登録されていません。"))
        if len(rows) > 1:
            raise ValidationError(
                _("この職員番号の人が複数います。職員のページから操作してください。")
            )
        return rows[0]


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
    member = MemberField(label=_("担当する人の職員番号"))
    starts_on = DayField(label=pgettext_lazy("期間", "開始日"))
    ends_on = DayField(
        label=pgettext_lazy("期間", "終了日"),
        required=False,
        help_text=_("空欄のときは、終えるまで続きます。"),
    )

    def clean_member(self) -> Member:
        """The person with this number."""
        return self.fields["member"].member_with(self.cleaned_data["member"], self.body)  # type: ignore[attr-defined]

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
    member = MemberField(
        label=_("引き継ぐ人の職員番号"),
        required=False,
        help_text=_("空欄のときは、後任を置かずに終えます。"),
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
        """The person with this number; nobody when it is left empty."""
        text = self.cleaned_data["member"]
        if not text:
            return None
        successor = self.fields["member"].member_with(text, self.body)  # type: ignore[attr-defined]
        if successor.pk == self.duty.member_id:
            raise ValidationError(_("いまの担当者とは別の人を入力してください。"))
        return successor
