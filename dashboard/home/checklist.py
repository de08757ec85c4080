"""What the office of a body that was just founded sets up first, instead of an empty list of things
to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboard.home.journey import Progress
from municipality.decisions.models import RouteTemplate
from municipality.organisation.models import Member
from municipality.web.components.cells import LinkCell, StateCell
from municipality.web.components.lists import ListColumn, ListTable


@dataclass(frozen=True)
class FirstSetupItem:
    """One thing to set up: what, how far it is (tone and word of its badge), and where it is
    done.
    """

    label: str
    tone: str
    word: str
    address: str
    action: str


def is_wanted(member: Member, progress: Progress) -> bool:
    """Is the body without departments still, and is the member one of those who can mend that?"""
    return member.authority.is_office and progress.departments == 0


def checklist(member: Member, progress: Progress) -> list[FirstSetupItem]:
    """What a body needs before its first round, in the order in which it is done. Two queries."""
    code = member.municipality_id
    people = Member.objects.of(code).filter(is_active=True).count()
    routes = RouteTemplate.objects.visible_to(member).filter(is_active=True).count()
    imports, settings = (
        reverse("municipality:imports", args=[code]),
        reverse("municipality:settings", args=[code]),
    )
    return [
        FirstSetupItem(
            _("部署の登録"),
            *_state(
                progress.departments, pgettext("準備", "登録なし"), _number(progress.departments)
            ),
            imports,
            _("部署を取り込む"),
        ),
        FirstSetupItem(
            _("職員と役割の登録"),
            *_state(people - 1, _("事務局だけ"), _number(people)),
            imports,
            _("職員を取り込む"),
        ),
        FirstSetupItem(
            _("部署ごとの所属長"),
            *_state(
                progress.departments and progress.led >= progress.departments,
                pgettext("準備", "未設定"),
                _number(progress.led),
            ),
            reverse("municipality:people", args=[code]),
            _("職員を見る"),
        ),
        FirstSetupItem(
            pgettext("準備", "決裁経路"),
            *_state(routes, pgettext("準備", "登録なし"), _number(routes)),
            settings,
            _("設定を開く"),
        ),
    ]


def _state(done: int, missing: str, present: str) -> tuple[str, str]:
    return ("ok", present) if done > 0 else ("neutral", missing)


def _number(count: int) -> str:
    return ngettext("%(n)s件登録済み", "%(n)s件登録済み", count) % {"n": count}


def checklist_listing(items: Iterable[FirstSetupItem]) -> ListTable:
    """What the body needs, as the page lists it."""
    columns = (
        ListColumn(pgettext("一覧", "条件")),
        ListColumn(pgettext("一覧", "状態"), "state"),
        ListColumn(pgettext("一覧", "担当")),
        ListColumn(_("次にすること"), "link"),
    )
    rows = [
        (
            item.label,
            StateCell(item.tone, item.word),
            pgettext("役割", "事務局"),
            LinkCell(item.action, item.address),
        )
        for item in items
    ]
    return ListTable(columns, rows)
