"""A whole list at size, in the coding of town halls; and what 会計年度任用職員, 休職 and 派遣 mean
for who may and who is told.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from municipality.deadlines.queries import Due
from municipality.imports.operations.imports import commit_import, preview, take_in
from municipality.organisation.leadership import nearest_holders, post_holders
from municipality.organisation.models import Member, Post, Posting, authority_on
from municipality.reminders.recipients import People
from municipality.tasks import run_jobs
from municipality.transfers.models import Passed
from municipality.transfers.operations.handover import hand_over
from tests.build.lists import many_departments, whole_list
from tests.build.municipality import APRIL, a_body, a_department, a_member, at, root_of, signed_in

pytestmark = pytest.mark.django_db
DAY, NOW = date(2027, 4, 1), at(2026, 11, 10)


def test_a_list_of_a_whole_town_moves_a_tenth_and_names_who_is_missing():
    body = a_body()
    office = a_member(root_of(body), "office", number="999999", series="本庁")
    many_departments(body, 20)
    assert str(take_in(body, "people", "職員.csv", whole_list(20, 300, APRIL), now=NOW)).startswith(
        "追加 300 "
    )
    hand_over(body, NOW)
    content = whole_list(20, 300, APRIL, shift=3, leave_out=5, day=DAY)
    taken = preview(
        body, "people", "異動.csv", content, by=office, now=NOW, whole_on=DAY.isoformat()
    )
    assert taken.findings == []
    found = taken.summary["transfer"]
    assert [len(found[what]) for what in ("moves", "joins", "leaves")] == [30, 0, 5]
    commit_import(taken, by=office, now=NOW, sure=True)
    run_jobs(body, now=at(2027, 4, 1, 0, 1))
    assert Posting.objects.on(DAY).filter(member__series="").count() == 295
    again = preview(
        body, "people", "異動.csv", content, by=office, now=NOW, whole_on=DAY.isoformat()
    )
    assert [again.summary[what] for what in ("added", "changed", "ended")] == [0, 0, 0]
    assert not Passed.objects.exclude(kind="duty").exists()


@pytest.fixture
def section():
    return a_department(a_body(), "総務課")


@pytest.mark.parametrize("state", ["leave", "seconded"])
def test_who_is_on_leave_or_seconded_holds_no_post_no_role_and_is_not_asked(section, state):
    chief = a_member(section, "manager", post="課長")
    deputy = a_member(section, "manager", post="係長")
    Posting.objects.filter(member=chief).update(status=state)
    today = date(2026, 11, 10)
    post = Post.objects.get(title="課長")
    assert authority_on(chief, today).roles == frozenset()
    assert list(post_holders(section.pk, post.pk, today)) == []
    assert nearest_holders("manager", section.path, today) == [deputy]
    due = Due("decision.step", 1, 0, section.path, "manager", today, today, "", "")
    assert People(section.municipality, today, [due]).acting(due) == [deputy.pk]
    client = signed_in(chief)
    assert client.get(f"/{section.municipality_id}/").status_code == 404


def test_fiscal_year_staff_work_like_everybody_and_end_with_the_year(section, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(2027, 3, 31, 10))
    person = a_member(section, employment="会計年度任用職員", ends_on=date(2027, 3, 31))
    assert authority_on(person, date(2027, 3, 31)).roles == {"staff"}
    assert authority_on(person, date(2027, 4, 1)).roles == frozenset()
    office = a_member(section, "office")
    page = signed_in(office).get(f"/{section.municipality_id}/people/{person.pk}/").content.decode()
    assert "会計年度任用職員" in page


def test_the_kind_of_employment_and_the_state_come_with_the_list(section):
    body = section.municipality
    office = a_member(section, "office", series="本庁")
    head = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日,任用区分,状態"
    row = f"000777,野口 岬,,,{section.code},主事,職員,本務,2026-11-20,2027-03-31,会計年度任用職員,派遣"
    taken = preview(
        body,
        "people",
        "異動.csv",
        f"{head}\r\n{row}".encode(),
        by=office,
        now=NOW,
        whole_on="2026-11-20",
    )
    commit_import(taken, by=office, now=NOW, sure=True)
    person = Member.objects.get(number="000777")
    assert (person.employment, person.postings.get().status, person.postings.get().ends_on) == (
        "会計年度任用職員",
        "seconded",
        date(2027, 3, 31),
    )
