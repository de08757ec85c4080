"""The lists of 督促と通知: mails that did not go out, notices of the office's own, what is held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from municipality.core.addresses import page_address
from municipality.reminders.queries import HeldNotices, distance_words, label_of
from municipality.web.components.cells import ActionCell, LinkCell, Words
from municipality.web.components.dates import moment
from municipality.web.components.lists import ListColumn, ListTable, Nothing

if TYPE_CHECKING:
    from django.core.paginator import Page

    from municipality.notifications.models import Mail
    from municipality.reminders.models import Announcement


def mails_listing(page: Page, contents: Mapping[int, list[str]]) -> ListTable:
    """The mails of one page that the mail server refused, with what each is about by its number."""
    columns = (
        ListColumn(_("受け取る人"), "words"),
        ListColumn(pgettext("メール", "内容")),
        ListColumn(_("断られた理由")),
        ListColumn(pgettext("メール", "状態"), "words"),
        ListColumn(pgettext("一覧", "操作"), "actions", silent=True),
    )
    rows = [
        (
            _recipient(mail),
            "、".join(contents.get(mail.pk, [])),
            mail.error_words,
            _attempts(mail),
            _cures(mail),
        )
        for mail in page
    ]
    return ListTable(columns, rows, Nothing(text=_("送れなかったメールはありません。")), page=page)


def _recipient(mail: Mail) -> list[list[LinkCell | Words]]:
    person = LinkCell(str(mail.member), mail.member.get_absolute_url())
    return [[person], [Words(mail.member.mail, "small")]]


def _attempts(mail: Mail) -> list[list[str | Words]]:
    lines: list[list[str | Words]] = [
        [mail.get_state_display()],
        [Words(moment(mail.queued_at), "whole")],
    ]
    if mail.attempts:
        words = ngettext("%(n)s回送信", "%(n)s回送信", mail.attempts) % {"n": mail.attempts}
        lines.append([words])
    return lines


def _cures(mail: Mail) -> list[ActionCell]:
    retry, wrong = (
        page_address(f"municipality:{name}", mail.municipality_id, mail.pk)
        for name in ("mail_retry", "mail_wrong")
    )
    sure = _("このアドレスには、別のアドレスを登録するまで送りません。よろしいですか。")
    return [
        ActionCell(_("もう一度送る"), retry, posts=True),
        ActionCell(_("届かないアドレスとする"), wrong, posts=True, tone="3", confirm=sure),
    ]


def announcements_listing(page: Page) -> ListTable:
    """The notices of one page, each with its text to unfold."""
    columns = (
        ListColumn(pgettext("通知", "件名")),
        ListColumn(_("届けた人数"), "number"),
        ListColumn(_("知らせた日時"), "moment"),
        ListColumn(_("知らせた人")),
    )
    rows = [(_unfolding(row), row.count, row.sent_at, row.sent_by) for row in page]
    return ListTable(columns, rows, Nothing(text=_("まだお知らせを送っていません。")), page=page)


def _unfolding(row: Announcement) -> SafeString:
    return format_html(
        '<details class="more"><summary>{}</summary><p>{}</p></details>',
        row.subject,
        linebreaksbr(row.body),
    )


def held_groups_listing(groups: Iterable[HeldNotices]) -> ListTable:
    """What is held, by rule and stage."""
    columns = (
        ListColumn(_("期限のあるもの")),
        ListColumn(pgettext("督促", "段階")),
        ListColumn(pgettext("督促", "件数"), "number"),
        ListColumn(pgettext("督促", "人数"), "number"),
    )
    rows = [(row.label, row.stage, row.count, row.people) for row in groups]
    return ListTable(columns, rows, Nothing(text=_("止めている督促は残っていません。")))


def held_people_listing(page: Page) -> ListTable:
    """The people of one page, each with a rule and stage that is held for them."""
    columns = (
        ListColumn(pgettext("人", "氏名")),
        ListColumn(_("期限のあるもの")),
        ListColumn(pgettext("督促", "段階")),
        ListColumn(pgettext("督促", "件数"), "number"),
    )
    rows = [
        (row["member__name"], label_of(row["rule"]), distance_words(int(row["stage"])), row["n"])
        for row in page
    ]
    return ListTable(columns, rows, page=page)
