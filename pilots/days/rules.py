"""Hiding figures of usage that count few people, and who declares 実績なし."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.core.small_cells import groups, is_hidden
from municipality.organisation.rules import is_office, may_see_names
from pilots.days.models import clerk_of

if TYPE_CHECKING:
    from municipality.core.figures import Figure
    from municipality.organisation.models import Department, Member
    from pilots.days.models import Usage, UsageMonth

USAGE_CODES = frozenset({"K01", "K02", "K03", "K04", "K06", "K35"})
"""Figures that follow from the number of people who teleworked: one of them gives the others
away.
"""


def hidden_usage(figures: Mapping[str, Figure], least: int) -> frozenset[str]:
    """Codes of the usage figures of one period that must be hidden when fewer than `least` people
    may not be told of (0 hides nothing).

    K01, K02, K03 and K35 count people; when one of them is small, all go. People between two of
    them, say those who teleworked outside begun departments, are found by subtraction: when they
    are few, only K03 and K04 stay.
    """
    counts = [count for code in PEOPLE for count in groups(figures.get(code))]
    if is_hidden(counts, least):
        return USAGE_CODES
    return USAGE_CODES - {"K03", "K04"} if is_hidden(_between(figures), least) else frozenset()


PEOPLE = ("K01", "K02", "K03", "K35")
"""Figures of usage that count people."""


def _between(figures: Mapping[str, Figure]) -> list[int]:
    """How many people lie between each two of the numerators."""
    doers = [round(figures[code].numerator or 0) for code in PEOPLE if code in figures]
    return [abs(one - other) for place, one in enumerate(doers) for other in doers[:place]]


NOT_RECORDS = Refusal(
    _("実施記録は、本人と所属の所属長・庶務担当、人事、事務局の人だけが見られます。")
)


def may_see_records(member: Member, obj: object = None) -> Answer:
    """Whoever works here has records of their own; experts from outside and auditors see none."""
    return True if may_see_names(member) else NOT_RECORDS


NOT_CORRECT = Refusal(_("実施記録を訂正できるのは、部署の所属長と庶務担当、事務局の人だけです。"))


def may_correct(member: Member, usage: Usage) -> Answer:
    """The office, the manager of the department of the record, or its 庶務担当."""
    return True if corrects(member)(usage) else NOT_CORRECT


def corrects(member: Member) -> Callable[[Usage], bool]:
    """Whose records the member may correct, for many records. One query."""
    authority, clerk = member.authority, set(clerk_of(member).values_list("department", flat=True))
    return lambda usage: (
        authority.is_office
        or usage.department_id in clerk
        or authority.has("manager", usage.department.path)
    )


NOT_DECLARE = Refusal(_("実績なしを申告できるのは、部署の所属長と庶務担当だけです。"))


def may_declare(member: Member, department: Department) -> Answer:
    """The manager of the department (or of one above it), or its 庶務担当."""
    if member.authority.has("manager", department.path):
        return True
    if clerk_of(member).filter(department=department).exists():
        return True
    return NOT_DECLARE


def may_remind_month(member: Member, row: UsageMonth) -> Answer:
    """The office reminds a department of a month that is missing."""
    return is_office(member)


def may_declare_month(member: Member, row: UsageMonth) -> Answer:
    """Who may declare 実績なし for the department of the month."""
    return may_declare(member, row.department)
