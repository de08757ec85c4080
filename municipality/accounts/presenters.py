"""The lists of accounts: how far everybody is, whose sign-in is paused, whose account ends, where
somebody is signed in, and the providers.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.accounts.models import IdentityProvider
from municipality.accounts.operations import onboarding
from municipality.accounts.operations.lockouts import Lock
from municipality.accounts.operations.sessions import OpenSession
from municipality.accounts.second_factor_session import device_words
from municipality.core.addresses import page_address
from municipality.core.date_words import NOTHING, clock, era_day, moment
from municipality.organisation.models import Grant
from municipality.web.components.cells import ActionCell, LinkCell, StateCell, Words
from municipality.web.components.dates import iso
from municipality.web.components.lists import ListColumn, ListTable, Nothing

if TYPE_CHECKING:
    from django.core.paginator import Page


def locks_listing(locks: Iterable[Lock]) -> ListTable:
    """Whose sign-in is paused, at which step and for how long."""
    columns = (
        ListColumn(pgettext("人", "氏名"), "link"),
        ListColumn(_("止めている段階")),
        ListColumn(_("止めている時間")),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    rows = [
        (
            LinkCell(str(lock.member), lock.member.get_absolute_url()),
            _("パスワード") if lock.step == "password" else _("2つ目の確認"),
            _lasting(lock),
            ActionCell(
                pgettext("ログイン", "解除する"),
                page_address("municipality:lift_lock", lock.member.municipality_id, lock.member.pk),
                posts=True,
            ),
        )
        for lock in locks
    ]
    return ListTable(columns, rows)


def _lasting(lock: Lock) -> str:
    first, last = (clock(at) for at in (lock.since, lock.until))
    return _("%(first)sから%(last)sまで") % {"first": first, "last": last}


def arrivals_listing(request: HttpRequest, page: Page, stage: str) -> ListTable:
    """The people of one page, each with `stage`, `until`, `by_table` and `posted`."""
    columns = (
        ListColumn(pgettext("人", "氏名"), "link"),
        ListColumn(_("部署と職位"), "words"),
        ListColumn(pgettext("人", "状態"), "words"),
        ListColumn(_("招待の期限")),
        ListColumn(pgettext("招待", "渡し方")),
    )
    nothing = Nothing(
        _("全員が登録を終えています"),
        _("新しい人を取り込むと、ここに表示されます。"),
        clear=request.path if stage else "",
    )
    return ListTable(columns, [_arrival(person) for person in page], nothing, page=page)


def _arrival(person: Any) -> tuple[Any, ...]:
    invited = person.stage in (onboarding.INVITED, onboarding.EXPIRED)
    return (
        LinkCell(person.name, person.get_absolute_url(), person.number),
        [[f"{posting.department} {posting.post}"] for posting in person.posted]
        or [[Words(_("これからの発令"), "missing")]],
        [_stage(person)],
        moment(person.until) if invited else None,
        _("メールと印刷") if person.mail else pgettext("招待", "印刷だけ"),
    )


def _stage(person: Any) -> list[StateCell | str | Words]:
    if person.stage == onboarding.READY:
        done = StateCell("ok", pgettext("アカウント", "登録済"))
        return [done, " ", Words(_("確認コード表"), "small")] if person.by_table else [done]
    if person.stage == onboarding.HALF:
        return [StateCell("warn", pgettext("アカウント", "登録の途中"))]
    if person.stage == onboarding.INVITED:
        return [StateCell("run", pgettext("アカウント", "招待中"))]
    if person.stage == onboarding.EXPIRED:
        return [StateCell("stop", pgettext("アカウント", "期限切れ"))]
    return [StateCell("neutral", pgettext("アカウント", "未招待"))]


def endings_listing(grants: Iterable[Grant]) -> ListTable:
    """The experts from outside whose account ends soon."""
    columns = (
        ListColumn(pgettext("人", "氏名"), "link"),
        ListColumn(pgettext("組織", "部署")),
        ListColumn(pgettext("期間", "終了日")),
    )
    postings = (grant.posting for grant in grants)
    rows = [
        (
            LinkCell(str(posting.member), posting.member.get_absolute_url()),
            posting.department,
            era_day(posting.ends_on),
        )
        for posting in postings
    ]
    return ListTable(columns, rows)


def providers_listing(providers: Iterable[IdentityProvider], code: str) -> ListTable:
    """The body's providers, or where to register one."""
    columns = (
        ListColumn(_("ボタンに出る名前"), "link"),
        ListColumn(_("発行者(issuer)のアドレス")),
        ListColumn(pgettext("人", "状態"), "state"),
    )
    rows = [
        (
            LinkCell(each.name, page_address("municipality:provider", code, each.pk)),
            each.issuer,
            _provider_state(each),
        )
        for each in providers
    ]
    nothing = Nothing(
        _("接続先がまだありません"),
        _("庁内の認証を使わないときは、登録はいりません。ログイン名とパスワードで使えます。"),
        page_address("municipality:provider_new", code),
        _("接続先を登録する"),
    )
    return ListTable(columns, rows, nothing)


def _provider_state(provider: IdentityProvider) -> StateCell:
    if provider.is_active:
        return StateCell("ok", pgettext("接続先", "使用中"))
    if provider.checked_at:
        return StateCell("stop", pgettext("接続先", "停止中"))
    return StateCell("warn", pgettext("接続先", "確認前"))


def sessions_listing(sessions: Iterable[OpenSession]) -> ListTable:
    """Where somebody is signed in, each with the button that ends it; this place has none."""
    columns = (
        ListColumn(pgettext("ログイン", "端末"), "words"),
        ListColumn(pgettext("ログイン", "接続元")),
        ListColumn(_("ログインした日時")),
        ListColumn(_("最後に使った日時")),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    rows = [
        (
            [_device(each)],
            each.address,
            _exactly(each.began_at),
            _exactly(each.seen_at),
            None if each.is_this else _ending(each),
        )
        for each in sessions
    ]
    return ListTable(columns, rows)


def _device(session: OpenSession) -> list[str | Words]:
    words: list[str | Words] = [device_words(session.agent) or NOTHING]
    if session.is_this:
        words += [" ", Words(pgettext("ログイン", "この端末"), "kind")]
    return words


def _exactly(at: datetime | None) -> str | None:
    return f"{iso(at)} {clock(at)}" if at else None


def _ending(session: OpenSession) -> ActionCell:
    address = reverse("municipality_outside:end_one_session", args=[session.number])
    return ActionCell(_("終わらせる"), address, posts=True)
