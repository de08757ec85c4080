"""Load invented but realistic data: the same for the same seed and day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboard.demo.loader import SIZES, is_loaded, load, refuse_beside_real
from municipality.core.refusals import Conflict


class Command(BaseCommand):
    """`load_demo --size town --seed 1 --as-of 2026-11-10 --if-empty`."""

    help = "デモのデータを読み込みます(実在の団体があるときは行いません)。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Size, seed, day, and whether an earlier load is fine."""
        parser.add_argument("--size", choices=list(SIZES), default="town", help="団体の規模")
        parser.add_argument("--seed", type=int, default=1, help="同じ番号なら同じデータになります")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, default=None, help="基準の日(既定は今日)"
        )
        parser.add_argument("--if-empty", action="store_true", help="読み込み済みなら何もしません")

    def handle(
        self, *args: Any, size: str, seed: int, as_of: date | None, if_empty: bool, **options: Any
    ) -> None:
        """Load and say what was made; a refusal ends with status 1 and one sentence."""
        try:
            refuse_beside_real()
            if if_empty and is_loaded():
                return
            bodies = load(size, seed=seed, as_of=as_of or timezone.localdate())
        except Conflict as refusal:
            raise CommandError(refusal.reason) from None
        for body in bodies:
            self.stdout.write(f"{body.pk} {body.name}")
