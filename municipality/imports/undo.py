"""Undoing an import: data that depends on it, and restoring the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import ForeignObjectRel, Model, Q
from django.utils.translation import gettext as _

from municipality.core.batches import AT_ONCE, parts
from municipality.imports.models import FileImport
from municipality.imports.snapshots import TableChange, written
from municipality.organisation.models import Member


def later_import(
    file_import: FileImport, by: Member, may_meet: Callable[[dict, dict], bool]
) -> str:
    """Reason why this import cannot be undone yet: a later one of the same kind that `may_meet` it,
    that is may have changed the same rows, has to be undone first. Empty when there is none. Its
    name is told to whoever may see it.
    """
    same = FileImport.objects.of(file_import.municipality_id).filter(kind=file_import.kind)
    at = file_import.committed_at
    later = same.filter(
        Q(committed_at__gt=at) | Q(committed_at=at, pk__gt=file_import.pk),
        state=FileImport.State.COMMITTED,
    )
    rows = later.only("name", "options").order_by("-committed_at", "-pk")
    latest = next((row for row in rows if may_meet(file_import.options, row.options)), None)
    if latest is None:
        return ""
    if not FileImport.objects.visible_to(by).filter(pk=latest.pk).exists():
        return _("ほかの人が後から取り込んだファイルがあります。先にその取消しが必要です。")
    return _("後から取り込んだ「%(name)s」があります。先にそちらを取り消してください。") % {
        "name": latest.name
    }


def built_upon(changes: list[TableChange], owner_fields: Mapping[str, str]) -> str:
    """Reason why an import cannot be undone any more; empty when no later data depends on it. Reads
    only.
    """
    made = {change.model: {*change.created, *change.old} for change in changes}
    for change in changes:
        reason = (
            _altered(change) or _pointed_at(change, made) or _continued(change, made, owner_fields)
        )
        if reason:
            return reason
    return ""


def _altered(change: TableChange) -> str:
    """Reason when a row that the import created or changed was changed since."""
    expected = {**change.created, **{row[0]: seen for row, seen in change.changed}}
    now = {pk: change.hash(row) for pk, row in _rows(change, list(expected))}
    count = sum(now.get(pk) != seen for pk, seen in expected.items())
    if not count:
        return ""
    values = {"thing": change.model._meta.verbose_name, "count": count}
    return (
        _("取り込んだ「%(thing)s」のうち%(count)s件が、その後に変更または削除されています。")
        % values
    )


def _rows(change: TableChange, keys: list[int]) -> Iterator[tuple[int, tuple]]:
    for part in parts(keys):
        rows = change.model._base_manager.filter(pk__in=part)
        values = rows.values_list(*change.columns)
        yield from ((row[0], row) for row in values)


def _pointed_at(change: TableChange, made: Mapping[type[Model], set[int]]) -> str:
    """Reason when a row that the import neither created nor changed refers to a row it created. One
    query for each relation, however many rows.
    """
    if not change.created:
        return ""
    first, last = min(change.created), max(change.created)
    for relation in change.model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        model: Any = relation.related_model
        name = relation.field.attname
        others: Any = model._base_manager.filter(**{f"{name}__gte": first, f"{name}__lte": last})
        strange = {
            pk
            for pk, target in others.values_list("pk", name)
            if target in change.created and pk not in made.get(model, ())
        }
        if strange:
            values = {
                "thing": change.model._meta.verbose_name,
                "other": model._meta.verbose_name,
                "count": len(strange),
            }
            return (
                _("取り込んだ「%(thing)s」を、%(count)s件の「%(other)s」が使っています。") % values
            )
    return ""


def _continued(
    change: TableChange, made: Mapping[type[Model], set[int]], owner_fields: Mapping[str, str]
) -> str:
    """Reason when a later row of the same table has the same owner (another posting of the same
    person, for example).
    """
    name = owner_fields.get(change.model._meta.label_lower)
    if not name or not change.touched:
        return ""
    later = change.model._base_manager.filter(pk__gt=change.last).values_list(
        f"{name}_id", flat=True
    )
    keys = [row[0] for row, _seen in change.changed] + list(change.created)
    owners = {owner for part in parts(keys) for owner in _owners(change, name, part)}
    if owners.isdisjoint(later):
        return ""
    return _("取り込んだ「%(thing)s」に続く登録が、その後に行われています。") % {
        "thing": change.model._meta.verbose_name
    }


def _owners(change: TableChange, name: str, keys: list[int]) -> Iterator[int]:
    yield from change.model._base_manager.filter(pk__in=keys).values_list(f"{name}_id", flat=True)


def members_of(changes: list[TableChange]) -> set[int]:
    """People whose postings, or other rows of theirs, the import made, changed or deleted."""
    members: set[int] = set()
    for change in changes:
        if "member_id" in change.columns:
            keys = [*change.created, *change.old]
            for part in parts(keys):
                members.update(_owners(change, "member", part))
            members.update(row[change.columns.index("member_id")] for row in change.deleted)
    return members


def restore(changes: list[TableChange]) -> None:
    """Remove what was made, put back what was removed, and give changed rows their old values, each
    as a further edition: a form that was filled from one before is too late.

    Rows that were made together may point at each other, and PROTECT would keep all of them: who
    else points at them was asked before.
    """
    for change in reversed(changes):
        keys = list(change.created)
        for part in parts(keys):
            rows: Any = change.model._base_manager.filter(pk__in=part)
            rows._raw_delete(rows.db)  # noqa: SLF001 - see above; pinned in tests/meta
    for change in changes:
        change.model._base_manager.bulk_create(
            [_grown(_object(change, row), change) for row in change.deleted], batch_size=AT_ONCE
        )
        _put_back(change)


def _object(change: TableChange, row: list[Any]) -> Model:
    values = dict(zip(change.columns, row, strict=True))
    fields = {each.attname: each for each in change.model._meta.concrete_fields}
    return change.model(**{name: fields[name].to_python(value) for name, value in values.items()})


def _grown(row: Any, change: TableChange, edition: int = 0) -> Any:
    """The row in an edition behind its own and the one that stands. Files of before editions passed
    are undone in the editions that the earlier ones expect.
    """
    if "edition" in change.passes:
        row.edition = max(row.edition, edition) + 1
    return row


def _put_back(change: TableChange) -> None:
    """Write the old values of the columns that differ. One statement for some hundreds of rows."""
    differing, editions = set(change.passes) & {"edition"}, {}
    old = {row[0]: row for row, _seen in change.changed}
    for pk, now in _rows(change, list(old)):
        was = old[pk]
        editions[pk] = now[change.columns.index("edition")] if differing else 0
        differing |= {
            name
            for name, a, b in zip(change.columns, was, now, strict=True)
            if written([a]) != written([b])
        }
    fields = [each.name for each in change.model._meta.concrete_fields if each.attname in differing]
    if old and fields:
        rows = [_grown(_object(change, row), change, editions[pk]) for pk, row in old.items()]
        change.model._base_manager.bulk_update(rows, fields, batch_size=200)
