"""Scores from levels, without database access. A missing answer is never counted as zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Score:
    """Weighted levels of some criteria: `points` = Σ weight × level and `weight` = Σ weight, both
    of what was answered.

    `blockers` are the codes of 必須条件 that are answered and not met.
    """

    points: int = 0
    weight: int = 0
    answered: int = 0
    total: int = 0
    blockers: list[str] = field(default_factory=list)

    @property
    def value(self) -> float | None:
        """The weighted mean level, 0–4; None when nothing was answered."""
        return self.points / self.weight if self.weight else None

    def __add__(self, other: Score) -> Score:
        return Score(
            self.points + other.points,
            self.weight + other.weight,
            self.answered + other.answered,
            self.total + other.total,
            [*self.blockers, *other.blockers],
        )


@dataclass(frozen=True)
class Scores:
    """The score of each axis by its key, and of all criteria together."""

    axes: dict[str, Score]
    total: Score

    @classmethod
    def read(cls, kept: dict[str, dict[str, Any]]) -> Scores:
        """Scores as stored by `write`."""
        return cls.of({axis: Score(**values) for axis, values in kept.items()})

    @classmethod
    def of(cls, axes: dict[str, Score]) -> Scores:
        """Scores of the axes with their sum."""
        return cls(axes, sum(axes.values(), Score()))

    def write(self) -> dict[str, dict[str, Any]]:
        """Values to store: numerators and denominators, so that nothing is rounded twice."""
        return {axis: dict(vars(score)) for axis, score in self.axes.items()}


def score(answers: Iterable[Any], *, level: str = "level") -> Scores:
    """The scores of a department's answers (with their `criterion`): weighted means of the levels.

    `level` names which one counts: `level` (the reviewed one where there is one) or `own_level`.
    """
    axes: dict[str, Score] = defaultdict(Score)
    for answer in answers:
        axes[answer.criterion.axis] += _of(answer.criterion, getattr(answer, level))
    return Scores.of(dict(axes))


def is_unmet(criterion: Any, level: int | None) -> bool:
    """Whether this is a 必須条件 below its required level. An unanswered one is missing, not unmet."""
    return criterion.blocker and level is not None and level < criterion.blocker_level


def _of(criterion: Any, level: int | None) -> Score:
    if level is None:
        return Score(total=1)
    blockers = [criterion.code] if is_unmet(criterion, level) else []
    return Score(criterion.weight * level, criterion.weight, 1, 1, blockers)
