"""Which kind of file it is: the content decides, not the name."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from municipality.core.spreadsheets.csv_reader import UTF16_MARKS, read_csv
from municipality.core.spreadsheets.table import MOST_BYTES, Finding, Table
from municipality.core.spreadsheets.xlsx_reader import read_book

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_table(name: str, content: bytes, heads: Collection[str] = ()) -> Table:
    """The table in a file of any of the kinds we take. `name` is only for messages: what counts is
    the content. With `heads` given, titles above the line that holds them are no header.
    """
    if refusal := _refused_at_sight(content):
        return Table(findings=[Finding(1, "", name, refusal)])
    if content.startswith(ZIP):
        return read_book(content, frozenset(heads))
    return read_csv(content, frozenset(heads))


def _refused_at_sight(content: bytes) -> str:
    if not content.strip():
        return _("ファイルが空です。")
    if len(content) > MOST_BYTES:
        return _("ファイルが大きすぎます。20MB以内のファイルにしてください。")
    if content.startswith(OLE):
        return _(
            "古い形式(.xls)か、パスワード付きのファイルです。xlsx または CSV で保存し直してください。"
        )
    if content.startswith(UTF16_MARKS):
        return _("文字コードが UTF-16 です。「CSV UTF-8」で保存し直してください。")
    return ""
