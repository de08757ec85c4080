"""Forms of the access log: filter, retention, and disposal of old lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.audit.models import VerbGroup
from municipality.organisation.forms import BodyForm
from municipality.organisation.models import Department, Member, Municipality
from municipality.organisation.people_fields import PersonField
from municipality.records.models import Retention
from municipality.web.forms import DayField, EditionForm


class LogFilter(forms.Form):
    """Filter of the access log. An unreadable value filters nothing and shows an error."""

    first = DayField(label=pgettext_lazy("期間", "いつから"), required=False, help_text="")
    last = DayField(label=pgettext_lazy("期間", "いつまで"), required=False, help_text="")
    group = forms.ChoiceField(
        label=_("操作の種類"), required=False, choices=[("", _("すべての種類")), *VerbGroup.choices]
    )
    verb = forms.ChoiceField(label=_("行ったこと"), required=False)
    person = forms.CharField(label=_("行った人(氏名・職員番号)"), max_length=80, required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("行った人の部署"),
        required=False,
        empty_label=_("すべての部署"),
    )
    kind = forms.ChoiceField(label=_("対象の種類"), required=False)
    target = forms.CharField(label=_("対象(氏名・番号)"), max_length=80, required=False)

    def __init__(
        self,
        body: Municipality,
        verbs: list[tuple[str, Any]],
        kinds: list[tuple[str, Any]],
        data: Any,
    ) -> None:
        super().__init__(data)
        self.fields["verb"].choices = [("", _("すべての操作")), *verbs]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("すべての対象")), *kinds]  # type: ignore[attr-defined]
        self.fields["department"].queryset = Department.objects.of(body).order_by("path")  # type: ignore[attr-defined]


class RetentionForm(EditionForm):
    """Retention of each group of lines in fiscal years."""

    def __init__(self, years: dict[str, int], edition: int, data: Any = None) -> None:
        super().__init__(data, initial={"edition": edition})
        for group in VerbGroup:
            self.fields[group.value] = forms.TypedChoiceField(
                label=group.label,
                choices=Retention.Years.choices,
                coerce=int,
                initial=years[group.value],
                help_text=EXPLAINED[group],
            )


EXPLAINED = {
    VerbGroup.SIGN_IN: _("ログイン、2つ目の確認、招待、パスワードの変更など。"),
    VerbGroup.READING: _("職員の情報、本人に関わる記録、アクセスログを見たこと。"),
    VerbGroup.REFUSAL: _("権限がないために断られた操作。"),
    VerbGroup.CHANGE: _("業務の記録の登録と変更。"),
    VerbGroup.DECISION: _("起案、承認、差戻し、決裁。文書の保存年限と合わせてください。"),
    VerbGroup.FILES: _("ファイルの取込みと、CSV・xlsxの出力。"),
    VerbGroup.SETTINGS: _("設定を変えたこと。変更前の内容は「変更履歴」に残ります。"),
    VerbGroup.RECORD: _("記録の廃棄の申出・承認と、保存年限の変更。"),
}


class DisposalForm(forms.Form):
    """Reason for disposing of lines past their retention."""

    reason = forms.CharField(
        label=_("廃棄の理由"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例 文書管理規程第○条による定期の廃棄"),
    )


class ErasureForm(BodyForm):
    """Person whose content is to be erased, also one who has left, and the reason."""

    member = PersonField(label=_("消去する人"))
    reason = forms.CharField(
        label=_("消去の理由"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例 本人からの申出による"),
    )

    def __init__(self, body: Municipality, data: Any = None, **kwargs: Any) -> None:
        super().__init__(body, data, **kwargs)
        self.fields["member"].search_in(Member.objects.of(body))  # type: ignore[attr-defined]


class RefusalForm(forms.Form):
    """Reason why the second person does not agree."""

    comment = forms.CharField(
        label=_("承認しない理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
