"""The form that hands in a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.spreadsheets.table import MOST_BYTES
from municipality.imports.kinds import ImportKind


class ImportForm(forms.Form):
    """File to import and its kind."""

    kind = forms.ChoiceField(label=_("ファイルの種類"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=pgettext_lazy("取込み", "ファイル"),
        max_length=200,
        help_text=_(
            "CSV(UTF-8、シフトJIS)または xlsx。20MBまで、1行目は見出し。列の順番は自由です。"
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, kinds: list[ImportKind], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["kind"].choices = [(kind.kind, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse a file that is too large before reading it."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("ファイルが大きすぎます。20MB以内のファイルにしてください。"))
        return file
