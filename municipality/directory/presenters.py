"""The lists of people, of departments, and of one department, as one reader sees them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.addresses import page_address
from municipality.core.date_words import era_day, span_words
from municipality.core.name_lists import COMMA
from municipality.organisation.models import Posting
from municipality.web.components.cells import ActionCell, LinkCell, StateCell, Words
from municipality.web.components.figures import number_of_people
from municipality.web.components.lists import ListColumn, ListTable, Nothing

if TYPE_CHECKING:
    from django.core.paginator import Page
    from django.http import HttpRequest

    from municipality.decisions.models import Absence


def people_listing(request: HttpRequest, page: Page, *, office: bool) -> ListTable:
    """People of one page, each with `posted` and `invited`; the office also gets the actions."""
    columns = [
        ListColumn(pgettext("人", "氏名"), "link"),
        ListColumn(pgettext("人", "職員番号"), "words"),
        ListColumn(_("部署と職位"), "words"),
        ListColumn(pgettext("人", "役割"), "words"),
        ListColumn(_("アカウント"), "state"),
    ]
    if office:
        columns.append(ListColumn(pgettext("一覧", "操作"), "action", silent=True))
    caption = _("%(day)s現在の発令です。カナの順に並べています。") % {"day": era_day(request.today)}
    return ListTable(
        columns,
        [_row(request, person)[: len(columns)] for person in page],
        _nothing(request, office=office),
        caption,
        page,
    )


def _row(request: HttpRequest, person: Any) -> tuple[Any, ...]:
    series = (" ", Words(person.series, "small")) if person.series else ()
    return (
        LinkCell(person.name, person.get_absolute_url(), person.kana),
        ((person.number, *series),),
        [_posting(posting) for posting in person.posted]
        or ((Words(pgettext("人", "発令なし"), "missing"),),),
        [_roles(posting) for posting in person.posted],
        account_state(person, invited=person.invited),
        _invitation(request, person),
    )


def _posting(posting: Any) -> list[str | Words]:
    parts: list[str | Words] = [f"{posting.department} {posting.post}"]
    if posting.kind == Posting.Kind.CONCURRENT:
        parts += [" ", Words(posting.get_kind_display(), "mark")]
    if posting.status != Posting.Status.PRESENT:
        parts += [" ", Words(posting.get_status_display(), "small")]
    return parts


def _roles(posting: Any) -> list[str | Words]:
    parts: list[str | Words] = []
    for grant in posting.grants.all():
        parts += [pgettext("区切り", "・")] if parts else []
        parts.append(Words(str(grant), "whole"))
    return parts


def account_state(person: Any, *, invited: bool) -> StateCell:
    """State of the person's account: registered, invited or locked."""
    if person.locked_at:
        return StateCell("warn", _("本人の確認待ち"))
    if person.user_id:
        return StateCell("ok", pgettext("アカウント", "登録済"))
    if invited:
        return StateCell("run", pgettext("アカウント", "招待中"))
    return StateCell("neutral", pgettext("アカウント", "未招待"))


def _invitation(request: HttpRequest, person: Any) -> ActionCell | None:
    """Link to the slip of an open invitation, or the button that invites; empty for a person with
    an account.
    """
    if person.user_id:
        return None
    name, label = (
        ("slip", pgettext("人", "招待状"))
        if person.invited
        else ("invite", pgettext("人", "招待する"))
    )
    address = page_address(f"municipality:{name}", request.municipality.pk, person.pk)
    return ActionCell(label, address, person.name, posts=not person.invited)


def _nothing(request: HttpRequest, *, office: bool) -> Nothing:
    if any(request.GET.values()):
        return Nothing(clear=request.path)
    return Nothing(
        _("職員がまだ登録されていません"),
        _("職員のファイルを取り込むと、ここに表示されます。"),
        page_address("municipality:imports", request.municipality.pk) if office else "",
        _("ファイルから取り込む"),
    )


def departments_listing(page: Page, today: date, *, counted: bool) -> ListTable:
    """The departments of one page as a tree, each with its heads. How many staff it has is
    `counted` for who may be told every number: beside 対象職員 of a month it would tell small ones.
    """
    staff = (
        ListColumn(pgettext("組織", "職員数"), "number"),
        ListColumn(_("下位を含む職員数"), "number"),
    )
    columns = (
        ListColumn(pgettext("部署", "部署名")),
        ListColumn(_("部署コード")),
        ListColumn(pgettext("部署", "種別")),
        ListColumn(pgettext("組織", "所属長"), "words"),
        *(staff if counted else ()),
    )
    rows = [
        (
            _place_in_tree(line),
            line.department.code or None,
            line.department.get_kind_display(),
            [_heads(line.heads)],
            *((number_of_people(line.staff), number_of_people(line.below)) if counted else ()),
        )
        for line in page
    ]
    words = (
        _(
            "%(day)s現在の組織です。職員数は、本務で在職し、任用区分が「職員に数える」人の数です。"
            "特別職と外部の人は含めません。"
        )
        if counted
        else _("%(day)s現在の組織です。部署ごとの職員数は、少人数の部署があるため表示しません。")
    )
    caption = words % {"day": era_day(today)}
    nothing = Nothing(
        _("見られる部署がありません"),
        _("発令が登録されると、所属する部署がここに表示されます。"),
    )
    return ListTable(columns, rows, nothing, caption, page)


def _place_in_tree(line: Any) -> str:
    return format_html(
        '<span class="only-w" aria-hidden="true">{}</span><a href="{}">{}</a>',
        line.indent,
        line.department.get_absolute_url(),
        line.department.name,
    )


def _heads(names: Iterable[str]) -> list[str | Words]:
    """The names one after the other, each on one line."""
    parts: list[str | Words] = []
    for name in names:
        parts += [str(COMMA), Words(name, "whole")] if parts else [Words(name, "whole")]
    return parts or [Words(pgettext("組織", "登録なし"), "missing")]


def below_listing(departments: Iterable[Any]) -> ListTable:
    """The departments directly below one."""
    columns = (
        ListColumn(pgettext("部署", "部署名"), "link"),
        ListColumn(_("部署コード")),
        ListColumn(pgettext("部署", "種別")),
    )
    rows = [
        (LinkCell(row.name, row.get_absolute_url()), row.code, row.get_kind_display())
        for row in departments
    ]
    return ListTable(columns, rows)


def posted_listing(postings: Iterable[Any]) -> ListTable:
    """Who is posted in a department, each with the roles in `grants`."""
    columns = (
        ListColumn(pgettext("人", "氏名"), "link"),
        ListColumn(pgettext("組織", "職位")),
        ListColumn(pgettext("人", "役割"), "words"),
        ListColumn(pgettext("人", "発令")),
    )
    rows = [
        (
            LinkCell(posting.member.name, posting.member.get_absolute_url()),
            posting.post,
            [roles] if (roles := _roles(posting)) else None,
            _kind(posting),
        )
        for posting in postings
    ]
    none = _("この部署に発令されている職員はいません。")
    return ListTable(columns, rows, Nothing(text=none))


def _kind(posting: Any) -> str:
    kind = posting.get_kind_display()
    return (
        kind
        if posting.status == Posting.Status.PRESENT
        else f"{kind} ({posting.get_status_display()})"
    )


def versions_listing(versions: Iterable[Any]) -> ListTable:
    """What a department was called and where it belonged, from when to when."""
    columns = (
        ListColumn(pgettext("部署", "期間")),
        ListColumn(pgettext("部署", "部署名")),
        ListColumn(pgettext("部署", "種別")),
        ListColumn(pgettext("部署", "上位部署")),
    )
    rows = [
        (
            span_words(row.starts_on, row.ends_on, brief=False),
            row.name,
            row.get_kind_display(),
            row.parent,
        )
        for row in versions
    ]
    return ListTable(columns, rows)


def past_heads_listing(postings: Iterable[Any]) -> ListTable:
    """Who headed a department before."""
    columns = (
        ListColumn(pgettext("人", "氏名")),
        ListColumn(pgettext("組織", "職位")),
        ListColumn(pgettext("部署", "期間")),
    )
    rows = [
        (
            posting.member.name,
            posting.post,
            span_words(posting.starts_on, posting.ends_on, brief=False),
        )
        for posting in postings
    ]
    return ListTable(columns, rows)


def postings_listing(postings: Iterable[Any], today: date) -> ListTable:
    """Postings of one person, each with its `place`."""
    columns = (
        ListColumn(_("部署と職位")),
        ListColumn(_("本務・兼務")),
        ListColumn(pgettext("人", "役割"), "words"),
        ListColumn(pgettext("人", "期間")),
        ListColumn(pgettext("人", "状態")),
    )
    rows = [
        (
            f"{posting.place} {posting.post}",
            posting.get_kind_display(),
            [_roles(posting)] if posting.grants.all() else None,
            span_words(posting.starts_on, posting.ends_on, brief=False),
            _status(posting, today),
        )
        for posting in postings
    ]
    return ListTable(columns, rows, Nothing(text=_("発令が登録されていません。")))


def _status(posting: Any, today: date) -> str:
    if posting.ends_on and posting.ends_on < today:
        return _("終了した発令")
    return _("これからの発令") if posting.starts_on > today else posting.get_status_display()


def absences_of_listing(absences: Iterable[Absence]) -> ListTable:
    """Absences of one person from today on; taking one back leads to the person again."""
    columns = (
        ListColumn(pgettext("人", "期間")),
        ListColumn(_("不在の理由")),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    rows = [
        (
            span_words(absence.starts_on, absence.ends_on, brief=False),
            absence.reason,
            ActionCell(
                pgettext("入力", "取り消す"),
                page_address("municipality:absence_remove", absence.municipality_id, absence.pk),
                posts=True,
            ),
        )
        for absence in absences
    ]
    none = _("不在の予定はありません。決裁者が不在のときは、指定された人が代決できます。")
    return ListTable(columns, rows, Nothing(text=none))
