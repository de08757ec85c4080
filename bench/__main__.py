"""Measure: `python -m bench [--size town] [--rounds 60]`. Loads invented data into a database of
its own, prints a table.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench import own_installation

PAGES = {
    "home": "/",
    "decisions": "/decisions/?tab=all",
    "departments": "/departments/",
    "people": "/people/",
    "pilots": "/pilots/",
}
MOST_TIMES_FLOOR = 3.0
"""p50 of a page over p50 of its floor, at most (quality target of the project)."""


def prepare(size: str) -> None:
    """A database with invented data, thrown away afterwards."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    call_command("load_demo", size=size, stdout=sys.stderr)


def clients():
    """Our site and the floor, both signed in as the office of the demonstration town: (ours, floor,
    code).
    """
    from django.test import Client
    from django.test.utils import override_settings

    from bench import floor
    from municipality.accounts.models import Authenticator
    from municipality.organisation.models import Member

    member = (
        Member.objects.filter(postings__grants__role="office", user__isnull=False)
        .select_related("user")
        .first()
    )
    ours = Client(SERVER_NAME="localhost")
    ours.force_login(member.user)
    session = ours.session
    session["otp_device_id"] = Authenticator.objects.get(user=member.user).persistent_id
    session.save()
    bare = Client(SERVER_NAME="localhost")
    bare.cookies = ours.cookies
    with override_settings(MIDDLEWARE=floor.MIDDLEWARE):
        bare.handler.load_middleware()
    return ours, bare, member.municipality_id


def once(client, address: str) -> float:
    """Milliseconds of one answer."""
    start = time.perf_counter()
    answer = client.get(address)
    spent = (time.perf_counter() - start) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")
    return spent


def measure(rounds: int) -> list[tuple[str, float, float, float, float]]:
    """(page, ours p50, floor p50, ratio, ours p95) with ours and the floor in turns."""
    ours, bare, code = clients()
    rows = []
    for page, address in PAGES.items():
        mine, base = [], []
        for turn in range(rounds + 5):
            pair = once(ours, f"/{code}{address}"), once(bare, f"/{page}")
            if turn >= 5:
                mine.append(pair[0])
                base.append(pair[1])
        p50, floor50 = statistics.median(mine), statistics.median(base)
        rows.append((page, p50, floor50, p50 / floor50, sorted(mine)[int(len(mine) * 0.95) - 1]))
    return rows


def main() -> int:
    """Print the table; 0 whatever the ratios are, since a noisy machine must not turn a build
    red.
    """
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--size", default="town")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument(
        "--files", action="store_true", help="measure files in and out instead of pages"
    )
    parser.add_argument(
        "--reminders", action="store_true", help="measure the planning of reminders of a city"
    )
    parser.add_argument("--indexes", action="store_true", help="measure questions to large tables")
    chosen = parser.parse_args()
    if chosen.files:
        from bench.files import report

        report()
        return 0
    if chosen.reminders:
        from bench.reminders import report

        report()
        return 0
    if chosen.indexes:
        from bench.indexes import report

        report()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= own_installation(folder)
        prepare(chosen.size)
        print(
            f"size {chosen.size}, {chosen.rounds} rounds, Python {platform.python_version()}, "
            f"{platform.machine()}"
        )
        print(
            f"{'page':<14}{'ours p50':>10}{'floor p50':>11}{'ratio':>8}{'ours p95':>10}   target "
            f"≤ {MOST_TIMES_FLOOR:.0f}×"
        )
        for page, p50, floor50, ratio, p95 in measure(chosen.rounds):
            mark = "" if ratio <= MOST_TIMES_FLOOR else "   over"
            print(f"{page:<14}{p50:>8.1f}ms{floor50:>9.1f}ms{ratio:>7.1f}×{p95:>8.1f}ms{mark}")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
