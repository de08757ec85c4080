"""Files in and out: 100,000 rows against the same checks in plain Python and one bulk insert, and
how much memory it takes.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from tempfile import TemporaryDirectory
from typing import Any

from bench import own_installation

HEAD = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日\r\n"
LARGE = 100_000
MOST_TIMES_FLOOR, MOST_SECONDS, MOST_MEGABYTES = 4.0, 60.0, 300.0


def people_file(rows: int, departments: int = 200) -> bytes:
    """People in CP932, all valid."""
    lines = (
        f"6{n:06d},髙﨑 太郎{n},タカサキ "
        f"タロウ,t{n}@town.example.jp,{7000 + n % departments},主事,職員,本務,2026-04-01,\r\n"
        for n in range(rows)
    )
    return (HEAD + "".join(lines)).encode("cp932")


def records_file(rows: int) -> bytes:
    """Five days of telework of so many people, in CP932, all valid."""
    lines = (
        f"6{n:06d},2026-06-{day:02d},終日,,自宅,VPN方式\r\n"
        for n in range(rows // 5)
        for day in range(1, 6)
    )
    return ("職員番号,実施日,単位,時間数,場所,方式\r\n" + "".join(lines)).encode("cp932")


def departments_file(rows: int = 200) -> bytes:
    """Departments in CP932, twenty of them above the others."""
    lines = (
        f"{7000 + n},第{n}課,{'' if n < 20 else 7000 + n % 20},課,令和8年4月1日,\r\n"
        for n in range(rows)
    )
    return ("部署コード,部署名,上位部署コード,種別,開始日,終了日\r\n" + "".join(lines)).encode(
        "cp932"
    )


def floor(content: bytes, body: Any) -> None:
    """The same rows: split, checked in plain Python, and put into the same tables by bulk
    inserts.
    """
    from django.core.validators import validate_email

    from municipality.organisation.models import Department, Grant, Member, Post, Posting

    places = dict(Department.objects.filter(municipality=body).values_list("code", "pk"))
    post, _made = Post.objects.get_or_create(municipality=body, title="主事", defaults={"rank": 9})
    members, rest, seen = [], [], set()
    for line in content.decode("cp932").split("\r\n")[1:-1]:
        number, name, kana, mail, code, _title, roles, kind, first, _last = line.split(",")
        if (
            number in seen
            or not number.isascii()
            or len(name) > 80
            or code not in places
            or kind != "本務"
        ):
            raise ValueError(line)
        seen.add(number)
        validate_email(mail)
        members.append(Member(municipality=body, number=number, name=name, kana=kana, mail=mail))
        rest.append((places[code], date.fromisoformat(first), roles.split("・")))
    Member.objects.bulk_create(members, batch_size=500)
    postings = [
        Posting(
            municipality=body,
            member=member,
            department_id=place,
            post=post,
            kind="main",
            starts_on=first,
        )
        for member, (place, first, _roles) in zip(members, rest, strict=True)
    ]
    Posting.objects.bulk_create(postings, batch_size=500)
    Grant.objects.bulk_create(
        [Grant(municipality=body, posting=row, role="staff") for row in postings], batch_size=1000
    )


def timed(work: Callable[[], Any]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def a_body(code: str) -> Any:
    """The body with the departments of the file, made where it is not there yet."""
    from django.utils import timezone

    from municipality.imports.operations.imports import take_in
    from municipality.organisation.models import Municipality
    from municipality.organisation.operations.departments import create_body

    if body := Municipality.objects.filter(pk=code).first():
        return body
    body = create_body(code, code, today=date(2026, 4, 1))
    take_in(body, "departments", "departments.csv", departments_file(), now=timezone.now())
    return body


def one(what: str, rows: int) -> None:
    """One measurement in this process: print seconds and megabytes."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.utils import timezone

    from municipality.core.spreadsheets.writers import XLSX, write
    from municipality.imports.operations.imports import take_in

    body, now = a_body("993018"), timezone.now()
    content = records_file(rows) if what == "records" else people_file(rows)
    work: dict[str, Callable[[], Any]] = {
        "floor": lambda: floor(content, body),
        "import": lambda: take_in(body, "people", "people.csv", content, now=now),
        "again": lambda: take_in(body, "people", "people.csv", content, now=now),
        "records": lambda: take_in(body, "usage", "usage.csv", content, now=now),
        "export": lambda: write(
            XLSX, "t", [f"c{n}" for n in range(10)], ([f"{n:07d}", *range(9)] for n in range(rows))
        ),
    }
    print(f"{timed(work[what]):.2f} {megabytes():.0f}")


IN_JOBS = {"import": "people", "again": "the same once more", "records": "records of telework"}


def report(rows: int = LARGE) -> None:
    """The table: each measurement in a process of its own; what is taken in once more lies in the
    same database.
    """
    print(f"{'files':<28}{'seconds':>9}{'MB':>7}   {rows:,} rows, CP932, embedded database")
    seconds = {}
    with TemporaryDirectory() as apart, TemporaryDirectory() as together:
        for what in ("floor", *IN_JOBS, "export"):
            spent, memory = _measured(what, rows, together if what in IN_JOBS else apart)
            seconds[what] = spent
            over = (
                " over"
                if what in IN_JOBS and (spent > MOST_SECONDS or memory > MOST_MEGABYTES)
                else ""
            )
            name = f"import, {IN_JOBS[what]}" if what in IN_JOBS else what
            print(f"{name:<28}{spent:>8.1f}s{memory:>6.0f}{over}")
    ratio = seconds["import"] / seconds["floor"]
    print(
        f"import over floor {ratio:.1f}×, target ≤ "
        f"{MOST_TIMES_FLOOR:.0f}×{'' if ratio <= MOST_TIMES_FLOOR else '   over'}"
    )


def _measured(what: str, rows: int, folder: str) -> tuple[float, float]:
    """Seconds and megabytes."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.files", what, str(rows)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | own_installation(folder),
    )
    spent, memory = map(float, run.stdout.split())
    return spent, memory


if __name__ == "__main__":
    one(sys.argv[1], int(sys.argv[2]))
