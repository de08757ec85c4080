"""Pages of 人事異動, 職務 and 組織の確認, as the office and the successors see them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from municipality.core.registry import hand_overs
from municipality.imports.models import FileImport
from municipality.notifications.models import Notice
from municipality.organisation.models import Duty, Posting
from municipality.transfers.models import Passed, Transfer
from municipality.transfers.operations.handover import hand_over
from tests.build import decisions as decided
from tests.build import evaluation as build
from tests.build.municipality import also_posted, at, signed_in, with_duty
from tests.municipality.transfers.test_transfers import (
    HEAD,
    NOW,
    everybody,
    line,
    swapped,
    takes_place,
)

pytestmark = pytest.mark.django_db
CHECK = "/993018/organisation-check/"


@pytest.fixture
def town():
    town = build.a_town()
    hand_over(town.body, at(2026, 11, 9))
    return town


def uploaded(client, rows, day):
    file = SimpleUploadedFile("異動.csv", "\r\n".join([HEAD, *rows]).encode("cp932"), "text/csv")
    return client.post("/993018/transfers/", {"whole_on": day, "file": file})


def test_the_office_hands_in_a_list_looks_at_the_names_and_commits_it(town):
    day = timezone.localdate().isoformat()
    client, rows = signed_in(town.office), everybody(town, town.second)
    rows[town.staff.pk] = line(town.staff, town.zeimu, start=day)
    answer = uploaded(client, rows.values(), day)
    taken = FileImport.objects.get()
    assert (answer.status_code, answer.url) == (302, taken.get_absolute_url())
    page = client.get(answer.url).content.decode()
    assert "一覧にない1人は" in page
    assert "伊東 空" in page
    commit = f"{answer.url}commit/"
    assert client.post(commit).status_code == 409
    assert client.post(commit, {"sure": "on"}).status_code == 302
    assert not Posting.objects.on(timezone.localdate()).filter(member=town.second).exists()


def test_a_page_lists_so_many_who_leave_and_the_file_all_of_them(town, monkeypatch):
    monkeypatch.setattr("municipality.transfers.presenters.transfers.MOST_LISTED", 1)
    day, client, rows = (
        timezone.localdate().isoformat(),
        signed_in(town.office),
        everybody(town, town.second, town.tax_chief),
    )
    answer = uploaded(client, rows.values(), day)
    page = client.get(answer.url).content.decode()
    assert ("一覧にない2人は" in page, "ほかに1人が終了します" in page, "?file=xlsx" in page) == (
        True,
        True,
        True,
    )
    lines = b"".join(client.get(f"{answer.url}?file=csv")).decode("utf-8-sig").split("\r\n")
    assert lines[0] == "区分,職員番号,氏名,いまの部署と職位,基準日からの部署と職位"
    assert {cells.split(",")[1] for cells in lines[1:-1] if cells.startswith("終了")} == {
        town.second.number,
        town.tax_chief.number,
    }


@pytest.mark.parametrize("day", ["", "きのう", "2020-04-01", "2099-04-01"])
def test_a_day_that_cannot_be_is_refused_with_a_word(town, day):
    answer = uploaded(signed_in(town.office), everybody(town).values(), day)
    assert (answer.status_code, FileImport.objects.count()) == (422, 0)


def test_every_link_that_came_by_a_transfer_opens_for_whoever_got_it(town, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 11, 20, 10))
    build.an_open_period(town)
    sheet = build.a_submitted(town, build.EvaluationPeriod.objects.get())
    action = build.with_action(build.a_review(town, town.kikaku), town.chief)
    build.a_pilot_between(town.kikaku, town.chief, date(2026, 10, 1), date(2027, 3, 31))
    hand_over(town.body, at(2026, 11, 9, 10))
    today = timezone.localdate()
    rows = {row.pk: row for row in (town.chief, town.tax_chief)}
    assert (sheet.evaluator, action.who) == (town.chief, town.chief)
    build.moved(town.chief, town.zeimu, "manager", on=today, post="課長")
    build.moved(town.tax_chief, town.kikaku, "manager", on=today, post="課長")
    hand_over(town.body, NOW.replace(year=today.year, month=today.month, day=today.day))
    opened = 0
    for passed in Passed.objects.filter(outcome="taken").select_related("taker", "transfer"):
        client = signed_in(rows.get(passed.taker_id, passed.taker))
        page = client.get(passed.transfer.get_absolute_url()).content.decode()
        offer = hand_overs()[passed.kind]
        address = build_address(offer.page, passed)
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200, passed.kind
        opened += 1
    assert opened >= 4


def build_address(name, passed):
    return reverse(name, args=["993018", passed.object_id])


def test_the_notice_leads_to_what_came(town):
    with_duty(town.chief, "security", town.kikaku)
    takes_place(town, swapped(town))
    notice = Notice.objects.get(rule="transfer.taken")
    client = signed_in(town.office)
    assert client.get(Passed.objects.get().transfer.get_absolute_url()).status_code == 200
    assert notice.params == {"count": 1}


def test_the_list_of_hand_overs_asks_as_much_for_three_as_for_one(town):
    client, counts = signed_in(town.office), []
    client.get("/993018/transfers/")
    for _n in range(3):
        Transfer.objects.create(
            municipality=town.body, day=NOW.date(), began_at=NOW, finished_at=NOW
        )
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/993018/transfers/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[2]
    assert counts[0] <= 10


def test_the_check_finds_each_kind_of_gap_and_leads_to_where_it_is_mended(town):
    client = signed_in(town.office)
    Posting.objects.filter(member=town.tax_chief).update(ends_on=date(2026, 5, 1))
    Posting.objects.filter(member=town.deputy_mayor).update(ends_on=date(2026, 5, 1))
    with_duty(town.tax_chief, "clerk", town.zeimu)
    decided.a_deputy(town.deputy_mayor, town.root, "町長")
    page = client.get(CHECK).content.decode()
    for words, address in (
        ("所属長のいない部署", "/993018/imports/"),
        ("異動・退職した代決者", "/993018/deputies/"),
        ("就いている人のいない職位を通る決裁経路", "/993018/settings/routes/"),
        ("担当者のいない職務", "/993018/duties/"),
        ("アカウントのない職員", "/993018/people/?account=none"),
    ):
        assert words in page
        assert address.replace("/deputies/", "/settings/deputies/") in page


def test_the_check_asks_the_same_number_of_questions_for_three_departments_as_for_one(town):
    client, counts = signed_in(town.office), []
    for _n in range(3):
        also_posted(town.staff, build.a_department(town.body, "新しい課"))
        with CaptureQueriesContext(connection) as asked:
            client.get(CHECK)
        counts.append(len([row for row in asked if row["sql"].startswith("SELECT")]))
    assert counts[0] == counts[2]
    assert counts[0] <= 26


def test_a_duty_is_given_handed_on_and_kept(town):
    client = signed_in(town.office)
    facts = {
        "kind": "clerk",
        "department": town.kikaku.pk,
        "member": town.staff.number,
        "starts_on": "2026-04-01",
    }
    assert client.post("/993018/duties/", facts).status_code == 302
    duty = Duty.objects.get()
    change = {"on": "2026-10-01", "member": town.second.number, "edition": duty.edition}
    assert client.post(f"/993018/duties/{duty.pk}/", change).status_code == 302
    held = Duty.objects.order_by("starts_on").values_list("member__name", "starts_on", "ends_on")
    assert list(held) == [
        ("安藤 海", date(2026, 4, 1), date(2026, 9, 30)),
        ("伊東 空", date(2026, 10, 1), None),
    ]
    assert "これまでの職務" in client.get("/993018/duties/").content.decode()
    assert client.post(f"/993018/duties/{duty.pk}/", change).status_code == 409
    assert client.post("/993018/duties/", facts | {"member": town.second.number}).status_code == 409


def test_the_lists_of_duties_and_of_what_passed_can_be_had_as_files(town):
    with_duty(town.chief, "security", town.kikaku)
    takes_place(town, swapped(town))
    client = signed_in(town.office)
    for address in ("/993018/duties/", Passed.objects.get().transfer.get_absolute_url()):
        answer = client.get(f"{address}?file=csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert "髙瀬 由紀" in text
        assert "木戸 明里" in text
