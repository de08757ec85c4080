"""Lists of departments and people as files: columns as on their pages, one value in each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from municipality.core.batches import AT_ONCE
from municipality.core.name_lists import all_names
from municipality.web.exports import Export

STAFF = (
    (gettext_lazy("職員数(人)"), lambda line: line.staff),
    (gettext_lazy("下位を含む職員数(人)"), lambda line: line.below),
)


def departments(lines: Iterable[Any], *, counted: bool) -> Export:
    """Tree of departments; the parent is given by its code, the depth by a number. The staff is
    `counted` for who may be told every number.
    """
    listed = list(lines)
    codes = {line.department.pk: line.department.code for line in listed}
    return Export(
        "departments",
        _("部署の一覧"),
        (
            (_("部署コード"), lambda line: line.department.code),
            (pgettext("部署", "部署名"), lambda line: line.department.name),
            (_("上位部署コード"), lambda line: codes.get(line.department.parent_id, "")),
            (pgettext("組織", "階層"), lambda line: line.depth + 1),
            (pgettext("部署", "種別"), lambda line: line.department.get_kind_display()),
            (pgettext("組織", "所属長"), lambda line: all_names(line.heads)),
            *(STAFF if counted else ()),
        ),
        listed,
    )


def people(rows: QuerySet[Any], with_postings: Callable[[list[Any]], Any]) -> Export:
    """One row for each posting of today, so that each cell holds one value; a person without a
    posting has one row, too.
    """

    def lines() -> Iterator[tuple[Any, Any]]:
        iterator = rows.iterator(chunk_size=AT_ONCE)
        while part := list(islice(iterator, AT_ONCE)):
            with_postings(part)
            yield from ((person, posting) for person in part for posting in person.posted or [None])

    def posted(read: Callable[[Any], Any]) -> Callable[[tuple[Any, Any]], Any]:
        return lambda line: read(line[1]) if line[1] else ""

    return Export(
        "people",
        _("職員の一覧"),
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
            (
                pgettext("人", "役割"),
                posted(lambda posting: "・".join(str(grant) for grant in posting.grants.all())),
            ),
            (_("アカウント"), lambda line: account_of(line[0])),
        ),
        lines(),
    )


def account_of(person: Any) -> str:
    """State of a person's account, in the words of the page."""
    if person.locked_at:
        return _("本人の確認待ち")
    if person.user_id:
        return pgettext("アカウント", "登録済")
    return pgettext("アカウント", "招待中") if person.invited else pgettext("アカウント", "未招待")
