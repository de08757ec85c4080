"""Which figures of usage are hidden because they count few people; who sees, corrects and hands in
usage records, declares 実績なし and reminds of a missing month.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.core.small_cells import Gate, groups
from municipality.organisation.models import Department
from municipality.organisation.rules import is_office, may_see_names

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from municipality.core.figures import Figure
    from municipality.core.periods import Period
    from municipality.imports.models import FileImport
    from municipality.organisation.models import Member
    from pilots.days.models import Usage, UsageMonth

USAGE_CODES = frozenset({"K01", "K02", "K03", "K04", "K06", "K07", "K35"})
"""Figures that follow from the number of people who teleworked, or from where they did: one of them
gives the others away.
"""


def hidden_usage(
    figures: Mapping[str, Figure], gate: Gate, period: Period | None = None
) -> frozenset[str]:
    """Codes of the usage figures of one period (a month unless given) that must be hidden.

    K01, K02, K03 and K35 count people; when one of them is small in any month, all go. So they do
    in a longer period of which the months are not known (figures frozen before they were kept),
    since subtracting its parts would tell of the rest. People between two of them, say those who
    teleworked outside begun departments, are found by subtraction: when they are few, only K03 and
    K04 stay, or all but the participants' K35. K07 counts departments: beside K01 it is hidden when
    that leaves few people for one of them.
    """
    if gate.is_open:
        return frozenset()
    is_long = period is not None and bool(period.parts)
    if any(gate.hides(groups(figures.get(code))) for code in RATES) or gate.hides(_doers(figures)):
        return USAGE_CODES
    if is_long and any(_months_unknown(figures, code) for code in RATES):
        return USAGE_CODES
    if _between(figures, gate, "K03", "K02") or _with_doers(figures, gate, ("K03", "K02")):
        return USAGE_CODES - {"K03", "K04"}
    hidden = set()
    if (
        _between(figures, gate, "K03", "K35")
        or _between(figures, gate, "K02", "K35")
        or _with_doers(figures, gate, ("K35",))
    ):
        hidden.add("K35")
    if gate.hides(groups(figures.get("K01"))) or (is_long and _months_unknown(figures, "K01")):
        hidden |= {"K01", "K06"}
    if _few_by_department(figures, gate):
        hidden.add("K07")
    return frozenset(hidden)


RATES = ("K03", "K02", "K35")
"""Shares of people, the smaller population first where both are shown."""


def _few_by_department(figures: Mapping[str, Figure], gate: Gate) -> bool:
    """Are there on average fewer people of K01 than the least number in a department of K07? Where
    five people are in five departments, there is one in each.
    """
    departments, people = figures.get("K07"), figures.get("K01")
    if departments is None or not departments.numerator:
        return False
    counted = round(people.numerator or 0) if people is not None else 0
    return counted < gate.least * departments.numerator


def _doers(figures: Mapping[str, Figure]) -> list[int]:
    """K01 by month. A longer period keeps its reported months first, see `distinct_people`; where
    it does not, nothing is known of them.
    """
    figure, months = figures.get("K01"), _months_in(figures)
    if figure is None or figure.numerator is None:
        return []
    if figure.people is None:
        return [round(figure.numerator)] if months <= 1 else []
    return list(figure.people[:months])


def _months_in(figures: Mapping[str, Figure]) -> int:
    """How many months the shares were counted in."""
    return max((len(groups(figures.get(code))) // 2 for code in RATES), default=0)


def _months_unknown(figures: Mapping[str, Figure], code: str) -> bool:
    figure = figures.get(code)
    return figure is not None and figure.numerator is not None and figure.people is None


def _between(figures: Mapping[str, Figure], gate: Gate, inner: str, outer: str) -> bool:
    """Do few people lie between two shares: between those counted, the others, or all?"""
    one, other = groups(figures.get(inner)), groups(figures.get(outer))
    return bool(one and other) and (
        gate.differ_by_few(one, other) or gate.differ_by_few(_wholes(one), _wholes(other))
    )


def _wholes(counts: list[int]) -> list[int]:
    """The denominators: who is counted with who is not, month by month."""
    return [sum(counts[place : place + 2]) for place in range(0, len(counts), 2)]


def _with_doers(figures: Mapping[str, Figure], gate: Gate, codes: tuple[str, ...]) -> bool:
    """Do few people lie between K01 and those counted in a share of the same month?"""
    doers = _doers(figures)
    counted = [groups(figures.get(code))[::2] for code in codes]
    return bool(doers) and any(gate.differ_by_few(doers, each) for each in counted if each)


NOT_RECORDS = Refusal(
    _("実施記録は、本人と所属の所属長・庶務担当、人事、事務局の人だけが見られます。")
)


def may_see_records(member: Member, obj: object = None) -> Answer:
    """Whoever works here has records of their own; experts from outside and auditors see none."""
    return True if may_see_names(member) else NOT_RECORDS


NOT_CORRECT = Refusal(_("実施記録を訂正できるのは、部署の所属長と庶務担当、事務局の人だけです。"))


def may_correct(member: Member, usage: Usage) -> Answer:
    """The office, the manager of the department of the record, or its 庶務担当."""
    return True if corrects(member)(usage.department) else NOT_CORRECT


def corrects(member: Member) -> Callable[[Department], bool]:
    """Of which departments the member may add and correct records. One query."""
    authority = member.authority
    clerk = set(authority.clerk_duties().values_list("department", flat=True))
    return lambda department: (
        authority.is_office or department.pk in clerk or authority.has("manager", department.path)
    )


NOT_HAND_IN = Refusal(_("実施記録を提出できるのは、部署の所属長と庶務担当、事務局の人だけです。"))


def may_hand_in_records(member: Member, obj: object = None) -> Answer:
    """The office, managers and 庶務担当, each for their departments."""
    authority = member.authority
    if authority.is_office or authority.is_manager or authority.is_clerk:
        return True
    return NOT_HAND_IN


def may_hand_in_for(member: Member, department: Department) -> Answer:
    """Who may add records of the department."""
    return True if corrects(member)(department) else NOT_HAND_IN


def may_take_in_records(member: Member, file_import: FileImport | None = None) -> Answer:
    """Files of records: of a file that was limited to some departments, who still answers for each
    of them.
    """
    if file_import is None:
        return may_hand_in_records(member)
    limits = file_import.options.get(DEPARTMENTS)
    if member.authority.is_office or limits is None:
        return is_office(member)
    held = {row.pk for row in departments_of(member)}
    return True if limits and held.issuperset(limits) else NOT_HAND_IN


def may_meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether files of these options may change the same records."""
    limits, others = one.get(DEPARTMENTS), other.get(DEPARTMENTS)
    return limits is None or others is None or not set(limits).isdisjoint(others)


DEPARTMENTS = "departments"
"""Option of a file: the departments to which it is limited. The office's has none."""


def limits_of(member: Member) -> dict[str, list[int]]:
    """To which departments a file of the member is limited; empty for the office."""
    if member.authority.is_office:
        return {}
    return {DEPARTMENTS: sorted(row.pk for row in departments_of(member))}


def departments_of(member: Member) -> QuerySet[Department]:
    """Departments whose records the member hands in: managed, with those below, or as 庶務担当; all
    for the office.
    """
    rows = Department.objects.filter(municipality=member.municipality_id)
    if member.authority.is_office:
        return rows
    clerk = Q(pk__in=member.authority.clerk_duties().values("department"))
    return rows.filter(member.authority.led("path", "manager") | clerk)


NOT_DECLARE = Refusal(_("実績なしを申告できるのは、部署の所属長と庶務担当だけです。"))


def may_declare(member: Member, department: Department) -> Answer:
    """The manager of the department (or of one above it), or its 庶務担当."""
    authority = member.authority
    if authority.has("manager", department.path) or authority.is_clerk_of(department.pk):
        return True
    return NOT_DECLARE


def may_remind_month(member: Member, row: UsageMonth) -> Answer:
    """The office reminds a department of a month that is missing."""
    return is_office(member)


def may_declare_month(member: Member, row: UsageMonth) -> Answer:
    """Who may declare 実績なし for the department of the month."""
    return may_declare(member, row.department)
