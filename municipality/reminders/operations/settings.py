"""What the office sets for reminders: the ladder and the words, each kept by version, and what is
done with held ones.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.audit.log import operation, record
from municipality.core.name_lists import all_names
from municipality.core.refusals import Conflict, Difference, require
from municipality.core.transitions import differing, move, too_late
from municipality.notifications.models import Notice, Wording
from municipality.notifications.operations.notify import receives
from municipality.notifications.wording import faults_in, may_be_reworded
from municipality.organisation.models import Member, Municipality
from municipality.organisation.open_days import open_days
from municipality.organisation.rules import is_office
from municipality.reminders.models import Hold, LadderVersion
from municipality.reminders.operations.planning import ReminderPlan, ladder_of
from municipality.reminders.rules import may_decide_hold


def _differences(*texts: tuple[str, str, str]) -> list[Difference]:
    differences = [differing(label, stands, typed) for label, stands, typed in texts]
    return [difference for difference in differences if difference is not None]


@operation
def set_ladder(
    body: Municipality,
    *,
    version: int,
    stages: list[int],
    manager_from: int | None,
    office_from: int | None,
    cap: int | None,
    by: Member,
    now: datetime,
) -> LadderVersion:
    """Set a new version of the body's ladder, from the next planning on. Raises Conflict when
    somebody was first.
    """
    require(is_office(by))
    values = {
        "stages": stages,
        "manager_from": manager_from,
        "office_from": office_from,
        "cap": cap,
    }
    row, created = LadderVersion.objects.get_or_create(
        municipality=body, version=version + 1, defaults={**values, "set_by": by, "set_at": now}
    )
    stands = ladder_of(body)
    if not created or stands.version != version + 1:
        now_there, typed = (all_names(part) for part in (stands.stages, stages))
        raise too_late(_differences((_("知らせる段階"), now_there, typed)), row)
    record(by, "ladder.set", row, **values)
    return row


@operation
def set_words(
    body: Municipality,
    rule: str,
    language: str,
    *,
    version: int,
    subject: str,
    text: str,
    by: Member,
    now: datetime,
) -> Wording:
    """Set the body's own words for a rule, from the next notice that is read on; empty: the
    product's again.

    Raises Conflict when somebody was first, and for words that cannot be filled in.
    """
    require(is_office(by))
    if not may_be_reworded(rule) or faults_in(rule, f"{subject}{text}"):
        raise Conflict(_("この文面は使えません。"))
    row, created = Wording.objects.get_or_create(
        municipality=body,
        rule=rule,
        language=language,
        version=version + 1,
        defaults={"subject": subject, "body": text, "set_by": by, "set_at": now},
    )
    if not created:
        words = (
            (pgettext("通知", "件名"), row.subject, subject),
            (pgettext("通知", "本文"), row.body, text),
        )
        raise too_late(_differences(*words), row)
    record(by, "wording.set", row, rule=rule, language=language, words=[subject, text])
    return row


def version_of(body: Municipality, rule: str, language: str) -> Wording | None:
    """The words that hold for a rule in a language, with their version; None when nobody ever set
    any.
    """
    return (
        Wording.objects.of(body).filter(rule=rule, language=language).order_by("-version").first()
    )


@operation
def release_hold(hold: Hold, *, by: Member, now: datetime) -> int:
    """Tell what was held, as far as it is still due and at its latest stage, or cannot be asked
    about now; how many were told.
    """
    require(may_decide_hold(by, hold))
    move(hold, Hold.State.RELEASED, decided_at=now, decided_by=by)
    planning = ReminderPlan(hold.municipality, open_days(hold.municipality), now)
    valid = {(reminder.member_id, reminder.key) for reminder in planning.reminders()}
    rows = Notice.objects.of(hold.municipality_id).filter(hold=hold, member__is_active=True)
    held = rows.select_related("member")
    sent = [
        notice
        for notice in held
        if (notice.member_id, notice.key) in valid
        or (notice.rule, notice.object_id) in planning.unknown
        or notice.rule in planning.unread
    ]
    for notice in sent:
        notice.hold, notice.told_at, notice.wants_mail = (
            None,
            now,
            receives(notice.member, hold.municipality),
        )
    Notice.objects.bulk_update(sent, ["hold", "told_at", "wants_mail"], batch_size=500)
    record(by, "reminders.released", hold, count=len(sent), left_out=len(held) - len(sent))
    return len(sent)


@operation
def drop_hold(hold: Hold, *, by: Member, now: datetime) -> None:
    """Never tell what was held. Later stages of the same things come as usual."""
    require(may_decide_hold(by, hold))
    move(hold, Hold.State.DROPPED, decided_at=now, decided_by=by)
    record(
        by,
        "reminders.dropped",
        hold,
        count=Notice.objects.of(hold.municipality_id).filter(hold=hold).count(),
    )
