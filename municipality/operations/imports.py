"""Taking in a file: shown first, then committed all or nothing, once.

A file is parsed outside the transaction, so that the database is held only while rows are compared and written.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.imports.kinds import ImportKind, Plan, nothing
from municipality.imports.rows import plan_table
from municipality.imports.tables import Table, read_table
from municipality.models import FileImport, Member, Municipality
from municipality.rooms import import_kinds
from municipality.rules import Conflict, require
from municipality.states import move

from .history import operation, record

CHANGED_SINCE = gettext_lazy(
    "確認した後に登録内容が変わりました。何も取り込んでいません。ファイルを選び直し、もう一度確認してください。"
)
MOST_KEPT = 500
"""Findings kept with a refused file; how many there are in all stands in its summary."""


def kind_of(name: str) -> ImportKind:
    """The kind of files with this name. Raises Conflict when there is none."""
    if name not in import_kinds():
        raise Conflict(_("「%(kind)s」という種類のファイルはありません。") % {"kind": name})
    return import_kinds()[name]


def preview(
    municipality: Municipality, kind: str, name: str, content: bytes, *, by: Member | None, now: datetime
) -> FileImport:
    """Read a file and keep what it would change, or what is wrong with it. Nothing else is written."""
    found = kind_of(kind)
    if by is not None:
        require(found.may(by))
    plan = plan_table(found, read_table(name, content), municipality=municipality, today=timezone.localdate(now))
    return _keep(municipality, found, name, content, plan, by=by, now=now)


def take_in(
    municipality: Municipality, kind: str, name: str, content: bytes, *, now: datetime, dry_run: bool = False
) -> Plan:
    """Show and commit in one go, for the command line; with `dry_run` only plan. A plan with findings changed nothing."""
    found, table = kind_of(kind), read_table(name, content)
    plan = plan_table(found, table, municipality=municipality, today=timezone.localdate(now))
    if dry_run:
        return plan
    file_import = _keep(municipality, found, name, content, plan, by=None, now=now)
    plan.commit = (
        nothing  # what was planned is planned again inside the transaction: two plans at once would be too much
    )
    if not plan.findings:
        _commit(file_import, found, table, by=None, now=now)
    return plan


@operation
def _keep(
    municipality: Municipality,
    kind: ImportKind,
    name: str,
    content: bytes,
    plan: Plan,
    *,
    by: Member | None,
    now: datetime,
):
    state = FileImport.State.REFUSED if plan.findings else FileImport.State.PREVIEWED
    file_import = FileImport.objects.create(
        municipality=municipality, kind=kind.kind, name=name[-200:], digest=hashlib.sha256(content).hexdigest(), state=state,
        content=b"" if plan.findings else content, summary=summary_of(plan), uploaded_by=by, uploaded_at=now,
        findings=[[item.line, item.column, item.value[:200], item.message] for item in plan.findings[:MOST_KEPT]],
    )  # fmt: skip
    verb = "import.refused" if plan.findings else "import.previewed"
    record(by, verb, file_import, municipality=municipality, kind=kind.kind, digest=file_import.digest)
    return file_import


def summary_of(plan: Plan) -> dict:
    """The plan as it is kept for its page: the four numbers, how many findings, notes and the first changes."""
    return {
        **plan.totals, "findings": len(plan.findings), "notes": plan.notes, "changes": [asdict(change) for change in plan.changes],
    }  # fmt: skip


def commit_import(file_import: FileImport, *, by: Member | None, now: datetime) -> Plan:
    """Write what the preview showed. Raises Conflict when it was done already or the data changed since the preview."""
    kind = kind_of(file_import.kind)
    if by is not None:
        require(kind.may(by, file_import))
    if file_import.state != FileImport.State.PREVIEWED:
        raise Conflict(
            _("このファイルは、確認待ちではありません。もう一度取り込むときは、ファイルを選び直してください。")
        )
    return _commit(file_import, kind, read_table(file_import.name, bytes(file_import.content)), by=by, now=now)


@operation
def _commit(file_import: FileImport, kind: ImportKind, table: Table, *, by: Member | None, now: datetime) -> Plan:
    seen = {what: file_import.summary[what] for what in Plan().totals}
    move(file_import, FileImport.State.COMMITTED, committed_at=now, content=b"")
    municipality = Municipality.objects.select_for_update().get(pk=file_import.municipality_id)  # one at a time
    plan = plan_table(kind, table, municipality=municipality, today=timezone.localdate(now))
    if plan.findings or plan.totals != seen:
        raise Conflict(str(CHANGED_SINCE))
    plan.commit(by, now)
    facts = {"kind": kind.kind, "digest": file_import.digest, **plan.totals}
    record(by, "import.committed", file_import, municipality=municipality, **facts)
    return plan


@operation
def discard_import(file_import: FileImport, *, by: Member, now: datetime) -> FileImport:
    """Drop a file that was shown or refused, with its content."""
    require(kind_of(file_import.kind).may(by, file_import))
    move(file_import, FileImport.State.DISCARDED, content=b"")
    record(by, "import.discarded", file_import, kind=file_import.kind, digest=file_import.digest)
    return file_import
