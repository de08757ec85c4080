"""Taking in a file: shown first, then committed all or nothing, once.

A file is parsed and planned outside the transaction. Inside, the rows from which the plan was made
are compared with what they were: only when they changed meanwhile is it planned anew. So the
database is held only while rows are written. Large files are left to a worker (`import_work`),
small ones are read and written at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.audit.log import operation, record
from municipality.core.crash_points import point
from municipality.core.refusals import Conflict, require
from municipality.core.registry import import_kinds, registrations
from municipality.core.spreadsheets.reader import ZIP
from municipality.core.task_queue import wake
from municipality.core.transitions import move
from municipality.imports.kinds import ReportProgress, no_report
from municipality.imports.models import FileImport
from municipality.imports.rows import plan_table
from municipality.imports.snapshots import Snapshot, TableChange, unpack
from municipality.imports.undo import built_upon, later_import, members_of, restore
from municipality.organisation.models import Member, Municipality, Posting
from municipality.organisation.operations.postings import postings_changed

if TYPE_CHECKING:
    from municipality.core.spreadsheets.table import Table
    from municipality.imports.kinds import ImportKind, ImportPlan

CHANGED_SINCE = gettext_lazy(
    "確認した後に登録内容が変わりました。何も取り込んでいません。ファイルを選び直し、もう一度確認してください。"
)

MOST_KEPT = 5_000
"""Findings kept with a refused file; how many there are in all stands in its summary."""


def kind_of(name: str) -> ImportKind:
    """Kind of files with this name. Raises Conflict when there is none."""
    if name not in import_kinds():
        raise Conflict(_("「%(kind)s」という種類のファイルはありません。") % {"kind": name})
    return import_kinds()[name]


def is_large(content: bytes) -> bool:
    """Whether reading takes too long for a page, so that a worker has to do it."""
    return len(content) > (
        settings.IMPORT_BOOK_BYTES if content.startswith(ZIP) else settings.IMPORT_TEXT_BYTES
    )


def hand_in(
    municipality: Municipality,
    kind: str,
    name: str,
    content: bytes,
    *,
    by: Member,
    now: datetime,
    **options: Any,
) -> FileImport:
    """Store a file from a page: a small one is read at once, a large one by a worker."""
    if not is_large(content):
        return preview(municipality, kind, name, content, by=by, now=now, **options)
    import_kind = kind_of(kind)
    require(import_kind.may(by))
    options |= import_kind.limits(by)
    return _receive(municipality, import_kind, name, content, by=by, now=now, options=options)


def preview(
    municipality: Municipality,
    kind: str,
    name: str,
    content: bytes,
    *,
    by: Member | None,
    now: datetime,
    **options: Any,
) -> FileImport:
    """Read a file and store its preview or its findings. Nothing else is written."""
    import_kind = kind_of(kind)
    if by is not None:
        require(import_kind.may(by))
        options |= import_kind.limits(by)
    plan = plan_of(
        import_kind, import_kind.table_in(name, content), municipality, now=now, options=options
    )
    plan.close()
    return _keep(municipality, import_kind, name, content, plan, by=by, now=now, options=options)


def plan_of(
    kind: ImportKind,
    table: Table,
    municipality: Municipality,
    *,
    now: datetime,
    options: dict[str, Any],
    stamped: bool = False,
    report: ReportProgress = no_report,
) -> ImportPlan:
    """Plan of a table as of now."""
    today = timezone.localdate(now)
    return plan_table(
        kind,
        table,
        municipality=municipality,
        today=today,
        options=options,
        stamped=stamped,
        report=report,
    )


def take_in(
    municipality: Municipality,
    kind: str,
    name: str,
    content: bytes,
    *,
    now: datetime,
    dry_run: bool = False,
) -> ImportPlan:
    """Preview and commit in one step, for the command line; with `dry_run` only the plan. A plan
    with findings changes nothing.
    """
    import_kind = kind_of(kind)
    table = import_kind.table_in(name, content)
    plan = plan_of(import_kind, table, municipality, now=now, options={}, stamped=not dry_run)
    if dry_run:
        return plan
    file_import = _keep(
        municipality, import_kind, name, content, plan, by=None, now=now, options={}
    )
    return plan if plan.findings else apply(file_import, import_kind, table, plan, by=None, now=now)


@operation
def _receive(
    municipality: Municipality,
    kind: ImportKind,
    name: str,
    content: bytes,
    *,
    by: Member,
    now: datetime,
    options: dict,
) -> FileImport:
    file_import = FileImport.objects.create(
        municipality=municipality,
        kind=kind.kind,
        name=name[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        state=FileImport.State.RECEIVED,
        content=content,
        uploaded_by=by,
        uploaded_at=now,
        options=options,
    )
    record(by, "import.received", file_import, kind=kind.kind, digest=file_import.digest)
    wake_worker()
    return file_import


@operation
def _keep(
    municipality: Municipality,
    kind: ImportKind,
    name: str,
    content: bytes,
    plan: ImportPlan,
    *,
    by: Member | None,
    now: datetime,
    options: dict[str, Any],
) -> FileImport:
    file_import = FileImport.objects.create(
        municipality=municipality,
        kind=kind.kind,
        name=name[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        uploaded_by=by,
        uploaded_at=now,
        options=options,
        **shown_by(plan),
    )
    note_shown(file_import, by)
    return file_import


def shown_by(plan: ImportPlan) -> dict[str, Any]:
    """Plan as stored with the file: state, counts, and the first changes or the findings."""
    findings = [
        [item.line, item.column, item.value[:200], item.message]
        for item in plan.findings[:MOST_KEPT]
    ]
    state = FileImport.State.REFUSED if plan.findings else FileImport.State.PREVIEWED
    changes = [] if plan.findings else [asdict(change) for change in plan.changes]
    return {"state": state, "summary": summary_of(plan), "findings": findings, "changes": changes}


def note_shown(file_import: FileImport, by: Member | None) -> None:
    """Log that a file was read."""
    verb = "import.refused" if file_import.state == FileImport.State.REFUSED else "import.previewed"
    details = {"kind": file_import.kind, "digest": file_import.digest}
    record(by, verb, file_import, municipality=file_import.municipality_id, **details)


def summary_of(plan: ImportPlan) -> dict[str, Any]:
    """Counts of a plan, its notes, its digest, and whether its rows can be corrected."""
    correctable = bool(plan.findings) and plan.readable
    more = {"transfer": plan.transfer} if plan.transfer is not None and not plan.findings else {}
    return {
        **plan.totals,
        **more,
        "findings": len(plan.findings),
        "notes": plan.notes,
        "seal": plan.seal,
        "correctable": correctable,
        "left_out": plan.left_out,
    }


def commit_import(
    file_import: FileImport, *, by: Member | None, now: datetime, sure: bool = False
) -> FileImport:
    """Write what the preview showed, at once or (a large file) by a worker. Raises Conflict when it
    was done already or the data changed since the preview, and when people would be ended by their
    absence from a whole list and nobody said to be `sure` of it.
    """
    kind = kind_of(file_import.kind)
    if by is not None:
        require(kind.may(by, file_import))
    if file_import.state != FileImport.State.PREVIEWED:
        raise Conflict(
            _(
                "このファイルは、確認待ちではありません。もう一度取り込むときは、ファイルを選び直してください。"
            )
        )
    if leavers_of(file_import) and not sure:
        raise Conflict(
            _("一覧にない職員が終了します。人数と氏名を確かめ、確認の欄に印を付けてください。")
        )
    content = bytes(file_import.content)
    if by is not None and is_large(content):
        return _order(file_import, by=by, now=now)
    table = kind.table_in(file_import.name, content)
    plan = plan_of(
        kind, table, file_import.municipality, now=now, options=file_import.options, stamped=True
    )
    apply(file_import, kind, table, plan, by=by, now=now)
    return file_import


def leavers_of(file_import: FileImport) -> list:
    """People whom a staff list would end by their absence, as the preview named them."""
    return file_import.summary.get("transfer", {}).get("leaves", [])


@operation
def _order(file_import: FileImport, *, by: Member, now: datetime) -> FileImport:
    move(
        file_import,
        FileImport.State.ORDERED,
        committed_by=by,
        lease_until=None,
        attempts=0,
        progress=0,
        rows=0,
    )
    record(by, "import.ordered", file_import, kind=file_import.kind, digest=file_import.digest)
    wake_worker()
    return file_import


def wake_worker() -> None:
    """Start a worker after the commit; when the broker is down the next periodic run does it."""
    wake("municipality.tasks.take_up")


@operation
def apply(
    file_import: FileImport,
    kind: ImportKind,
    table: Table,
    plan: ImportPlan,
    *,
    by: Member | None,
    now: datetime,
) -> ImportPlan:
    """Write a plan if it changes what was previewed, and store the data to undo it. Returns the
    plan that was written.
    """
    seen = {what: file_import.summary.get(what) for what in (*plan.totals, "seal")}
    move(
        file_import,
        FileImport.State.COMMITTED,
        committed_by=by,
        committed_at=now,
        content=b"",
        lease_until=None,
    )
    municipality = Municipality.objects.select_for_update(no_key=True).get(
        pk=file_import.municipality_id
    )  # one at a time
    plan.lock()
    before = Snapshot(plan.tables)
    if not plan.stamp or before.digest != plan.stamp:
        plan.close()
        plan = plan_of(kind, table, municipality, now=now, options=file_import.options)
    if plan.findings or {**plan.totals, "seal": plan.seal} != seen:
        raise Conflict(str(CHANGED_SINCE))
    point("import.planned")
    plan.file = file_import
    plan.commit(by, now)
    plan.close()
    table.rows = []  # a large file takes the memory that comparing needs
    _keep_undo(file_import, before, plan)
    details = {"kind": kind.kind, "digest": file_import.digest, **plan.totals}
    record(by, "import.committed", file_import, municipality=municipality, **details)
    point("import.written")
    return plan


def _keep_undo(file_import: FileImport, before: Snapshot, plan: ImportPlan) -> None:
    """Store the changes of the import, computed by comparing the rows before and after."""
    undo = before.pack(plan.tables) if plan.tables else b""
    FileImport.objects.filter(pk=file_import.pk).update(undo=undo)


@operation
def discard_import(file_import: FileImport, *, by: Member, now: datetime) -> FileImport:
    """Discard a file that is not committed. A worker that is processing it stops."""
    require(kind_of(file_import.kind).may(by, file_import))
    move(file_import, FileImport.State.DISCARDED, content=b"", lease_until=None)
    record(by, "import.discarded", file_import, kind=file_import.kind, digest=file_import.digest)
    return file_import


@operation
def undo_import(file_import: FileImport, *, by: Member, now: datetime) -> FileImport:
    """Undo the changes of a file. Raises Conflict with what later data depends on them."""
    kind = kind_of(file_import.kind)
    require(kind.may(by, file_import))
    packed = bytes(file_import.undo)
    move(file_import, FileImport.State.UNDONE, undone_at=now, undo=b"")
    Municipality.objects.select_for_update(no_key=True).get(pk=file_import.municipality_id)
    if not packed:
        raise Conflict(_("取消しのための控えがありません。この取込みは取り消せません。"))
    changes = unpack(packed)
    if reason := later_import(file_import, by, kind.may_meet) or built_upon(
        changes, kind.owner_fields
    ):
        raise Conflict(f"{reason}{_('取り消すと食い違いが生じるため、取り消せません。')}")
    members = members_of(changes)
    checks = _undo_checks(kind, file_import, changes)
    _restore(changes)
    # A row that comes back may have been removed before a transfer that was dated back.
    postings_changed(file_import.municipality_id, members)
    if reason := next(filter(None, (check() for check in checks)), ""):
        raise Conflict(f"{reason}{_('取り消すと食い違いが生じるため、取り消せません。')}")
    record(by, "import.undone", file_import, kind=file_import.kind, digest=file_import.digest)
    return file_import


def _undo_checks(
    kind: ImportKind, file_import: FileImport, changes: list[TableChange]
) -> list[Callable[[], str]]:
    """What the kind of file asks after the undo and, where people moved, every app; prepared before
    it. A wrong file of records can be taken back whatever it opened.
    """
    municipality, at = file_import.municipality, file_import.committed_at or file_import.uploaded_at
    own = [kind.undo_check(municipality, changes)] if kind.undo_check else []
    moved = any(change.model is Posting and change.rows for change in changes)
    apps = registrations() if moved else []
    return own + [check(municipality, at) for app in apps for check in app.undo_checks]


def _restore(changes: list[TableChange]) -> None:
    try:
        with transaction.atomic():
            restore(changes)
    except IntegrityError:
        raise Conflict(
            _("後から登録された内容と重なるため、取り消せません。重なる登録を先に直してください。")
        ) from None
