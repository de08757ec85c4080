"""Asking the office for help where somebody has no route for what they would draft."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.models import BodyModel
from municipality.core.refusals import Conflict
from municipality.decisions.operations.decisions import require_none_open
from municipality.decisions.operations.routes import why_not_draft
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import role_holders
from municipality.organisation.models import Department, Member


@operation
def ask_for_route(
    matter: str,
    subject: BodyModel,
    *,
    title: str,
    by: Member,
    now: datetime,
    department: Department | None = None,
) -> None:
    """Ask the office to draft the matter in the member's stead, or to set a route on which a higher
    post decides. Raises Conflict when the member could draft it, in `department` or else where they
    act from, when a decision is open, when nobody else is there to ask, and when they were asked
    today.
    """
    require_none_open(matter, subject.pk, by.municipality_id)
    day = timezone.localdate(now)
    if not why_not_draft(matter, subject.pk, by=by, day=day, department=department):
        raise Conflict(_("この件は、ご自身で起案できます。事務局への依頼は必要ありません。"))
    others = role_holders("office", by.municipality_id, day).exclude(pk=by.pk)
    office = list(others.select_related("municipality"))
    if not office:
        raise Conflict(_("依頼できる事務局の人がいません。発令を確認してください。"))
    notices = [
        notify(
            person,
            f"{matter}.route_wanted",
            subject,
            stage=day.isoformat(),
            now=now,
            title=title,
            name=by.name,
        )
        for person in office
    ]
    if not any(notices):
        raise Conflict(_("今日は、すでに依頼しています。"))
    record(by, "decision.route_wanted", subject)
