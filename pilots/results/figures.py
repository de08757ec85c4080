"""Figures of one pilot, counted now or read from what was frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self

from municipality.core.figures import MEAN, Figure, tenths
from municipality.core.periods import Period
from municipality.core.small_cells import groups
from pilots.days.models import DAY_MINUTES


@dataclass(frozen=True)
class PilotFigures:
    """What is counted of a pilot's participants up to a day. `takers` and `halves` are None where
    nobody handed in; a declared 実績なし is zero.
    """

    participants: int
    takers: int | None
    """Participants with a record."""
    halves: int | None
    """Telework in half minutes."""
    lacking: int
    """Participants who lack a course of those required when the criteria were fixed."""
    missing: tuple[int, ...] = ()
    """Departments with participants that handed in for no month."""
    months: dict[date, int] = field(default_factory=dict)
    """Half minutes by the first day of the month."""
    missing_months: tuple[tuple[str, date], ...] = field(default=(), compare=False)
    """Months that are over and were not handed in, by the name of the department: told beside the
    figures, of which they are none. What was frozen before they were told has none.
    """

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """The figures that `values` was made from."""
        months = {date.fromisoformat(day): halves for day, halves in values["months"].items()}
        not_handed_in = tuple(
            (name, date.fromisoformat(day)) for name, day in values.get("missing_months", ())
        )
        return cls(
            **{
                **values,
                "missing": tuple(values["missing"]),
                "months": months,
                "missing_months": not_handed_in,
            }
        )

    @property
    def values(self) -> dict[str, Any]:
        """As JSON keeps them."""
        months = {day.isoformat(): halves for day, halves in self.months.items()}
        return {
            "participants": self.participants,
            "takers": self.takers,
            "halves": self.halves,
            "lacking": self.lacking,
            "missing": list(self.missing),
            "months": months,
            "missing_months": [[name, day.isoformat()] for name, day in self.missing_months],
        }

    def as_they_run(self, first: date, on: date) -> Self:
        """The figures of a pilot that runs since its `first` day, as its page shows them: until its
        first month is over, no department owes anything.
        """
        first_month = Period.holding(Period.MONTH, first)
        return replace(self, missing=()) if on <= first_month.last else self

    @property
    def days(self) -> float | None:
        """Day-equivalents (人日)."""
        return None if self.halves is None else self.halves / (2 * DAY_MINUTES)

    @property
    def per_person(self) -> Decimal | None:
        """Days per person with telework, to a tenth; None when there is none."""
        return tenths(Figure(self.days, self.takers, kind=MEAN)) if self.days else None

    @property
    def rate(self) -> Figure:
        """Participants with a record over participants, those of departments that did not hand in
        among them.
        """
        return Figure(self.takers, self.participants, self.missing, kind="rate")

    @property
    def groups(self) -> list[int]:
        """Number of people in each group behind the figures: those counted, and the rest."""
        trained = [self.lacking, self.participants - self.lacking]
        not_takers = self.participants - (self.takers or 0)
        return [self.participants, *trained, *groups(self.rate), not_takers]
