"""The lists of the ground floor as files: columns as on their pages, one value to a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .listing import AT_ONCE, Export


def departments(lines: Iterable[Any]) -> Export:
    """The tree of departments; what stands above is said by its code, how deep it lies by a number."""
    found = list(lines)
    codes = {line.department.pk: line.department.code for line in found}
    return Export(
        "departments", _("部署の一覧"),
        (
            (_("部署コード"), lambda line: line.department.code),
            (pgettext("部署", "部署名"), lambda line: line.department.name),
            (_("上位部署コード"), lambda line: codes.get(line.department.parent_id, "")),
            (pgettext("組織", "階層"), lambda line: line.depth + 1),
            (pgettext("部署", "種別"), lambda line: line.department.get_kind_display()),
            (pgettext("組織", "所属長"), lambda line: "、".join(line.heads)),
            (_("職員数(人)"), lambda line: line.people),
            (_("下位を含む職員数(人)"), lambda line: line.below),
        ),
        found,
    )  # fmt: skip


def people(rows: QuerySet[Any], with_postings: Callable[[list[Any]], Any]) -> Export:
    """A line for each posting of today, so that each cell holds one value; a person without one has a line, too."""

    def lines() -> Iterator[tuple[Any, Any]]:
        found = rows.iterator(chunk_size=AT_ONCE)
        while part := list(islice(found, AT_ONCE)):
            with_postings(part)
            yield from ((person, posting) for person in part for posting in person.posted or [None])

    def posted(read: Callable[[Any], Any]) -> Callable[[tuple[Any, Any]], Any]:
        return lambda line: read(line[1]) if line[1] else ""

    return Export(
        "people", _("職員の一覧"),
        (
            (pgettext("人", "職員番号"), lambda line: line[0].number),
            (pgettext("人", "番号系列"), lambda line: line[0].series),
            (pgettext("人", "氏名"), lambda line: line[0].name),
            (pgettext("人", "カナ"), lambda line: line[0].kana),
            (_("部署コード"), posted(lambda posting: posting.department.code)),
            (pgettext("部署", "部署名"), posted(lambda posting: posting.department.name)),
            (pgettext("組織", "職位"), posted(lambda posting: posting.post.title)),
            (_("本務・兼務"), posted(lambda posting: posting.get_kind_display())),
            (pgettext("人", "在職の状態"), posted(lambda posting: posting.get_status_display())),
            (pgettext("人", "役割"), posted(lambda posting: "・".join(str(grant) for grant in posting.grants.all()))),
            (_("アカウント"), lambda line: account_of(line[0])),
        ),
        lines(),
    )  # fmt: skip


def account_of(person: Any) -> str:
    """How far a person's account is, in the words of the page."""
    if person.locked_at:
        return _("本人の確認待ち")
    if person.user_id:
        return pgettext("アカウント", "登録済")
    return pgettext("アカウント", "招待中") if person.invited else pgettext("アカウント", "未招待")


def decisions(rows: QuerySet[Any]) -> Export:
    """Decisions with whose turn it is."""
    return Export(
        "decisions", _("決裁の一覧"),
        (
            (pgettext("決裁", "件名"), lambda row: row.title),
            (pgettext("決裁", "状態"), lambda row: row.get_state_display()),
            (_("起案した日時"), lambda row: row.drafted_at),
            (pgettext("決裁", "起案者"), lambda row: row.drafter.name),
            (_("起案した部署"), lambda row: row.department.name),
            (_("いまの段階"), lambda row: "、".join(f"{step.department} {step.post}" for step in row.turns)),
        ),
        rows,
    )  # fmt: skip


def notices(rows: Iterable[Any], worded: Callable[[Any], Any]) -> Export:
    """What one was told, in one's own words."""
    return Export(
        "notices", _("通知の一覧"),
        (
            (pgettext("通知", "日時"), lambda row: row.told_at),
            (pgettext("決裁", "件名"), lambda row: worded(row).subject),
            (pgettext("通知", "本文"), lambda row: worded(row).body),
            (_("読んだ日時"), lambda row: row.read_at),
        ),
        rows,
    )  # fmt: skip


def closed_days(rows: Iterable[Any]) -> Export:
    """Days on which the body departs from the calendar."""
    return Export(
        "closed_days", _("閉庁日の一覧"),
        (
            (pgettext("暦", "日付"), lambda row: row.date),
            (pgettext("暦", "名称"), lambda row: row.name),
            (pgettext("暦", "扱い"), lambda row: _("臨時に開庁") if row.is_open else pgettext("暦", "閉庁")),
        ),
        rows,
    )  # fmt: skip


def imports(rows: QuerySet[Any], label_of: Callable[[str], Any]) -> Export:
    """Files that came in, with who, when and how many rows."""
    return Export(
        "imports", _("取込みの一覧"),
        (
            (pgettext("取込み", "ファイル"), lambda row: row.name),
            (pgettext("取込み", "種類"), lambda row: label_of(row.kind)),
            (pgettext("取込み", "状態"), lambda row: row.get_state_display()),
            (_("受け取った日時"), lambda row: row.uploaded_at),
            (_("受け取りの操作をした人"), lambda row: row.uploaded_by.name if row.uploaded_by else ""),
            (_("取り込んだ日時"), lambda row: row.committed_at),
            (_("取込みを指示した人"), lambda row: row.committed_by.name if row.committed_by else ""),
            (_("追加(行)"), lambda row: row.summary.get("added")),
            (_("変更(行)"), lambda row: row.summary.get("changed")),
            (_("終了(行)"), lambda row: row.summary.get("ended")),
            (_("変更なし(行)"), lambda row: row.summary.get("unchanged")),
            (_("指摘(か所)"), lambda row: row.summary.get("findings")),
        ),
        rows,
    )  # fmt: skip
