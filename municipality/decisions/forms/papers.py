"""Forms of the papers of a decision, its number, and a decision made elsewhere."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.name_lists import all_names
from municipality.organisation.forms import BodyForm
from municipality.organisation.models import Department, Post
from municipality.web.forms import DayField, EditionForm, FilledSelect, WholeField

MOST_BYTES = 10 * 2**20

TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (b"PK\x03\x04",),
    ),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "pptx": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        (b"PK\x03\x04",),
    ),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "txt": ("text/plain; charset=utf-8", ()),
    "csv": ("text/csv; charset=utf-8", ()),
}
"""Papers that are taken, by the end of their name: how they are handed out, and how they begin."""


def ending_of(name: str) -> str:
    """Extension of a file name in small letters, such as pdf."""
    return name.rpartition(".")[2].lower()


def plain_name(name: str) -> str:
    """File name without folders and without invisible or direction-changing characters, at most 100
    characters.
    """
    base = re.split(r"[/\\]", name)[-1]
    kept = "".join(char for char in base if unicodedata.category(char)[0] != "C").strip(" .")
    stem, _dot, ending = kept.rpartition(".")
    return f"{stem[: 99 - len(ending)]}.{ending}" if stem else kept[:100]


class PaperField(forms.FileField):
    """Paper of a decision. Refuses unknown file types, contents that do not match the type, and
    files that are too large. Cleans to (name, bytes).
    """

    def __init__(self, *, only: tuple[str, ...] = tuple(TYPES), **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in only)})
        )
        super().__init__(max_length=200, **kwargs)
        self.only = only

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Check the size before reading, then the type and the first bytes."""
        file = super().clean(data, initial)
        if file is None:
            return None
        if file.size > MOST_BYTES:
            raise ValidationError(_("ファイルが大きすぎます。10MB以内のファイルにしてください。"))
        name, content = plain_name(file.name), file.read()
        if ending_of(name) not in self.only:
            raise ValidationError(
                _("この種類のファイルは加えられません。使えるのは %(kinds)s です。")
                % {"kinds": all_names(self.only)}
            )
        if not _begins_right(ending_of(name), content):
            raise ValidationError(
                _("ファイルの中身が、名前の種類と合いません。正しいファイルか確かめてください。")
            )
        return name, content


def _begins_right(ending: str, content: bytes) -> bool:
    beginnings = TYPES[ending][1]
    return content.startswith(beginnings) if beginnings else b"\x00" not in content


class PaperForm(forms.Form):
    """Paper to add."""

    file = PaperField(
        label=pgettext_lazy("取込み", "ファイル"),
        help_text=_("PDF・Word・Excel・PowerPoint・画像・テキスト。10MBまで。"),
    )


class DocumentForm(EditionForm):
    """Document number and retention period in the body's own document system."""

    number = forms.CharField(
        label=pgettext_lazy("決裁", "文書番号"),
        max_length=40,
        required=False,
        help_text=_("庁内の文書管理の番号です。例 あ企第318号"),
    )
    retention_years = WholeField(
        label=_("保存年限(年)"),
        min_value=1,
        max_value=99,
        help_text=_("文書分類表の年数を入力してください。"),
    )


class RecordForm(BodyForm):
    """Decision that was made on paper or in the body's 文書管理."""

    number = forms.CharField(label=pgettext_lazy("決裁", "文書番号"), max_length=40)
    decided_on = DayField(label=_("決裁された日"))
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("決裁した職位の部署"),
        empty_label=None,
        widget=FilledSelect,
    )
    post = forms.ModelChoiceField(
        Post.objects.none(), label=_("決裁した職位"), empty_label=None, widget=FilledSelect
    )
    file = PaperField(
        only=("pdf",),
        label=_("決裁文書(PDF)"),
        help_text=_("決裁済みの文書を1つのPDFにしてください。10MBまで。"),
    )

    def __init__(self, body: Any, today: Any, data: Any = None, files: Any = None) -> None:
        super().__init__(body, data, files=files)
        self.today = today

    def clean_decided_on(self) -> Any:
        """Today or earlier."""
        day = self.cleaned_data["decided_on"]
        if day and day > self.today:
            raise ValidationError(_("今日までの日付を入力してください。"))
        return day
