"""Is a department ready to try telework? One answer, for plan, start, expansion and decision.

A department stands on its last confirmed assessment. One that was never asked goes by the nearest
department above it that was, so that a unit needs no round of its own. What was confirmed of the
departments below it counts as well: whoever tries telework there works under their conditions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipality.organisation.leadership import acting_posting, nearest_holders, role_holders
from municipality.organisation.models import Department, Duty, Member, after
from rollout.readiness.models import Answer, Assessment, BlockerException, ExceptionPost, grantors
from rollout.readiness.models.exceptions import BlockerExceptionQuerySet
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

    `department` is the one asked about, or the one below it whose condition it is; `code` that of
    the condition, NOT_CONFIRMED or NEVER_ASKED; `address` is the page that mends it, `exception`
    passes it over; where none does, `ended` is the last that did: over, revoked, or granted for a
    higher level.
    """

    department: Department
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
    standings = [_Standing.of(row, asked, on) for row in departments]
    confirmed = [each for standing in standings for each in standing.assessments]
    unmet = _unmet(confirmed)
    granted = _exceptions([each.department_id for each in confirmed], on)
    return {row.department.pk: _answer(row, unmet, granted, on) for row in standings}


@dataclass(frozen=True)
class _Standing:
    """What a department stands on: what was asked of it, or of the nearest above it, newest first;
    the last confirmed of these; and the last confirmed of each department below it.
    """

    department: Department
    asked: list[Assessment]
    confirmed: Assessment | None
    below: list[Assessment]

    @classmethod
    def of(cls, department: Department, asked: dict[str, list[Assessment]], on: date) -> _Standing:
        paths = reversed(department.ancestor_paths)
        rows = next((asked[path] for path in paths if path in asked), [])
        below = [
            _confirmed(asked[path], on)
            for path in sorted(asked)
            if department.contains(path) and path != department.path
        ]
        return cls(department, rows, _confirmed(rows, on), [row for row in below if row])

    @property
    def assessments(self) -> list[Assessment]:
        """All whose conditions count for the department."""
        return [*([self.confirmed] if self.confirmed else []), *self.below]


def _asked(departments: list[Department], on: date) -> dict[str, list[Assessment]]:
    """What was asked by that day of the departments, those above them, and those below that are
    not closed, by path, newest first.
    """
    above = Q(department__path__in={path for row in departments for path in row.ancestor_paths})
    below = Q()
    for path in _topmost(departments):
        below |= Q(department__path__gte=path, department__path__lt=after(path))
    below &= Q(department__ends_on=None) | Q(department__ends_on__gte=on)
    rows = Assessment.objects.of(departments[0].municipality_id).filter(
        above | below, round__opens_on__lte=on
    )
    by_path: dict[str, list[Assessment]] = defaultdict(list)
    for row in rows.select_related("department", "round").order_by("-round__number"):
        by_path[row.department.path].append(row)
    return by_path


def _topmost(departments: list[Department]) -> list[str]:
    """The paths of those that lie below no other: their ranges hold all the others."""
    tops: list[str] = []
    for path in sorted({row.path for row in departments}):
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    return tops


def _confirmed(rows: list[Assessment], on: date) -> Assessment | None:
    return next((row for row in rows if _confirmed_by(row, on)), None)


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


def passed_over(assessments: list[Assessment], on: date) -> dict[int, list[BlockerException]]:
    """By assessment the exceptions that pass its unmet 必須条件 over on the day, in the order of the
    catalogue. Two queries at most.
    """
    unmet = _unmet(assessments)
    blocked = [row for row in assessments if row.pk in unmet]
    granted = _exceptions([row.department_id for row in blocked], on) if blocked else {}
    return {
        row.pk: [
            given
            for answer in unmet[row.pk]
            if (given := granted.get((row.department_id, answer.criterion.code)))
            and given.passes_over(answer.level, on)
        ]
        for row in blocked
    }


def still_needed(exceptions: BlockerExceptionQuerySet, on: date) -> QuerySet[BlockerException]:
    """Those in force on the day that pass over what the department's newest confirmed assessment
    does not meet, at a level that they cover. Part of one query.
    """
    own = Assessment.objects.filter(department=OuterRef(OuterRef("department")))
    newest = own.confirmed().values("pk")[:1]
    answers = Answer.objects.annotate(counted=Coalesce("reviewed_level", "own_level")).filter(
        assessment=Subquery(newest),
        criterion__blocker=True,
        criterion__code=OuterRef("criterion"),
        counted__gte=OuterRef("level"),
        counted__lt=F("criterion__blocker_level"),
    )
    return exceptions.on(on).filter(Exists(answers))


def _answer(
    standing: _Standing,
    unmet: dict[int, list[Answer]],
    granted: dict[tuple[int, str], BlockerException],
    on: date,
) -> Ready | NotReady:
    department, confirmed = standing.department, standing.confirmed
    reasons = [] if confirmed else [_not_assessed(department, standing.asked)]
    for assessment in standing.assessments:
        whose = department if assessment is confirmed else assessment.department
        for answer in unmet.get(assessment.pk, []):
            given = granted.get((assessment.department_id, answer.criterion.code))
            reasons.append(_condition(whose, assessment, answer, given, on))
    ready = all(reason.exception for reason in reasons)
    basis = _basis(confirmed, on) if confirmed else None
    return (Ready if ready else NotReady)(department, basis, tuple(reasons))


def _basis(confirmed: Assessment, on: date) -> ReadinessBasis:
    day = timezone.localdate(confirmed.confirmed_at)
    return ReadinessBasis(
        confirmed.round.name,
        day,
        (on - day).days,
        confirmed.result.total.value,
        confirmed.get_absolute_url(),
    )


def _condition(
    department: Department,
    assessment: Assessment,
    answer: Answer,
    given: BlockerException | None,
    on: date,
) -> ReadinessReason:
    holds = given is not None and given.passes_over(answer.level, on)
    return ReadinessReason(
        department,
        answer.criterion.code,
        answer.criterion.words.title,
        answer.level,
        answer.criterion.blocker_level,
        assessment.conditions_address,
        exception=given if holds else None,
        ended=None if holds else given,
    )


def _not_assessed(department: Department, rows: list[Assessment]) -> ReadinessReason:
    code, address = NEVER_ASKED, reverse("rollout:readiness", args=[department.municipality_id])
    if rows:
        code, address = NOT_CONFIRMED, rows[0].get_absolute_url()
    return ReadinessReason(department, code, "", None, None, address)


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
        posting = acting_posting(member, day)
        if posting is None:
            return duty
        return _("%(post)s(%(duty)s)") % {"post": posting.post.title, "duty": duty}


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


def newer_confirmed(assessment: Assessment) -> Assessment | None:
    """The last assessment of the department that was confirmed in a later round, if any."""
    rows = Assessment.objects.of(assessment.municipality_id).newer_than(assessment)
    return rows.confirmed().first()
