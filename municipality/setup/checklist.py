"""Checklist of a new body: each item with its state, its page, and who did it when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.accounts.models import Invitation
from municipality.audit.models import Entry
from municipality.core.addresses import page_address
from municipality.core.registry import subjects
from municipality.decisions.models import RouteTemplate
from municipality.organisation.models import (
    ClosedDay,
    Department,
    Grant,
    Member,
    Municipality,
    Post,
    Posting,
)
from municipality.organisation.staff_on import roster_on
from municipality.records.models import Retention
from municipality.setup.models import SetupMark
from municipality.transfers.staffing_checks import gaps_of


@dataclass(frozen=True)
class SetupItem:
    """Item of the checklist. `state` is done, now (begun), todo or skipped; `by` and `at` say who
    did it last and when.
    """

    key: str
    label: str
    state: str
    note: str
    address: str
    effect: str = ""
    may_skip: bool = False
    by: str = ""
    at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to do."""
        return self.state in {"now", "todo"}


DONE_BY = {
    "posts": ("post.added", "post.renamed", "post.moved", "post.removed"),
    "departments": ("department.added", "import.committed"),
    "people": ("import.committed",),
    "chiefs": ("import.committed",),
    "auditors": ("import.committed",),
    "invitations": ("invitation.sent", "invitation.printed"),
    "routes": ("route.set",),
    "closed_days": ("closed_day.added", "closed_day.removed"),
    "contact": ("body.changed",),
    "mail": ("body.changed",),
    "retention": ("retention.set",),
    "organisation": ("import.committed", "duty.given", "route.set"),
}
"""By which lines of the history each item was brought further."""


def checklist(body: Municipality, now: datetime) -> list[SetupItem]:
    """All items in the order of setting up. An item that the office marked as not needed is
    `skipped`.
    """
    marks = {mark.item: mark for mark in SetupMark.objects.of(body).select_related("marked_by")}
    done = _last_acts(body)
    items = []
    for item in _Reading(body, now).items():
        mark = marks.get(item.key)
        if mark is not None and item.is_open:
            items.append(replace(item, state="skipped", by=mark.marked_by.name, at=mark.marked_at))
        else:
            acts = (
                [done[verb] for verb in DONE_BY[item.key] if verb in done]
                if item.state != "todo"
                else []
            )
            at, by = max(acts, default=(None, ""), key=lambda act: act[0])
            items.append(replace(item, at=at, by=by))
    return items


def _last_acts(body: Municipality) -> dict[str, tuple[datetime, str]]:
    """Last time and actor of each kind of act in the body. Three queries."""
    verbs = {verb for verbs in DONE_BY.values() for verb in verbs}
    lines = Entry.objects.filter(chain__municipality=body, verb__in=verbs)
    newest = lines.values("verb").annotate(last=Max("seq")).values("last")
    rows = list(
        Entry.objects.filter(chain__municipality=body, seq__in=newest).values_list(
            "verb", "at", "actor_id"
        )
    )
    actors = [actor for _verb, _at, actor in rows if actor is not None]
    names = dict(Member.objects.of(body).filter(pk__in=actors).values_list("pk", "name"))
    return {verb: (at, names.get(actor or 0, "")) for verb, at, actor in rows}


class _Reading:
    """State of each item, read from the tables."""

    def __init__(self, body: Municipality, now: datetime) -> None:
        self.body, self.now = body, now
        self.today: date = timezone.localdate(now)

    def items(self) -> list[SetupItem]:
        """Items in the order of setting up."""
        parts: list[Callable[[], SetupItem]] = [
            self.posts,
            self.departments,
            self.people,
            self.chiefs,
            self.auditors,
            self.invitations,
            self.routes,
            self.closed_days,
            self.contact,
            self.mail,
            self.organisation,
            self.retention,
        ]
        return [part() for part in parts]

    def posts(self) -> SetupItem:
        """Posts, which postings and routes need."""
        count = Post.objects.of(self.body).count()
        effect = _("職位がないと、職員の取込みも決裁経路の設定もできません。")
        state = "done" if count else "todo"
        return SetupItem(
            "posts",
            pgettext("準備", "職位"),
            state,
            _count_words(count),
            page_address("municipality:posts", self.body.pk),
            effect,
        )

    def departments(self) -> SetupItem:
        """Departments other than the body itself."""
        count = len(self._departments)
        effect = _("記録と集計は、部署ごとに行います。")
        state = "done" if count else "todo"
        return SetupItem(
            "departments",
            pgettext("準備", "部署"),
            state,
            _count_words(count),
            page_address("municipality:imports", self.body.pk),
            effect,
        )

    @cached_property
    def _departments(self) -> list[str]:
        rows = Department.objects.of(self.body).answering().on(self.today)
        return list(rows.values_list("path", flat=True))

    @cached_property
    def _people(self) -> tuple[int, int]:
        """People in a post today, and those of them who have an account or an open invitation. One
        query.
        """
        posted = Exists(Posting.objects.on(self.today).filter(member=OuterRef("pk")))
        asked = Exists(Invitation.objects.pending(self.now).filter(member=OuterRef("pk")))
        rows = Member.objects.of(self.body).filter(posted, is_active=True).annotate(asked=asked)
        counts = rows.aggregate(
            all=Count("pk"), invited=Count("pk", filter=Q(user__isnull=False) | Q(asked=True))
        )
        return counts["all"], counts["invited"]

    def people(self) -> SetupItem:
        """People other than the office."""
        count = self._people[0]
        note = _("%(count)s人います") % {"count": count} if count else _("まだありません")
        effect = _("事務局のほかに1人以上の登録が必要です。")
        state = "done" if count >= 2 else "todo"
        return SetupItem(
            "people",
            pgettext("準備", "職員"),
            state,
            note,
            page_address("municipality:imports", self.body.pk),
            effect,
        )

    @cached_property
    def _grants(self) -> set[tuple[str, str]]:
        rows = Grant.objects.on(self.today).filter(
            municipality=self.body, role__in=("manager", "auditor")
        )
        return set(rows.values_list("role", "posting__department__path"))

    def chiefs(self) -> SetupItem:
        """A manager for every department."""
        led = {path for role, path in self._grants if role == "manager"} & set(self._departments)
        effect = _("所属長のいない部署の期限は、上位部署の所属長か事務局に知らせます。")
        item = SetupItem(
            "chiefs",
            _("部署ごとの所属長"),
            "",
            "",
            page_address("municipality:departments", self.body.pk),
            effect,
        )
        return self._part(item, len(led), len(self._departments))

    def auditors(self) -> SetupItem:
        """An auditor, who looks after the log."""
        has_auditor = any(role == "auditor" for role, _path in self._grants)
        effect = _("アクセスログの点検と、保存期間の過ぎた記録の廃棄の承認を行う人です。")
        note = _("登録済みです") if has_auditor else _("まだいません")
        state = "done" if has_auditor else "todo"
        return SetupItem(
            "auditors",
            _("監査を行う人"),
            state,
            note,
            page_address("municipality:people", self.body.pk),
            effect,
            may_skip=True,
        )

    def invitations(self) -> SetupItem:
        """An account or an invitation for everybody."""
        whole, invited = self._people
        effect = _("招待した人から、自分の画面に入れるようになります。")
        item = SetupItem(
            "invitations",
            pgettext("準備", "招待"),
            "",
            "",
            page_address("municipality:people", self.body.pk),
            effect,
            may_skip=True,
        )
        return self._part(item, invited, whole)

    def routes(self) -> SetupItem:
        """A route for every matter that can be put to decision."""
        used = set(
            RouteTemplate.objects.of(self.body)
            .filter(is_active=True)
            .values_list("matter", flat=True)
        )
        matters = set(subjects())
        effect = _("経路のない対象は、決裁に回せません。")
        item = SetupItem(
            "routes",
            pgettext("準備", "決裁経路"),
            "",
            "",
            page_address("municipality:routes", self.body.pk),
            effect,
        )
        return self._part(item, len(matters & used), len(matters))

    def closed_days(self) -> SetupItem:
        """National holidays; the body's own closed days are known to the office only."""
        count = ClosedDay.objects.of(self.body).count()
        note = (
            _("団体独自の日 %(count)s件") % {"count": count} if count else _("祝日と年末年始だけ")
        )
        effect = _("団体独自の閉庁日がなければ「不要」にしてください。")
        state, label = ("done" if count else "now"), pgettext("準備", "閉庁日")
        return SetupItem(
            "closed_days",
            label,
            state,
            note,
            page_address("municipality:closed_days", self.body.pk),
            effect,
            may_skip=True,
        )

    def contact(self) -> SetupItem:
        """Contact for questions."""
        note, state = (
            self.body.contact or _("まだありません"),
            "done" if self.body.contact else "todo",
        )
        effect = _("画面の下とメールの末尾に表示されます。")
        return SetupItem(
            "contact",
            _("事務局の連絡先"),
            state,
            note,
            page_address("municipality:settings", self.body.pk),
            effect,
        )

    def mail(self) -> SetupItem:
        """Outgoing mail from an address of the body."""
        body = self.body
        note = (body.sender or _("システム全体の差出人")) if body.sending else _("準備中は送らない")
        state = ("done" if body.sender else "now") if body.sending else "todo"
        effect = _(
            "差出人を決めないと、システム全体の差出人から届きます。メールを使わないときは「不要」にしてください。"
        )
        return SetupItem(
            "mail",
            _("メールの送信"),
            state,
            note,
            page_address("municipality:settings", self.body.pk),
            effect,
            may_skip=True,
        )

    def retention(self) -> SetupItem:
        """Retention of the log, which the body's own rules on documents determine."""
        own = Retention.objects.of(self.body).exists()
        note = _("団体で決めた年限") if own else _("初めの年限のまま")
        effect = _("文書の保存年限の規程と合っているかを確かめて保存してください。")
        state = "done" if own else "now"
        return SetupItem(
            "retention",
            _("記録の保存年限"),
            state,
            note,
            page_address("municipality:retention", self.body.pk),
            effect,
            may_skip=True,
        )

    def organisation(self) -> SetupItem:
        """No gaps: a manager for each department, a holder for each route and duty."""
        posts = dict(Post.objects.of(self.body).values_list("pk", "title"))
        count = len(gaps_of(self.body, roster_on(self.body, self.today), posts))
        note = (
            _("確認が必要なもの %(count)s件") % {"count": count}
            if count
            else _("足りないものはありません")
        )
        effect = _("担当者のいない職位や職務があると、仕事がそこで止まります。")
        state, address = (
            "now" if count else "done",
            page_address("municipality:organisation_check", self.body.pk),
        )
        if self._people[0] < 2:
            state, note = "todo", _("まだありません")
        return SetupItem(
            "organisation", _("組織の確認"), state, note, address, effect, may_skip=True
        )

    def _part(self, item: SetupItem, done: int, whole: int) -> SetupItem:
        """Item with its progress: `done` of `whole`."""
        state = "done" if whole and done == whole else "now" if done else "todo"
        return replace(item, state=state, note=f"{done} / {whole}")


def _count_words(count: int) -> str:
    return _("%(count)s件あります") % {"count": count} if count else _("まだありません")
