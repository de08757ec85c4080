"""A whole list of all staff as the personnel office hands it over (many departments, many people,
in CP932), and the rows that a page shows.
"""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from django.test import Client

from municipality.organisation.models import Department, Municipality

from .municipality import a_department

HEAD = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日,任用区分,状態"
KANJI = "安伊上江大加木久小佐島鈴高田中中西野原平福星松三村森山吉若渡"


def many_departments(body: Municipality, count: int) -> list[Department]:
    """So many departments directly under the body, numbered from 1001."""
    return [
        a_department(body, f"第{number}課", code=f"{1000 + number}")
        for number in range(1, count + 1)
    ]


def whole_list(
    departments: int,
    people: int,
    start: date,
    *,
    shift: int = 0,
    leave_out: int = 0,
    day: date | None = None,
) -> bytes:
    """The rows in CP932. Every department has a manager; `shift` moves each tenth person by so many
    departments from `day` on, and `leave_out` leaves out so many of the last.
    """
    rows = [HEAD]
    for number in range(people - leave_out):
        moves = shift and number % 10 == 0
        place = (number + (shift if moves else 0)) % departments + 1
        first = number < departments
        name = f"{KANJI[number % len(KANJI)]}田 {KANJI[number // len(KANJI) % len(KANJI)]}男"
        post, role = ("課長", "所属長") if first else ("主事", "職員")
        kind = "会計年度任用職員" if number % 7 == 0 else "常勤"
        state = "休職" if number % 97 == 96 else "在職"
        begins = day if moves and day else start
        rows.append(
            f"{number:06d},{name},,,{1000 + place},{post},{role},本務,{begins},,{kind},{state}"
        )
    return "\r\n".join(rows).encode("cp932")


def rows_shown(client: Client, address: str) -> list[str]:
    """The text of each row of the tables on a page; nothing where the page is refused."""
    answer = client.get(address)
    if answer.status_code != 200:
        return []
    bodies = re.findall(r"<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)
    rows = re.findall(r"<tr\b.*?</tr>", "".join(bodies), re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
