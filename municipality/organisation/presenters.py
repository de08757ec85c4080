"""The lists among the settings of a body: duties, posts, closed days, and what was changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.addresses import page_address
from municipality.core.date_words import era_day, moment, span_words
from municipality.organisation.models import ClosedDay, Duty
from municipality.organisation.setting_history import SettingChange
from municipality.web.components.cells import ActionCell, LinkCell, Words
from municipality.web.components.lists import ListColumn, ListTable, Nothing


def running_duties(duties: Iterable[Duty]) -> ListTable:
    """Who carries which duty now or soon, each with the button that changes it."""
    columns = (
        ListColumn(pgettext("人", "職務")),
        ListColumn(pgettext("組織", "部署")),
        ListColumn(pgettext("異動", "担当者"), "link"),
        ListColumn(pgettext("人", "期間")),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    rows = [
        (
            duty,
            duty.department,
            LinkCell(str(duty.member), duty.member.get_absolute_url()),
            span_words(duty.starts_on, duty.ends_on, brief=False),
            ActionCell(
                _("引継ぎ・終了"),
                page_address("municipality:duty", duty.municipality_id, duty.pk),
                f"{duty} {duty.department}",
            ),
        )
        for duty in duties
    ]
    return ListTable(columns, rows, Nothing(text=_("職務はまだ付与されていません。")))


def past_duties(duties: Iterable[Duty]) -> ListTable:
    """Who carried which duty before."""
    columns = (
        ListColumn(pgettext("人", "職務")),
        ListColumn(pgettext("組織", "部署")),
        ListColumn(pgettext("異動", "担当者")),
        ListColumn(pgettext("人", "期間")),
    )
    rows = [
        (
            duty,
            duty.department,
            duty.member,
            span_words(duty.starts_on, duty.ends_on, brief=False),
        )
        for duty in duties
    ]
    return ListTable(columns, rows)


def posts_listing(posts: Iterable[Any]) -> ListTable:
    """The posts from the highest to the lowest, each with `people` and `is_used`."""
    columns = (
        ListColumn(pgettext("職位", "順位"), "number"),
        ListColumn(_("職位の名称"), "link"),
        ListColumn(_("就いている人"), "number"),
        ListColumn(pgettext("一覧", "操作"), "actions", silent=True),
    )
    ordered = list(posts)
    rows = [
        (
            place,
            LinkCell(post.title, _of_post("post_rename", post)),
            post.people,
            [
                *_moves(post, first=place == 1, last=place == len(ordered)),
                *([] if post.is_used else [_removal(post)]),
            ],
        )
        for place, post in enumerate(ordered, 1)
    ]
    nothing = Nothing(text=_("職位がまだ登録されていません。下から登録してください。"))
    caption = _("上にあるほど順位の高い職位です。使われている職位は、名称の変更だけができます。")
    return ListTable(columns, rows, nothing, caption, named_by=1)


def employment_kinds_listing(kinds: Iterable[Any]) -> ListTable:
    """The kinds of employment, each with `people` and the button that changes how it counts."""
    columns = (
        ListColumn(_("任用区分の名称")),
        ListColumn(pgettext("任用区分", "数え方")),
        ListColumn(pgettext("任用区分", "職員"), "number"),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    rows = [
        (kind, _counting(kind.counts_as_staff), kind.people, _count_button(kind)) for kind in kinds
    ]
    return ListTable(columns, rows, Nothing(text=_("任用区分はまだ登録されていません。")))


def _counting(counts: bool) -> str:
    return _("職員に数える") if counts else pgettext("任用区分", "数えない")


def _count_button(kind: Any) -> ActionCell:
    address = page_address("municipality:employment_kind_count", kind.municipality_id, kind.pk)
    words = _counting(not kind.counts_as_staff)
    return ActionCell(words, address, posts=True, values={"edition": kind.edition})


def _moves(post: Any, *, first: bool, last: bool) -> list[ActionCell]:
    address = _of_post("post_move", post)
    up = ActionCell(pgettext("職位", "上へ"), address, posts=True, values={"up": 1})
    down = ActionCell(pgettext("職位", "下へ"), address, posts=True, values={"down": 1})
    return ([] if first else [up]) + ([] if last else [down])


def _removal(post: Any) -> ActionCell:
    sure = _("職位「%(title)s」を削除しますか。") % {"title": post.title}
    address = _of_post("post_remove", post)
    return ActionCell(pgettext("入力", "削除する"), address, posts=True, confirm=sure)


def _of_post(name: str, post: Any) -> str:
    return page_address(f"municipality:{name}", post.municipality_id, post.pk)


def closed_days_listing(days: Iterable[ClosedDay]) -> ListTable:
    """The days on which the body departs from the calendar."""
    columns = (
        ListColumn(pgettext("暦", "日付")),
        ListColumn(pgettext("暦", "名称")),
        ListColumn(pgettext("暦", "扱い")),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    rows = [
        (
            era_day(day.date),
            day.name,
            _("臨時に開庁") if day.is_open else pgettext("暦", "閉庁"),
            ActionCell(
                pgettext("入力", "削除する"),
                page_address("municipality:closed_day_remove", day.municipality_id, day.pk),
                posts=True,
            ),
        )
        for day in days
    ]
    nothing = Nothing(text=_("団体独自の閉庁日や臨時の開庁日は、登録されていません。"))
    return ListTable(columns, rows, nothing)


def changes_listing(changes: Iterable[SettingChange]) -> ListTable:
    """What was changed on a page of settings, value by value."""
    columns = (
        ListColumn(_("変更した日時"), "words"),
        ListColumn(_("変更した人")),
        ListColumn(_("変わった項目")),
        ListColumn(pgettext("設定", "変更前")),
        ListColumn(pgettext("設定", "変更後")),
    )
    rows = [
        (
            [_changed_at(change)],
            change.by or None,
            f"{change.title} {line.label}".lstrip(),
            line.before or None,
            line.after or None,
        )
        for change in changes
        for line in change.lines
    ]
    none = _("変更はまだありません。変更すると、いつ・だれが・何をどう変えたかがここに残ります。")
    caption = _("新しい順です。いつからいつまで、どの内容だったかが残ります。")
    return ListTable(columns, rows, Nothing(text=none), caption)


def _changed_at(change: SettingChange) -> list[str | Words]:
    at = Words(moment(change.at), "whole")
    return [at] if change.until else [at, " ", Words(pgettext("設定", "いまの内容"), "mark")]
