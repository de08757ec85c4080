"""Take in a file from the command line: the same reading, findings and history as on the page."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from municipality.core.registry import import_kinds
from municipality.imports.kinds import ImportPlan
from municipality.imports.operations.imports import take_in
from municipality.organisation.models import Municipality

REFUSED, WRONG_CALL = 1, 2


class Command(BaseCommand):
    help = "ファイルを取り込みます(種類 departments、people など)。終了コードは 0 完了、1 要修正、2 呼び出しの誤り。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """KIND FILE --municipality CODE [--dry-run]."""
        parser.add_argument("kind", metavar="KIND")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--municipality", required=True, metavar="CODE", help="団体コード(6桁)")
        parser.add_argument(
            "--dry-run", action="store_true", help="確認だけを行い、何も変更しません"
        )

    def handle(
        self, *args: Any, kind: str, file: Path, municipality: str, dry_run: bool, **options: Any
    ) -> None:
        """Print the findings, one a line, and the four numbers last."""
        body, content = self._body(municipality), self._content(kind, file)
        plan = take_in(body, kind, file.name, content, now=timezone.now(), dry_run=dry_run)
        for note in plan.notes:
            self.stdout.write(f"注意 {note}")
        for finding in plan.findings:
            self.stdout.write(str(finding))
        self.stdout.write(str(ImportPlan() if plan.findings else plan))
        if plan.findings:
            sys.exit(REFUSED)

    def _body(self, code: str) -> Municipality:
        body = Municipality.objects.filter(pk=code).first()
        if body is None:
            raise CommandError(f"団体コード「{code}」の団体はありません。", returncode=WRONG_CALL)
        return body

    def _content(self, kind: str, file: Path) -> bytes:
        if kind not in import_kinds():
            raise CommandError(
                f"種類「{kind}」はありません。{'・'.join(import_kinds())} から選んでください。",
                returncode=WRONG_CALL,
            )
        try:
            return file.read_bytes()
        except OSError as error:
            raise CommandError(
                f"ファイル「{file}」を開けません: {error.strerror}", returncode=WRONG_CALL
            ) from None
