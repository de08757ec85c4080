"""What passes at a transfer on the ground floor: decisions at a post, drafts, deputies and duties.

And, for every app, what is due from whoever holds a role: it follows the role by itself, and its
new holder is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.registry import HandOver, Passing, deadlines
from municipality.deadlines.kinds import Deadline
from municipality.decisions.models import Decision, Deputy, Step
from municipality.organisation.models import Duty, Municipality
from municipality.organisation.staff_on import StaffChange, department_of
from municipality.transfers.operations import handover_items


def changed_hands(
    before: Iterable[int], after: Iterable[int]
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Members who hand over and who take over when the holders change; None while nobody new comes
    and somebody stays.
    """
    old, new = list(before), list(after)
    takes = tuple(member for member in new if member not in old)
    gives = tuple(member for member in old if member not in new)
    if takes or (gives and not new):
        return gives, takes
    return None


def by_role(deadline: Deadline) -> HandOver:
    """Hand-over of deadlines that belong to a role: they follow the role. The rows of the deadline
    say which role and where.
    """

    def find(municipality: Municipality, change: StaffChange) -> list[Passing]:
        rows = deadline.waiting(municipality, change.after.day).order_by()
        passings = []
        for number, role, path, title, note in rows.values_list(
            "d_object", "d_role", "d_path", "d_title", "d_note"
        ):
            department = department_of(path)
            hands = changed_hands(
                change.before.leading(role, department), change.after.leading(role, department)
            )
            if hands:
                passings.append(Passing(number, title, *hands, note=note))
        return passings

    return HandOver(deadline.rule, deadline.kind, deadline.page, find)


def item_words(kind: str, title: str, note: str) -> str:
    """Name of a handed-over item in the reader's language."""
    if deadline := deadlines().get(kind):
        return deadline.worded(title, note)
    if kind == "duty" and note in Duty.Kind.values:
        return f"{title} {Duty.Kind(note).label}"
    return title


def steps_passing(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """Open steps of decisions follow the post. The drafter of the decision is never the next
    holder.
    """
    passings = []
    rows = Step.objects.of(municipality).current().filter(decision__state=Decision.State.RUNNING)
    values = rows.values_list(
        "decision",
        "department",
        "post",
        "decision__drafter",
        "decision__title",
        "decision__drafter__name",
    )
    for number, department, post, drafter, title, name in values:
        held, holds = (
            [member for member in roster.holders(department, post) if member != drafter]
            for roster in (change.before, change.after)
        )
        if hands := changed_hands(held, holds):
            passings.append(Passing(number, title, *hands, note=name))
    return passings


def drafts_passing(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """Drafts and returned decisions are handed over when their drafter no longer works for the
    department.
    """
    rows = Decision.objects.of(municipality).filter(
        state__in=[Decision.State.DRAFT, Decision.State.RETURNED]
    )
    return [
        handed(change, number, title, drafter, department)
        for number, title, drafter, department in rows.values_list(
            "pk", "title", "drafter", "department"
        )
        if change.gone(drafter, department)
    ]


def handed(
    change: StaffChange, number: int, title: str, giver: int, department: int, **details: Any
) -> Passing:
    """Hand-over from one person of a department to the successor, or to the leader of the
    department.
    """
    heir = change.heir(giver, department)
    return Passing(number, title, (giver,), () if heir is None else (heir,), values=details)


def deputies_passing(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """A deputy who moved is replaced by the successor in the same post; without a successor the
    naming ends.
    """
    named = list(
        Deputy.objects.of(municipality).on(change.after.day).select_related("department", "post")
    )
    return [
        _passing_on(
            change,
            deputy.pk,
            f"{deputy.department} {deputy.post}",
            deputy.member_id,
            _others(named, deputy),
        )
        for deputy in named
        if change.moved(deputy.member_id)
    ]


def duties_passing(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """A duty of a person who left the department goes to the successor in the same post, unless
    somebody else has it already.
    """
    carried = list(Duty.objects.of(municipality).on(change.after.day).select_related("department"))
    return [
        _passing_on(
            change,
            duty.pk,
            duty.department.name,
            duty.member_id,
            _others(carried, duty),
            note=duty.kind,
        )
        for duty in carried
        if change.gone(duty.member_id, duty.department_id)
    ]


def _others(rows: list[Any], row: Any) -> list[int]:
    """Other members with the same duty or naming in the same department."""
    names = (
        ("department_id", "post_id", "matter")
        if isinstance(row, Deputy)
        else ("department_id", "kind")
    )
    same = [
        other for other in rows if all(getattr(other, name) == getattr(row, name) for name in names)
    ]
    return [other.member_id for other in same if other.pk != row.pk]


def _passing_on(
    change: StaffChange, number: int, title: str, giver: int, others: list[int], *, note: str = ""
) -> Passing:
    """Hand-over to the successor. Without one it ends when somebody present does the same;
    otherwise it is left vacant.
    """
    if any(change.after.posted(member) for member in others):
        return Passing(number, title, (giver,), ends=True, note=note)
    successor = change.successor(giver)
    return Passing(number, title, (giver,), () if successor is None else (successor,), note=note)


HAND_OVERS = (
    HandOver(
        "decision.step", pgettext_lazy("対応の種類", "決裁"), "municipality:decision", steps_passing
    ),
    HandOver(
        "decision.draft",
        _("起案中の決裁"),
        "municipality:decision",
        drafts_passing,
        handover_items.pass_draft,
    ),
    HandOver("deputy", _("代決する人"), "", deputies_passing, handover_items.pass_deputy),
    HandOver("duty", pgettext_lazy("人", "職務"), "", duties_passing, handover_items.pass_duty),
)
