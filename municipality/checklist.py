"""What a new body needs before it can begin: each item with how far it is and the page that brings it further."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .models import ClosedDay, Department, Invitation, Member, Municipality, Post, Posting, RouteTemplate
from .rooms import subjects


@dataclass(frozen=True)
class Item:
    """One thing to set up. `state` is done, now (begun) or todo."""

    label: str
    state: str
    note: str
    address: str


def checklist(body: Municipality, now: datetime) -> list[Item]:
    """Posts, departments, people, invitations, routes, closed days and contact, in the order of setting up."""
    people, invited = _people(body, now)
    departments = Department.objects.of(body).answering().on(timezone.localdate(now)).count()
    return [
        _counted(body, pgettext("準備", "部署"), departments, "municipality:departments"),
        _counted(body, pgettext("準備", "職位"), Post.objects.of(body).count(), "municipality:imports"),
        _counted(body, pgettext("準備", "職員"), people, "municipality:people", least=2, words=_("%(count)s人います")),
        _part(body, pgettext("準備", "招待"), invited, people, "municipality:people"),
        _routes(body),
        _closed_days(body),
        _contact(body),
    ]


def _people(body: Municipality, now: datetime) -> tuple[int, int]:
    """People in a post today, and those of them who have an account or an open invitation. One query."""
    today = timezone.localdate(now)
    posted = Exists(Posting.objects.on(today).filter(member=OuterRef("pk")))
    asked = Exists(Invitation.objects.pending(now).filter(member=OuterRef("pk")))
    rows = Member.objects.of(body).filter(posted, is_active=True).annotate(asked=asked)
    found = rows.aggregate(all=Count("pk"), invited=Count("pk", filter=Q(user__isnull=False) | Q(asked=True)))
    return found["all"], found["invited"]


def _counted(body: Municipality, label: str, count: int, name: str, *, least: int = 1, words: str = "") -> Item:
    note = (words or _("%(count)s件あります")) % {"count": count} if count else _("まだありません")
    return Item(label, "done" if count >= least else "todo", note, reverse(name, args=[body.pk]))


def _part(body: Municipality, label: str, done: int, whole: int, name: str) -> Item:
    state = "done" if whole and done == whole else "now" if done else "todo"
    return Item(label, state, f"{done} / {whole}", reverse(name, args=[body.pk]))


def _routes(body: Municipality) -> Item:
    """Every matter that can be put to decision has a route in use."""
    used = set(RouteTemplate.objects.of(body).filter(is_active=True).values_list("matter", flat=True))
    matters = set(subjects())
    return _part(body, pgettext("準備", "決裁経路"), len(matters & used), len(matters), "municipality:routes")


def _closed_days(body: Municipality) -> Item:
    """National holidays are known; what the body closes of its own accord only the office knows."""
    count = ClosedDay.objects.of(body).count()
    note = _("団体独自の日 %(count)s件") % {"count": count} if count else _("祝日と年末年始だけ")
    return Item(
        pgettext("準備", "閉庁日"),
        "done" if count else "now",
        note,
        reverse("municipality:closed_days", args=[body.pk]),
    )


def _contact(body: Municipality) -> Item:
    note = body.contact or _("まだありません")
    return Item(
        _("事務局の連絡先"), "done" if body.contact else "todo", note, reverse("municipality:settings", args=[body.pk])
    )
