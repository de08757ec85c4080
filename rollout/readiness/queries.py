"""Is a department ready to try telework? One answer, for plan, start, expansion and decision.

A department stands on its last confirmed assessment. One that was never asked goes by the nearest
department above it that was, so that a unit needs no round of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Exists
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipality.organisation.leadership import nearest_holders, role_holders
from municipality.organisation.models import Department, Duty, Member, Posting
from rollout.readiness.models import Answer, Assessment, BlockerException, ExceptionPost, grantors
from rollout.readiness.scores import is_unmet

NOT_CONFIRMED, NEVER_ASKED = "not_confirmed", "never_asked"


@dataclass(frozen=True)
class ReadinessBasis:
    """The confirmed assessment that an answer stands on: round, day, age in days, and score."""

    round: str
    confirmed_on: date
    age: int
    score: float | None
    address: str


@dataclass(frozen=True)
class ReadinessReason:
    """One thing that stands against a department: an unmet 必須条件, or that it is not assessed.

    `code` is that of the condition, NOT_CONFIRMED or NEVER_ASKED; `address` is the page that mends
    it, `exception` passes it over; where none does, `ended` is the last that did.
    """

    code: str
    name: str
    level: int | None
    needed: int | None
    address: str
    exception: BlockerException | None = None
    ended: BlockerException | None = None

    @property
    def is_condition(self) -> bool:
        """Is it a 必須条件? Only such a one can be passed over."""
        return self.code not in (NOT_CONFIRMED, NEVER_ASKED)


@dataclass(frozen=True)
class Readiness:
    """How a department stands on a day: what it stands on, and every reason against it."""

    department: Department
    basis: ReadinessBasis | None
    reasons: tuple[ReadinessReason, ...]

    @property
    def open(self) -> list[ReadinessReason]:
        """Reasons that nobody passed over."""
        return [reason for reason in self.reasons if reason.exception is None]

    @property
    def open_conditions(self) -> list[ReadinessReason]:
        """必須条件 that are not met and not passed over."""
        return [reason for reason in self.open if reason.is_condition]

    @property
    def passed_over(self) -> list[ReadinessReason]:
        """必須条件 that are not met and passed over by a named post."""
        return [reason for reason in self.reasons if reason.exception is not None]


@dataclass(frozen=True)
class Ready(Readiness):
    """Nothing stands against it, or what does was passed over."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True)
class NotReady(Readiness):
    """Something in `open` stands against it."""

    def __bool__(self) -> Literal[False]:
        return False


def readiness_of(department: Department, on: date) -> Ready | NotReady:
    """May the department try telework, as of that day? Three queries."""
    return readiness_of_all([department], on)[department.pk]


def readiness_of_all(departments: Iterable[Department], on: date) -> dict[int, Ready | NotReady]:
    """The answer for each department, by its number. Three queries, however many there are."""
    departments = list(departments)
    if not departments:
        return {}
    asked = _asked(departments, on)
    stands_on = {row.pk: _nearest(row, asked) for row in departments}
    confirmed = {
        number: next((one for one in rows if _confirmed_by(one, on)), None)
        for number, rows in stands_on.items()
    }
    unmet = _unmet([row for row in confirmed.values() if row])
    granted = _exceptions([row.department_id for row in confirmed.values() if row], on)
    return {
        row.pk: _answer(
            row, stands_on[row.pk], confirmed[row.pk], unmet=unmet, granted=granted, on=on
        )
        for row in departments
    }


def _asked(departments: list[Department], on: date) -> dict[str, list[Assessment]]:
    """What was asked by that day of the departments and those above them, by path, newest first."""
    paths = {path for row in departments for path in row.ancestor_paths}
    rows = Assessment.objects.of(departments[0].municipality_id).filter(
        department__path__in=paths, round__opens_on__lte=on
    )
    by_path: dict[str, list[Assessment]] = defaultdict(list)
    for row in rows.select_related("department", "round").order_by("-round__number"):
        by_path[row.department.path].append(row)
    return by_path


def _nearest(department: Department, asked: dict[str, list[Assessment]]) -> list[Assessment]:
    paths = reversed(department.ancestor_paths)
    return next((asked[path] for path in paths if path in asked), [])


def _confirmed_by(assessment: Assessment, on: date) -> bool:
    return assessment.confirmed_at is not None and timezone.localdate(assessment.confirmed_at) <= on


def _unmet(assessments: list[Assessment]) -> dict[int, list[Answer]]:
    """The 必須条件 that are not met, by assessment, in the order of the catalogue."""
    rows = Answer.objects.filter(assessment__in=assessments, criterion__blocker=True)
    by_assessment: dict[int, list[Answer]] = defaultdict(list)
    for row in rows.select_related("criterion").order_by("criterion__order"):
        if is_unmet(row.criterion, row.level):
            by_assessment[row.assessment_id].append(row)
    return by_assessment


def _exceptions(departments: list[int], on: date) -> dict[tuple[int, str], BlockerException]:
    """Of each condition the exception that holds on the day, else the last one granted by then."""
    rows = BlockerException.objects.filter(department__in=departments, granted_at__date__lte=on)
    ordered = sorted(rows.order_by("granted_at"), key=lambda row: row.holds_on(on))
    return {(row.department_id, row.criterion): row for row in ordered}


def _answer(
    department: Department,
    rows: list[Assessment],
    confirmed: Assessment | None,
    *,
    unmet: dict[int, list[Answer]],
    granted: dict[tuple[int, str], BlockerException],
    on: date,
) -> Ready | NotReady:
    if confirmed is None or confirmed.confirmed_at is None:
        return NotReady(department, None, (_not_assessed(department, rows),))
    day = timezone.localdate(confirmed.confirmed_at)
    basis = ReadinessBasis(
        confirmed.round.name,
        day,
        (on - day).days,
        confirmed.result.total.value,
        confirmed.get_absolute_url(),
    )
    reasons = tuple(
        _unmet_reason(answer, confirmed, granted, on) for answer in unmet.get(confirmed.pk, [])
    )
    ready = all(reason.exception for reason in reasons)
    return (Ready if ready else NotReady)(department, basis, reasons)


def _unmet_reason(
    answer: Answer,
    confirmed: Assessment,
    granted: dict[tuple[int, str], BlockerException],
    on: date,
) -> ReadinessReason:
    criterion = answer.criterion
    exception = granted.get((confirmed.department_id, criterion.code))
    holds = exception is not None and exception.holds_on(on)
    return ReadinessReason(
        criterion.code,
        criterion.words.title,
        answer.level,
        criterion.blocker_level,
        confirmed.conditions_address,
        exception=exception if holds else None,
        ended=None if holds else exception,
    )


def _not_assessed(department: Department, rows: list[Assessment]) -> ReadinessReason:
    if rows:
        return ReadinessReason(NOT_CONFIRMED, "", None, None, rows[0].get_absolute_url())
    address = reverse("rollout:readiness", args=[department.municipality_id])
    return ReadinessReason(NEVER_ASKED, "", None, None, address)


@dataclass(frozen=True)
class ExceptionGrantors:
    """Who grants exceptions in a body: as what, and which members on that day."""

    title: str
    members: Sequence[Member]


def exception_grantors(municipality: str, day: date) -> ExceptionGrantors:
    """As what, and which members grant exceptions. One query where somebody carries the duty, two
    otherwise.
    """
    named = ExceptionPost.objects.of(municipality)
    rows = grantors(municipality, day).annotate(by_post=Exists(named))
    members = list(rows.select_related("municipality"))
    post = None
    if not members or members[0].by_post:
        post = named.select_related("department", "post").first()
    title = _post_title(post) if post else str(Duty.Kind.SECURITY.label)
    return ExceptionGrantors(title, members)


def title_of_grantor(member: Member, day: date) -> str:
    """As what the member grants an exception on that day: the post, and the duty where it is that
    which allows it. In Japanese, as it stands in decisions.
    """
    with override("ja"):
        named = ExceptionPost.objects.of(member.municipality_id)
        if row := named.select_related("department", "post").first():
            return _post_title(row)
        duty = str(Duty.Kind.SECURITY.label)
        held = member.postings.on(day).filter(status=Posting.Status.PRESENT)
        ordered = sorted(held.select_related("post"), key=lambda row: row.kind != Posting.Kind.MAIN)
        if not ordered:
            return duty
        return _("%(post)s(%(duty)s)") % {"post": ordered[0].post.title, "duty": duty}


def _post_title(named: ExceptionPost) -> str:
    if named.department.is_body:
        return named.post.title
    return f"{named.department.name} {named.post.title}"


def concerned_by(assessment: Assessment, day: date, *, office: bool = True) -> list[Member]:
    """Who is told what happens to a department's conditions: its managers, and the office."""
    managers = nearest_holders("manager", assessment.department.path, day)
    if not office:
        return managers
    others = role_holders("office", assessment.municipality_id, day)
    return list(dict.fromkeys([*managers, *others]))
