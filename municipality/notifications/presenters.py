"""The inbox as its owner sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.addresses import page_address
from municipality.notifications.wording import worded
from municipality.web.components.entries import Button, ListEntry
from municipality.web.components.lists import ListTable, Nothing
from municipality.web.components.states import badge_of

if TYPE_CHECKING:
    from django.core.paginator import Page

    from municipality.notifications.models import Notice
    from municipality.notifications.wording import Words


def notices_listing(page: Page, words: Words, code: str, kind: str) -> ListTable:
    """The notices of one page, worded in the body's `words` where it has some. `kind` is the
    tab.
    """
    rows = [_entry(notice, words, code) for notice in page]
    return ListTable((), rows, _nothing(code, kind), page=page)


def _entry(notice: Notice, words: Words, code: str) -> ListEntry:
    said = worded(notice, words)
    address = page_address("municipality:notice_open", code, notice.pk)
    unread = notice.read_at is None
    buttons = []
    if said.address:
        buttons.append(Button(_("内容を見る"), address))
    if unread:
        stays = Button(_("既読にする"), address, "3", {"stay": 1})
        buttons.append(stays if said.address else Button(_("既読にする"), address))
    mark = (
        badge_of("run", pgettext("通知", "未読"), shape="bell")
        if unread
        else pgettext("通知", "既読")
    )
    return ListEntry(said.subject, said.body, notice.told_at, mark, buttons)


def _nothing(code: str, kind: str) -> Nothing:
    if kind == "unread":
        return Nothing(_("未読の通知はありません"), _("読んだ通知は「すべての通知」にあります。"))
    if kind:
        return Nothing(clear=page_address("municipality:notices", code))
    return Nothing(
        _("通知はまだありません"),
        _("期限が近づいたときや、決裁が進んだときに、ここでお知らせします。"),
    )
