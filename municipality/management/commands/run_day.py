"""Run every daily job as of the end of a day, in this process: no worker is needed, and repeating
it does nothing twice.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from municipality.core.periods import read_date
from municipality.tasks import run_day


class Command(BaseCommand):
    help = "指定した日の終わりの時点で、毎日の処理(期間の開始・通知・メール)をすべて行います。何度行っても結果は同じです。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """YYYY-MM-DD."""
        parser.add_argument("day", metavar="YYYY-MM-DD")

    def handle(self, *args: Any, day: str, **options: Any) -> None:
        """Print how many things were opened, notices told and mails sent."""
        try:
            date = read_date(day)
        except ValueError:
            raise CommandError(
                f"日付「{day}」を読めません。2026-04-01 のように指定してください。", returncode=2
            ) from None
        now = datetime.combine(date, time(23, 59, 59), timezone.get_default_timezone())
        opened, notified, mailed = run_day(now)
        self.stdout.write(f"開始 {opened} 通知 {notified} メール {mailed}")
