"""The two things every table of a body has: whose it is, and which edition of it one is looking
at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from municipality.organisation.models import Member


class States(models.TextChoices):
    """The states of something. `tones` says how the badge of each is drawn: neutral, run, ok, warn,
    back, bad, stop.
    """

    tones: ClassVar[dict[str, str]]


class BodyQuerySet(models.QuerySet):
    """Rows of one body. A subclass says in `visible_to` which of them a member may see."""

    def of(self, municipality) -> Self:
        """The rows of one body (a Municipality or its code)."""
        return self.filter(municipality=municipality)

    def visible_to(self, member: Member) -> Self:
        """The rows that the member may see: all of the body's own; narrower where the model is
        personal.
        """
        return self.filter(municipality_id=member.municipality_id)


class DatedQuerySet(BodyQuerySet):
    """Rows that hold from one day to another; without a last day they still hold."""

    def on(self, day) -> Self:
        """Rows in force on that day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class DepartmentalQuerySet(BodyQuerySet):
    """Rows that belong to a department: seen by whoever sees the department."""

    department_field = "department"

    def visible_to(self, member: Member) -> Self:
        """Rows of the departments in the member's reach."""
        return self.filter(
            member.authority.reach(f"{self.department_field}__path"),
            municipality_id=member.municipality_id,
        )


class BodyModel(models.Model):
    """A row of one body. `edition` counts the edits, so that a stale form is refused and not
    written over a newer one.
    """

    municipality = models.ForeignKey(
        "municipality.Municipality",
        models.PROTECT,
        related_name="+",
        verbose_name=_("自治体の団体"),
    )
    edition = models.PositiveIntegerField(
        pgettext_lazy("組織", "版の番号"), default=1, editable=False
    )

    class Meta:
        abstract = True
