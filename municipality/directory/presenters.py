"""The list of people for one reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.addresses import page_address
from municipality.core.date_words import era_day
from municipality.web.components.cells import ActionCell, LinkCell, StateCell, Words
from municipality.web.components.lists import ListColumn, ListTable, Nothing

if TYPE_CHECKING:
    from django.core.paginator import Page
    from django.http import HttpRequest


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
    if posting.kind == "concurrent":
        parts += [" ", Words(posting.get_kind_display(), "mark")]
    if posting.status != "present":
        parts += [" ", Words(posting.get_status_display(), "small")]
    return parts


def _roles(posting: Any) -> list[str | Words]:
    parts: list[str | Words] = []
    for grant in posting.grants.all():
        parts += ["・"] if parts else []
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
