"""What the office of a body that was just founded sets up first, instead of an empty list of things
to do.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboard.home.journey import Facts
from dashboard.overview.lines import FactLine, counted, the_count
from municipality.decisions.models import RouteTemplate
from municipality.organisation.models import Member


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


def checklist_of(member: Member) -> list[QuerySet]:
    """The parts of the query that the checklist needs beside the journey's."""
    routes = RouteTemplate.objects.visible_to(member).filter(is_active=True)
    return [
        counted(Member.objects.of(member.municipality_id).filter(is_active=True), "people"),
        counted(routes, "routes"),
    ]


def is_wanted(member: Member, facts: Facts) -> bool:
    """Is the body without departments still, and is the member one of those who can mend that?"""
    return member.authority.is_office and facts.departments == 0


def checklist(
    member: Member, facts: Facts, found: dict[str, list[FactLine]]
) -> list[FirstSetupItem]:
    """What a body needs before its first round, in the order in which it is done."""
    code, people, routes = (
        member.municipality_id,
        the_count(found, "people"),
        the_count(found, "routes"),
    )
    imports, settings = (
        reverse("municipality:imports", args=[code]),
        reverse("municipality:settings", args=[code]),
    )
    return [
        FirstSetupItem(
            _("部署の登録"),
            *_state(facts.departments, pgettext("準備", "登録なし"), _number(facts.departments)),
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
                facts.departments and facts.led >= facts.departments,
                pgettext("準備", "未設定"),
                _number(facts.led),
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
