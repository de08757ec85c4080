"""Check the chains of the history (アクセスログ) from their first line to their head."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from municipality.audit.chain import verify_chains
from municipality.records.integrity_messages import fault_words


class Command(BaseCommand):
    help = "アクセスログの鎖を先頭から確かめ、1つの鎖につき1行を表示します。合わない鎖があれば終了コードは 1 です。"

    def handle(self, *args: Any, **options: Any) -> None:
        """A line per chain: OK with its number of lines, or NG with the first bad line and the
        reason.
        """
        bad = False
        for verdict in verify_chains():
            if verdict.bad_line is None:
                self.stdout.write(f"OK {verdict.name} {verdict.length}行")
            else:
                bad = True
                self.stdout.write(
                    f"NG {verdict.name} 行 {verdict.bad_line}: {fault_words(verdict.reason)}"
                )
        if bad:
            sys.exit(1)
