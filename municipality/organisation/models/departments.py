"""The body, its departments over time, and its posts."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, DatedQuerySet


class DepartmentQuerySet(DatedQuerySet):
    """Departments by reach and by place in the tree."""

    def visible_to(self, member) -> Self:
        """Departments in the member's reach: the body for its office, a subtree for a manager,
        one's own for staff.
        """
        return self.filter(member.authority.reach("path"), municipality_id=member.municipality_id)

    def below(self, path: str) -> Self:
        """The department with this path and everything under it, as a half-open range."""
        return self.filter(path__gte=path, path__lt=after(path))

    def answering(self) -> Self:
        """Departments that answer for work of their own: all but the body itself."""
        return self.exclude(code="")


def after(path: str) -> str:
    """The first string behind every path below `path`: the closing slash becomes the next
    character.
    """
    return path[:-1] + chr(ord("/") + 1)


def path_after(path: F) -> Concat:
    """`after` in the database."""
    return Concat(Substr(path, 1, Length(path) - 1), Value("0"), output_field=CharField())


def paths_to(path: str) -> list[str]:
    """The paths of all departments above the one with this path, and its own."""
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(1, len(parts))]


class Department(BodyModel):
    """A department as it is today. The body itself is the department with the empty code.

    Names and parents over time are in `DepartmentVersion`; name, kind, parent and path here are
    those of today, rewritten on the day a version begins.
    """

    class Kind(models.TextChoices):
        BODY = "body", pgettext_lazy("部署の種別", "団体")
        BUREAU = "bureau", pgettext_lazy("部署の種別", "局")
        DIVISION = "division", pgettext_lazy("部署の種別", "部")
        SECTION = "section", pgettext_lazy("部署の種別", "課")
        UNIT = "unit", pgettext_lazy("部署の種別", "係")
        OFFICE = "office", pgettext_lazy("部署の種別", "室")
        BRANCH = "branch", pgettext_lazy("部署の種別", "出先")

    code = models.CharField(_("部署コード"), max_length=20, blank=True)
    name = models.CharField(pgettext_lazy("部署", "部署名"), max_length=80)
    kind = models.CharField(
        pgettext_lazy("部署", "種別"), max_length=8, choices=Kind, default=Kind.SECTION
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=pgettext_lazy("組織", "上位部署"),
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("終了後の引継ぎ先"),
    )
    further_successors = models.JSONField(
        _("分割によるほかの引継ぎ先"),
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
    )
    """Numbers of the departments that took over beside the successor, where it was split."""
    path = models.CharField(
        pgettext_lazy("組織", "経路"), max_length=250, editable=False, blank=True, db_collation=None
    )
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"))
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"), null=True, blank=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("組織", "部署")
        verbose_name_plural = pgettext_lazy("組織", "部署")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "code"], name="department_code_is_unique_in_its_body"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="department_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["path"], name="department_by_path")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The department's page."""
        return page_address("municipality:department", self.municipality_id, self.pk)

    @property
    def is_body(self) -> bool:
        """Is this the body itself?"""
        return self.code == ""

    @property
    def depth(self) -> int:
        """0 for the body, 1 for what is directly under it."""
        return self.path.count("/") - 2

    @property
    def ancestor_paths(self) -> list[str]:
        """Paths from the body down to this department, itself included."""
        parts = self.path.rstrip("/").split("/")
        return ["/".join(parts[: n + 1]) + "/" for n in range(1, len(parts))]

    def contains(self, path: str) -> bool:
        """Does this department hold the department with that path (itself included)?"""
        return path.startswith(self.path)


class DepartmentVersion(BodyModel):
    """Name, kind and parent of a department from one day to another."""

    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="versions",
        verbose_name=pgettext_lazy("組織", "部署"),
    )
    name = models.CharField(pgettext_lazy("部署", "部署名"), max_length=80)
    kind = models.CharField(pgettext_lazy("部署", "種別"), max_length=8, choices=Department.Kind)
    parent = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("組織", "上位部署"),
    )
    starts_on = models.DateField(pgettext_lazy("期間", "開始日"))
    ends_on = models.DateField(pgettext_lazy("期間", "終了日"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("部署の履歴")
        verbose_name_plural = _("部署の履歴")
        ordering = ["department", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "starts_on"], name="department_version_begins_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts_on}"


class PostQuerySet(BodyQuerySet):
    """Posts, and which of them something hangs on."""

    def with_use(self) -> Self:
        """With `is_used`: does a posting, a route, a step of a decision or anything else point to
        it?
        """
        relations: list[Any] = list(self.model._meta.get_fields(include_hidden=True))
        pointing: Any = Q(pk__in=[])
        for relation in relations:
            if relation.auto_created and (relation.one_to_many or relation.one_to_one):
                rows = relation.related_model._base_manager.filter(
                    **{relation.field.name: OuterRef("pk")}
                )
                pointing |= Exists(rows)
        return self.annotate(is_used=pointing)

    def in_use(self) -> Self:
        """Those that something points to."""
        return self.with_use().filter(is_used=True)


class Post(BodyModel):
    """A post (職位) of the body: its title and its rank, 1 being the highest."""

    title = models.CharField(_("職位の名称"), max_length=40)
    rank = models.PositiveSmallIntegerField(_("職位の順位"), default=50)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("組織", "職位")
        verbose_name_plural = pgettext_lazy("組織", "職位")
        ordering = ["rank", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "title"], name="post_title_is_unique_in_its_body"
            )
        ]

    def __str__(self) -> str:
        return self.title
