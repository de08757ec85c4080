"""The lists of 督促と通知: the rules and their ladder, what is held, mails that did not go out, and
notices of the office's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from municipality.core.addresses import page_address
from municipality.core.date_words import moment
from municipality.core.name_lists import all_names
from municipality.reminders.queries import HeldNotices, distance_words, label_of
from municipality.web.components.cells import ActionCell, LinkCell, StateCell, Words
from municipality.web.components.lists import ListColumn, ListTable, Nothing
from municipality.web.components.states import face

if TYPE_CHECKING:
    from django.core.paginator import Page

    from municipality.notifications.models import Mail
    from municipality.reminders.models import Announcement, Hold, LadderVersion


def rules_listing(rules: Iterable[Any]) -> ListTable:
    """Every rule: whom it reminds, how many things wait, and when it speaks next."""
    columns = (
        ListColumn(_("期限のあるもの")),
        ListColumn(_("督促を受ける人")),
        ListColumn(_("遅れたときに知らせる人")),
        ListColumn(_("いま待っている数"), "number"),
        ListColumn(_("次に督促する日"), "day"),
    )
    rows = [
        (row.label, row.whom, row.escalation, row.waiting, row.next_on or None) for row in rules
    ]
    return ListTable(columns, rows)


def example_listing(example: Iterable[Any]) -> ListTable:
    """What the ladder does for one date."""
    columns = (
        ListColumn(_("知らせる日"), "day"),
        ListColumn(_("期限からの開庁日数")),
        ListColumn(_("知らせる人")),
    )
    return ListTable(columns, [(row.day, row.distance, row.recipients) for row in example])


def versions_listing(versions: Iterable[LadderVersion]) -> ListTable:
    """The ladders there were, each with who set it."""
    columns = (
        ListColumn(pgettext("督促", "版")),
        ListColumn(pgettext("督促", "段階")),
        ListColumn(pgettext("役割", "所属長")),
        ListColumn(pgettext("役割", "事務局")),
        ListColumn(_("設定した日時"), "moment"),
        ListColumn(_("設定した人")),
    )
    rows = [
        (
            _("第%(n)s版") % {"n": row.version},
            all_names(row.stages),
            row.manager_from,
            row.office_from,
            row.set_at,
            row.set_by,
        )
        for row in versions
    ]
    nothing = Nothing(text=_("段階を変えたことはありません。はじめからの段階を使っています。"))
    return ListTable(columns, rows, nothing, _("督促には、知らせたときの版の番号が残ります。"))


def holds_listing(holds: Iterable[Hold]) -> ListTable:
    """When more was held than usual, and what became of it."""
    columns = (
        ListColumn(_("止めた日時"), "link"),
        ListColumn(pgettext("督促", "状態"), "state"),
        ListColumn(_("そのときの上限"), "number"),
    )
    rows = [
        (
            LinkCell(moment(hold.held_at), hold.get_absolute_url()),
            StateCell(*face(hold)),
            hold.cap,
        )
        for hold in holds
    ]
    return ListTable(columns, rows)


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
            all_names(contents.get(mail.pk, [])),
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


def wordings_listing(
    rules: Iterable[str], own: set[tuple[str, str]], languages: Mapping[str, str], body: str
) -> ListTable:
    """Kinds of notices, each with a link to its words in every language; `own` are those that the
    body worded itself.
    """
    columns = [ListColumn(pgettext("通知", "通知"))]
    columns += [ListColumn(name) for name in languages.values()]
    rows = [
        (
            label,
            *(
                _wording(label, name, (rule, language) in own, (body, rule, language))
                for language, name in languages.items()
            ),
        )
        for rule in rules
        for label in (label_of(rule),)
    ]
    return ListTable(columns, rows)


def _wording(label: Any, name: str, own: bool, place: tuple[str, str, str]) -> Any:
    said = _("団体の文面") if own else _("はじめからの文面")
    return format_html(
        '<a href="{}">{}<span class="vh"> {} {}</span></a>',
        page_address("municipality:wording", *place),
        said,
        label,
        name,
    )


def places_listing(places: Iterable[tuple[str, Any, Any]]) -> ListTable:
    """Names that may be used in the words, each with its meaning and an example."""
    columns = (
        ListColumn(pgettext("文面", "名前")),
        ListColumn(pgettext("文面", "入る値")),
        ListColumn(pgettext("文面", "例")),
    )
    rows = [(f"{{{name}}}", meaning, example) for name, meaning, example in places]
    return ListTable(columns, rows)
