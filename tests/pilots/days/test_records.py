"""The pages of usage records: the list with its remarks, a correction, a deletion, the setting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from municipality.accounts.models import User
from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.organisation.models import Duty, Member, Posting
from municipality.organisation.operations.employment_kinds import keep_employment_kinds
from pilots.days.models import Usage, UsageSetting
from pilots.days.operations.records import correct_usage, delete_usage, set_file_wins
from tests.build import pilots as build
from tests.build.municipality import at, signed_in, with_duty

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 2)
LIST = "/993018/usage/?month=2026-08"


@pytest.fixture
def town():
    town = build.a_town()
    build.a_running(town)
    build.used(town.staff[0], town.kikaku, date(2026, 8, 4))
    build.used(town.tax_staff, town.zeimu, date(2026, 8, 5))
    town.row = Usage.objects.get(member=town.staff[0])
    return town


def form_of(row: Usage, **changes) -> dict:
    values = {
        "what": "change",
        "unit": row.unit,
        "time": "",
        "place": row.place,
        "method": row.method,
        "reason": "出勤簿と照合した。",
        "edition": row.edition,
    }
    return values | changes


def test_the_list_shows_ones_people_with_what_is_remarkable(town):
    text = signed_in(town.office).get(LIST).text
    assert "江口 森" in text
    assert "安藤 海" in text
    assert "試行の参加者でない日" in text
    assert "職員に数えない人" not in text
    assert "ファイルの取込み" in text
    assert f'href="{town.row.get_absolute_url()}"' in text
    text = signed_in(town.chief).get(LIST).text
    assert "安藤 海" in text
    assert "江口 森" not in text
    text = signed_in(town.consultant).get(LIST).text
    assert "安藤 海" not in text


def test_a_record_of_a_person_who_is_no_staff_says_that_it_is_not_counted(town):
    keep_employment_kinds(town.body, at(2026, 4, 1))
    Member.objects.filter(pk=town.row.member_id).update(employment="外部専門家")
    text = signed_in(town.office).get(LIST).text
    assert "職員に数えない人(実施者数・延べ実施日数に含めません)" in text
    assert "職員に数えない人の記録が1件あります。実施者数と延べ実施日数には含めません。" in text


def test_a_record_after_the_end_of_a_posting_says_that_it_is_not_counted(town):
    words = "在職の発令がない日(どの指標にも数えません)"
    posting = Posting.objects.filter(member=town.row.member_id)
    posting.update(ends_on=town.row.day)
    assert words not in signed_in(town.office).get(LIST).text
    posting.update(ends_on=town.row.day - timedelta(days=1))
    text = signed_in(town.office).get(LIST).text
    assert words in text
    assert "在職の発令がない日の記録が1件あります。どの指標にも数えません。" in text


def test_what_is_not_counted_for_two_reasons_is_told_in_two_sentences(town):
    build.used(town.staff[1], town.kikaku, date(2026, 8, 18))
    keep_employment_kinds(town.body, at(2026, 4, 1))
    Member.objects.filter(pk=town.staff[1].pk).update(employment="外部専門家")
    Posting.objects.filter(member=town.row.member_id).update(ends_on=date(2026, 7, 31))
    client = signed_in(town.office)
    assert "数えません。職員に数えない人" in client.get(LIST).text
    User.objects.filter(pk=town.office.user_id).update(language="en")
    assert "No indicator counts it. 1 record is of a person" in client.get(LIST).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_row_as_for_three(
    town, count, django_assert_num_queries
):
    build.used(town.staff[1], town.kikaku, *build.days_from(date(2026, 8, 17), count - 1))
    client = signed_in(town.chief)
    client.get(LIST)
    with django_assert_num_queries(16):
        client.get(LIST)


def test_a_correction_keeps_the_reason_in_the_log_and_counts_as_own(town):
    client = signed_in(town.chief)
    answer = client.post(town.row.get_absolute_url(), form_of(town.row, place="satellite"))
    assert answer.status_code == 302
    town.row.refresh_from_db()
    assert (town.row.place, town.row.source, town.row.minutes) == ("satellite", "own", 465)
    entry = Entry.objects.get(verb="usage.corrected")
    assert "出勤簿と照合した。" in str(entry.content.body)
    assert "画面での入力" in client.get(LIST).text


def test_a_correction_without_a_reason_or_of_an_older_edition_is_refused(town):
    client = signed_in(town.chief)
    assert client.post(town.row.get_absolute_url(), form_of(town.row, reason="")).status_code == 422
    assert (
        client.post(town.row.get_absolute_url(), form_of(town.row, unit="hours")).status_code == 422
    )
    stale = form_of(town.row)
    client.post(town.row.get_absolute_url(), form_of(town.row, unit="morning"))
    assert client.post(town.row.get_absolute_url(), stale).status_code == 409
    town.row.refresh_from_db()
    assert (town.row.unit, town.row.minutes) == ("morning", 232)


def test_a_record_is_deleted_with_its_reason(town):
    client = signed_in(town.office)
    assert client.get(town.row.get_absolute_url()).status_code == 200
    assert (
        client.post(town.row.get_absolute_url(), form_of(town.row, what="delete")).status_code
        == 302
    )
    assert not Usage.objects.filter(pk=town.row.pk).exists()
    assert Entry.objects.filter(verb="usage.deleted").count() == 1


def test_the_clerk_of_the_department_corrects_and_others_do_not(town):
    clerk, other = town.staff[1], town.staff[2]
    assert signed_in(clerk).get(town.row.get_absolute_url()).status_code == 404
    with_duty(clerk, Duty.Kind.CLERK, town.kikaku)
    assert signed_in(clerk).get(town.row.get_absolute_url()).status_code == 200
    assert signed_in(town.staff[0]).get(town.row.get_absolute_url()).status_code == 403
    for refused in (
        lambda: correct_usage(
            town.row,
            edition=1,
            unit="full",
            minutes=465,
            place="home",
            method="vpn",
            reason="誤り",
            by=other,
            now=NOW,
        ),
        lambda: delete_usage(town.row, edition=1, reason="誤り", by=other, now=NOW),
        lambda: set_file_wins(town.body, True, by=town.chief, now=NOW),
    ):
        with pytest.raises(Denied):
            refused()


def test_a_correction_never_makes_a_day_longer_or_two_records_the_same(town):
    build.used(town.staff[1], town.kikaku, date(2026, 8, 6), unit="morning")
    build.used(town.staff[1], town.kikaku, date(2026, 8, 6), unit="afternoon")
    row = Usage.objects.get(member=town.staff[1], unit="afternoon")
    facts = {"place": "home", "method": "vpn", "reason": "誤り", "by": town.chief, "now": NOW}
    with pytest.raises(Conflict):
        correct_usage(row, edition=row.edition, unit="full", minutes=465, **facts)
    with pytest.raises(Conflict):
        correct_usage(row, edition=row.edition, unit="morning", minutes=232, **facts)
    correct_usage(row, edition=row.edition, unit="hours", minutes=60, **facts)
    assert (row.unit, row.minutes, row.part) == ("hours", 60, "1")


def test_the_office_sets_which_entry_counts(town):
    client, address = signed_in(town.office), "/993018/usage/setting/"
    assert client.post(address, {"file_wins": "on"}).status_code == 302
    assert UsageSetting.objects.get().file_wins
    assert client.post(address, {}).status_code == 302
    assert not UsageSetting.objects.get().file_wins
    assert signed_in(town.chief).get(address).status_code == 403


def test_the_month_of_a_department_leads_to_its_records(town):
    answer = signed_in(town.office).get(f"/993018/usage/?month=2026-08&department={town.zeimu.pk}")
    assert "江口 森" in answer.text
    assert "安藤 海" not in answer.text


@pytest.mark.usefixtures("tenth")
@pytest.mark.parametrize("month", ["9999-12", "0001-01", "1949-12", "2037-01", "2026-W1", "never"])
def test_a_month_out_of_range_shows_the_present_one(town, month):
    answer = signed_in(town.office).get(f"/993018/usage/?month={month}")
    assert answer.status_code == 200
    assert answer.context["month"] == date(2026, 11, 1)


@pytest.mark.usefixtures("tenth")
@pytest.mark.parametrize("month", ["1950-01", "2036-12"])
def test_a_month_at_the_edge_of_the_range_is_shown(town, month):
    answer = signed_in(town.office).get(f"/993018/usage/?month={month}")
    assert answer.context["month"] == date.fromisoformat(f"{month}-01")


@pytest.mark.usefixtures("tenth")
@pytest.mark.parametrize("month", ["", "&month=", "&month=9999-12"])
def test_a_department_without_a_month_filters_the_present_one(town, month):
    build.used(town.staff[0], town.kikaku, date(2026, 11, 2))
    build.used(town.tax_staff, town.zeimu, date(2026, 11, 2))
    answer = signed_in(town.office).get(f"/993018/usage/?department={town.zeimu.pk}{month}")
    assert [row.member for row in answer.context["rows"]] == [town.tax_staff]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "9999-W52-7"])
def test_other_addresses_take_any_day(town, day):
    client = signed_in(town.office)
    assert client.get(f"/993018/?due={day}").status_code == 200
