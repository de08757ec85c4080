"""Preview of a reorganisation in words and numbers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.decisions.models import Decision, Deputy, RouteStep, Step
from municipality.organisation.models import Department, Duty, Posting
from municipality.transfers.forms import DepartmentChangeForm, DepartmentEndForm
from municipality.transfers.operations.reorganisation import OPEN_STEPS, lasting

MOST_NAMED = 200


def what_changes(form: DepartmentChangeForm) -> list[tuple[str, str, str]]:
    """Changed values of the department as (label, before, after)."""
    cleaned, department = form.cleaned_data, form.department
    kinds = dict(Department.Kind.choices)
    rows = [
        (pgettext("部署", "部署名"), department.name, cleaned["name"]),
        (pgettext("部署", "種別"), str(kinds[department.kind]), str(kinds[cleaned["kind"]])),
        (pgettext("部署", "上位部署"), str(department.parent or ""), str(cleaned["parent"])),
    ]
    return [row for row in rows if row[1] != row[2]]


def what_goes(form: DepartmentEndForm) -> dict[str, Any]:
    """Template context of the preview: departments that end, targets, people with their target, and
    numbers of the other rows that move.
    """
    on, sources, targets = form.cleaned_data["on"], form.sources, form.targets
    rows = lasting(Posting.objects.filter(department__in=sources), on).select_related(
        "member", "department", "post"
    )
    second = set(targets[1].members) if len(targets) > 1 else set()
    people = [
        (
            str(row.member),
            f"{row.department} {row.post}",
            targets[1 if row.member_id in second else 0].label,
        )
        for row in rows.order_by("department__path", "post__rank", "member__kana")
    ]
    return {
        "ends": [source.name for source in sources],
        "targets": [target.label for target in targets],
        "people": people[:MOST_NAMED],
        "unlisted": max(0, len(people) - MOST_NAMED),
        "counts": _counts(form),
    }


def _counts(form: DepartmentEndForm) -> list[tuple[str, int]]:
    on, sources = form.cleaned_data["on"], form.sources
    steps = Step.objects.filter(
        department__in=sources, state__in=OPEN_STEPS, decision__state=Decision.State.RUNNING
    )
    below = (
        Department.objects.of(form.body)
        .filter(parent__in=sources, ends_on=None)
        .exclude(pk__in=[source.pk for source in sources])
    )
    return [
        (_("下位の部署"), below.count()),
        (_("庶務担当などの職務"), lasting(Duty.objects.filter(department__in=sources), on).count()),
        (_("代決する人"), lasting(Deputy.objects.filter(department__in=sources), on).count()),
        (_("進行中の決裁の段階"), steps.count()),
        (_("決裁経路の段階"), RouteStep.objects.filter(department__in=sources).count()),
    ]
