"""After a restore: say that the database is the one to go on with, so that mail is sent again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from municipality.notifications import restore_guard
from municipality.notifications.models import Mail


class Command(BaseCommand):
    help = (
        "バックアップから戻した後に、メールの送信を再開します。戻した時点で送信待ちだったメールは、"
        "すでに届いているおそれがあるため送りません。送るときは --send を付けてください。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--send` sends what waited when the backup was made."""
        parser.add_argument("--send", action="store_true")

    def handle(self, *args: Any, send: bool, **options: Any) -> None:
        """Print how many mails are dropped, or will be sent."""
        if not restore_guard.is_restored():
            self.stdout.write("送信は止まっていません。")
            return
        waiting = Mail.objects.filter(state__in=[Mail.State.QUEUED, Mail.State.CLAIMED])
        count = (
            waiting.count() if send else waiting.update(state=Mail.State.DROPPED, lease_until=None)
        )
        restore_guard.confirm()
        self.stdout.write(
            f"送信を再開します。送る {count}" if send else f"送信を再開します。送らない {count}"
        )
