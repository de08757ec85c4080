"""Print the demonstration accounts, one per role. Refused where a real body lives."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.demo.accounts import Account, accounts
from dashboard.demo.loader import refuse_beside_real
from municipality.core.refusals import Conflict

HEADS = ("役割", "氏名", "メール", "パスワード", "認証アプリの鍵", "団体")


class Command(BaseCommand):
    """`demo_accounts` for people, `demo_accounts --json` for machines."""

    help = "デモのアカウント(役割、氏名、メール、パスワード、2つ目の確認の鍵、団体コード)を表示します。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Only the form of the output."""
        parser.add_argument("--json", action="store_true", help="JSONで出力します")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every account, or refuse with status 1 and one sentence."""
        try:
            refuse_beside_real()
        except Conflict as refusal:
            raise CommandError(refusal.reason) from None
        listed = list(accounts())
        if options["json"]:
            self.stdout.write(
                json.dumps([account.as_dict() for account in listed], ensure_ascii=False, indent=2)
            )
        else:
            self.stdout.write("\n".join(table(listed)))


def table(listed: list[Account]) -> list[str]:
    """The accounts in columns that line up in a terminal, where a kanji is two cells wide."""
    rows = [HEADS, *(tuple(account.as_dict().values()) for account in listed)]
    widths = [max(cells(row[column]) for row in rows) for column in range(len(HEADS))]
    return [
        "  ".join(
            text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
