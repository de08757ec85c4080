"""Six stories through pages: what dashboard, review, decision and pilot say before and after,
worked out by hand. It is 10 November 2026; October is the last month that is over.

企画財政課 has three people (課長, 安藤, 伊東), 税務課 two (課長, 江口). Both have tried since September,
when 安藤, 伊東 and 江口 teleworked: 3 of 5 対象職員, 60.0%. In October 安藤 and 伊東 did: 2 of 5, 40.0%.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import close_review
from municipality.decisions.models import Decision
from municipality.imports.models import FileImport
from municipality.organisation.models import Department, Member
from pilots.days.models import UsageMonth
from pilots.days.operations.submissions import open_usage_months
from tests.build import pilots as build_pilots
from tests.build.evaluation import Town, a_pilot_between, a_town, reviews_opened, written
from tests.build.municipality import a_member, at, signed_in
from tests.build.pilots import used
from tests.build.training import a_course

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenth")]

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def town() -> Town:
    town = a_town()
    a_pilot_between(town.kikaku, town.chief, SEPTEMBER, date(2026, 12, 25))
    a_pilot_between(town.zeimu, town.tax_chief, SEPTEMBER, date(2026, 12, 25))
    for member, place in ((town.staff, town.kikaku), (town.second, town.kikaku)):
        used(member, place, date(2026, 9, 7), date(2026, 10, 5))
    used(town.tax_staff, town.zeimu, date(2026, 9, 7))
    opened(town)
    return town


def opened(town: Town) -> None:
    """The clock strikes on the first open day of November; September's review of the body is
    closed.
    """
    open_usage_months(town.body, at(2026, 11, 2))
    reviews_opened(town, at(2026, 11, 2))
    close_review(
        written(review_of(town, SEPTEMBER), town.office), by=town.office, now=at(2026, 11, 2)
    )


def review_of(town: Town, first: date, place: Department | None = None) -> Review:
    return Review.objects.get(
        municipality=town.body, cadence="month", first=first, department=place
    )


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def tile(member: Member, code: str = "K03") -> str:
    """What the dashboard's tile of the figure says to this reader."""
    page = signed_in(member).get("/993018/dashboard/").text
    found = [each for each in page.split('<div class="tile">') if f"#{code}" in each]
    return words(found[0].split("</div>")[0])


def sentence(member: Member) -> str:
    page = signed_in(member).get("/993018/dashboard/").text
    return next(iter(re.findall(r"10月の実施率\(対象職員\)は[^<]*", page)), "")


def row(member: Member, review: Review, code: str = "K03") -> str:
    """What the page of the review says of the figure to this reader."""
    page = signed_in(member).get(review.get_absolute_url()).text
    return words(next(each for each in page.split("<tr>") if f"#{code}" in each))


def closed_and_sent(town: Town) -> str:
    """The office closes October's review of the body and sends it to decision, by its pages; the
    address of the decision.
    """
    review, client = written(review_of(town, OCTOBER), town.office), signed_in(town.office)
    assert client.post(f"{review.get_absolute_url()}close/").status_code == 302
    assert client.post(f"{review.get_absolute_url()}request/").status_code == 302
    return Decision.objects.get(subject_id=review.pk, matter="evaluation.review").get_absolute_url()


def decided_row(town: Town, address: str, code: str = "K03") -> str:
    page = signed_in(town.office).get(address).text
    return words(next(each for each in page.split("<tr>")[1:] if code in each))


def imported(town: Town, kind: str, head: str, *lines: str) -> FileImport:
    """The office takes a file in: sent, previewed, committed."""
    client = signed_in(town.office)
    file = SimpleUploadedFile(f"{kind}.csv", "\r\n".join([head, *lines]).encode())
    assert client.post("/993018/imports/", {"kind": kind, "file": file}).status_code == 302
    taken = FileImport.objects.latest("pk")
    assert client.post(f"{taken.get_absolute_url()}commit/").status_code == 302
    return taken


def usage_of(town: Town, member: Member) -> FileImport:
    """A late file: the member teleworked on 6 October."""
    line = f"{member.number},2026-10-06,終日,,自宅,VPN"
    return imported(town, "usage", "職員番号,実施日,単位,時間数,場所,方式", line)


def test_a_department_silent_for_a_month(town):
    """税務課 hands in 江口's day (3 of 5, as in September), and the file is undone: 2 of 5 remain, of
    whom nobody knows the two of 税務課; no fall is told.
    """
    file = usage_of(town, town.tax_staff)
    assert "60.0 %" in tile(town.office)
    assert "60.0%" in row(town.office, review_of(town, OCTOBER))
    assert signed_in(town.office).post(f"{file.get_absolute_url()}undo/").status_code == 302
    shown = tile(town.office)
    assert "40.0 %" in shown
    assert "未提出: 税務課" in shown
    assert "2 / 5人" in shown
    assert sentence(town.office) == "10月の実施率(対象職員)は40.0%です。"
    edit = signed_in(town.office).get(f"{review_of(town, OCTOBER).get_absolute_url()}edit/").text
    assert "40.0% 9月 60.0% 未提出: 税務課" in words(edit)
    address, review = closed_and_sent(town), review_of(town, OCTOBER)
    for found in (row(town.office, review), decided_row(town, address)):
        assert "40.0% 60.0% — 2 / 5" in found
        assert "未提出: 税務課" in found
        assert "悪化" not in found


def test_a_department_declares_none_by_click(town):
    """The same 2 of 5, and now it is known that the two of 税務課 did nothing: a fall by 20.0."""
    assert "未提出: 税務課" in tile(town.office)
    month = UsageMonth.objects.get(department=town.zeimu, month=OCTOBER)
    answer = signed_in(town.tax_chief).post(f"{month.get_absolute_url()}declare/")
    assert answer.status_code == 302
    shown = tile(town.office)
    assert "未提出" not in shown
    assert "20.0ポイント 悪化" in shown
    assert sentence(town.office).endswith("40.0%で、前月より20.0ポイント下がりました。")
    found = row(town.office, review_of(town, OCTOBER))
    assert "40.0% 60.0% −20.0 2 / 5 悪化" in found
    assert "40.0% 60.0% −20.0 2 / 5" in decided_row(town, closed_and_sent(town))


def test_a_late_import_after_the_closing(town):
    """Closed with 2 of 5 and sent; then 江口's day comes in: now 3 of 5. What was decided stays."""
    address, review = closed_and_sent(town), review_of(town, OCTOBER)
    before = decided_row(town, address)
    assert "いまは" not in row(town.office, review)
    assert "いまは" not in tile(town.office)
    usage_of(town, town.tax_staff)
    assert "40.0% いまは 60.0% (3 / 5)、未提出なし" in row(town.office, review)
    words = "締めの時 未提出: 税務課、いまは 60.0% (3 / 5)"
    assert words in tile(town.office), "it was missing in what was frozen"
    assert decided_row(town, address) == before


def test_none_declared_after_the_closing(town):
    """Closed with 2 of 5 while 税務課 was missing; then it declares to have none: still 2 of 5."""
    _address, review = closed_and_sent(town), review_of(town, OCTOBER)
    assert "40.0% 60.0%" in row(town.office, review)
    month = UsageMonth.objects.get(department=town.zeimu, month=OCTOBER)
    answer = signed_in(town.tax_chief).post(f"{month.get_absolute_url()}declare/")
    assert answer.status_code == 302
    assert "40.0% いまは 未提出なし 60.0%" in row(town.office, review)
    assert "締めの時 未提出: 税務課、いまは 実績なし" in tile(town.office)
    assert "2.0人日 いまは 未提出なし" in row(town.office, review, "K04")


def test_a_transfer_dated_back(town):
    """安藤 belongs to 税務課 since 1 October, as a file says in November: 企画財政課 had 2 of 3 and has 1
    of 2 (66.7 → 50.0), 税務課 had 未提出 of 2 and has 1 of 3, the body stays at 2 of 5. 税務課's September
    was 1 of 2: the number stayed, so that 33.3% is no fall.
    """
    review = review_of(town, OCTOBER, town.kikaku)
    close_review(written(review, town.chief), by=town.chief, now=at(2026, 11, 9))
    assert "66.7 %" in tile(town.chief)
    assert "未提出" in tile(town.tax_chief)
    old = town.staff.postings.get()
    imported(
        town,
        "people",
        "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日",
        *(
            f"{town.staff.number},{town.staff.name},,,{code},主事,職員,本務,{first},{last}"
            for code, first, last in (
                (town.kikaku.code, old.starts_on.isoformat(), "2026-09-30"),
                (town.zeimu.code, "2026-10-01", ""),
            )
        ),
    )
    assert "66.7% いまは 50.0% (1 / 2)" in row(town.chief, review)
    assert "いまは 50.0% (1 / 2)" in tile(town.chief)
    tax = review_of(town, OCTOBER, town.zeimu)
    assert "33.3% 50.0% (1 / 2) — 1 / 3 — 対象が2人から3人に変わりました" in row(
        town.tax_chief, tax
    )
    assert "40.0% 60.0% −20.0 2 / 5 悪化" in row(town.office, review_of(town, OCTOBER))


def test_a_new_required_course_leaves_a_running_pilot_as_it_was():
    """All three participants have the course that was required when the criteria were fixed: 3 of
    3. A second course becomes required on 10 November, which none of them has. (Of a finished
    pilot: tests/pilots/results/test_frozen.py.)
    """
    town = build_pilots.a_town()
    criteria = [("K36", "at_least", Decimal(100))]
    pilot = build_pilots.a_running(town, criteria=criteria, ends_on=date(2026, 12, 25))
    page = signed_in(town.chief).get(pilot.get_absolute_url()).text
    assert "100.0%" in page
    assert "3 / 3人" in page
    course = a_course(town.body)
    answer = signed_in(town.office).post(
        f"{course.get_absolute_url()}edit/",
        {
            "title": course.title,
            "mode": "group",
            "minutes": 30,
            "audience": ["staff"],
            "required_for_pilots": "on",
            "is_active": "on",
            "edition": course.edition,
        },
    )
    assert answer.status_code == 302
    page = signed_in(town.chief).get(pilot.get_absolute_url()).text
    criteria_shown = words(page[page.index("成功の基準") : page.index("実施の状況")])
    assert "100.0% 3 / 3人 達成" in criteria_shown


def test_a_second_pilot_with_many_people_is_no_collapse():
    """企画財政課 alone in September: 2 of 3, 66.7%. 税務課 begins in October with 22 people, of whom 3
    telework: 5 of 25, 20.0%. It is another population and no fall.
    """
    town = a_town()
    a_pilot_between(town.kikaku, town.chief, SEPTEMBER, date(2026, 12, 25))
    people = [a_member(town.zeimu) for _number in range(20)]
    for member in (town.staff, town.second):
        used(member, town.kikaku, date(2026, 9, 7), date(2026, 10, 5))
    a_pilot_between(town.zeimu, town.tax_chief, OCTOBER, date(2026, 12, 25))
    for member in people[:3]:
        used(member, town.zeimu, date(2026, 10, 6))
    opened(town)
    shown = tile(town.office)
    assert "20.0 % 対象が変わりました: 部署 1→2" in shown
    assert "悪化" not in shown
    assert sentence(town.office) == "10月の実施率(対象職員)は20.0%です。"
    address, review = closed_and_sent(town), review_of(town, OCTOBER)
    assert "20.0% 66.7% (2 / 3) — 5 / 25 — 対象が変わりました: 部署 1→2" in row(town.office, review)
    assert "20.0% 66.7% (2 / 3) — 5 / 25、対象が変わりました: 部署 1→2" in decided_row(
        town, address
    )
