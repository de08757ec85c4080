"""What the office sets for reminders: the ladder as data, what is held when there are too many, and
words of its own.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils.translation import override

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.core.registry import deadlines
from municipality.decisions.models import Step
from municipality.decisions.operations.decisions import approve
from municipality.notifications.mail_hours import accepts
from municipality.notifications.models import MailHours, Notice, Wording
from municipality.notifications.operations.outbox import deliver_mails
from municipality.notifications.wording import faults_in, may_be_reworded, own_words, worded
from municipality.organisation.models import Member, Municipality
from municipality.organisation.open_days import OpenDays
from municipality.reminders.models import Hold, LadderVersion
from municipality.reminders.operations.mails import gather_mails
from municipality.reminders.operations.planning import ladder_of, plan_reminders
from municipality.reminders.operations.settings import (
    drop_hold,
    release_hold,
    set_ladder,
    set_words,
    version_of,
)
from municipality.reminders.queries import next_day, rule_rows
from municipality.reminders.schedule import Ladder, reached
from tests.build import decisions as build
from tests.build.municipality import a_member, at, root_of, signed_in
from tests.build.reminders import a_town_with_decisions
from tests.build.town import with_another_body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
NOW = at(2026, 11, 6)
LADDER = {"stages": [-2, 0, 2], "manager_from": None, "office_from": 2, "cap": None}


@pytest.fixture
def town():
    return a_town_with_decisions(1, 2, 3)


def told(member: Member) -> list[tuple[int, str]]:
    rows = (
        Notice.objects.visible_to(member).filter(rule="decision.step").order_by("object_id", "pk")
    )
    return list(rows.values_list("object_id", "stage"))


def day(town, month: int, number: int, hour: int = 9) -> int:
    body, now = Municipality.objects.get(pk=town.body.pk), at(2026, month, number, hour)
    plan_reminders(body, now=now)
    gather_mails(body, now=now)
    return deliver_mails(now=now)


# --- the ladder -----------------------------------------------------------------------------------


def test_the_usual_ladder_holds_until_the_office_sets_one(town):
    assert ladder_of(town.body) == Ladder((-5, -1, 0, 1, 3, 5), 3, 5, None, 0)
    set_ladder(town.body, version=0, **LADDER, by=town.office, now=NOW)
    assert ladder_of(town.body) == Ladder((-2, 0, 2), None, 2, None, 1)


def test_the_bodys_own_ladder_is_what_people_are_told_by_and_each_notice_keeps_its_version(town):
    set_ladder(town.body, version=0, **LADDER, by=town.office, now=NOW)
    for number in (4, 5, 6, 9, 10, 11, 12):
        day(town, 11, number)
    number = town.decisions[0].pk
    assert [stage for thing, stage in told(town.chief) if thing == number] == ["-2", "0", "+2"]
    assert [stage for thing, stage in told(town.office) if thing == number] == ["+2"]
    assert set(Notice.objects.values_list("ladder_version", flat=True)) == {1}


def test_a_ladder_that_somebody_else_changed_first_is_refused_and_earlier_ones_are_kept(town):
    set_ladder(town.body, version=0, **LADDER, by=town.office, now=NOW)
    with pytest.raises(Conflict):
        set_ladder(town.body, version=0, **{**LADDER, "stages": [1]}, by=town.office, now=NOW)
    set_ladder(town.body, version=1, **{**LADDER, "stages": [0, 2]}, by=town.office, now=NOW)
    assert [row.stages for row in LadderVersion.objects.order_by("version")] == [[-2, 0, 2], [0, 2]]
    assert Entry.objects.filter(verb="ladder.set").count() == 2


def test_the_ladder_is_the_offices(town):
    with pytest.raises(Denied):
        set_ladder(town.body, version=0, **LADDER, by=town.chief, now=NOW)


def test_without_a_manager_the_office_is_told_in_the_managers_place(town):
    Member.objects.filter(pk=town.chief.pk).update(is_active=False)
    boss = a_member(root_of(town.body), "manager", post="町長", mail="")
    Step.objects.update(post=boss.postings.get().post, department=root_of(town.body))
    day(town, 11, 12)
    assert {stage for _thing, stage in told(boss)} == {"+3"}
    assert told(town.office) == []  # the mayor leads everything


@pytest.mark.parametrize(
    ("came_in_on", "today", "stage"),
    [
        (
            date(2026, 11, 10),
            date(2026, 11, 10),
            None,
        ),  # in by a file, ten days late: nothing of the past
        (date(2026, 11, 10), date(2026, 11, 20), None),
        (
            date(2026, 11, 2),
            date(2026, 11, 2),
            1,
        ),  # one day late as it came: that stage is of today
        (date(2026, 11, 4), date(2026, 11, 4), None),
        (date(2026, 11, 4), date(2026, 11, 5), 3),  # the stages after it came are told
        (date(2026, 10, 1), date(2026, 11, 20), 5),  # came in before it was due
        (None, date(2026, 11, 20), 5),  # the clock opened it
    ],
)
def test_what_arrives_late_is_not_told_of_stages_before_it_came(came_in_on, today, stage):
    assert reached(date(2026, 10, 30), today, OpenDays(), came_in_on=came_in_on) == stage


def test_only_what_the_clock_opens_is_told_although_it_opened_late():
    assert {rule for rule, deadline in deadlines().items() if deadline.opens_itself} == {
        "review.enter",
        "usage.hand_in",
        "usage.hand_in_clerk",
    }


# --- every rule on one page -----------------------------------------------------------------------


def test_every_rule_of_every_room_says_whom_it_asks_and_whom_it_tells():
    assert [rule for rule, deadline in deadlines().items() if not str(deadline.whom)] == []


def test_the_page_lists_every_rule_with_what_waits_and_when_it_tells_next(
    town, django_assert_num_queries
):
    with django_assert_num_queries(1):
        rows = rule_rows(town.body, date(2026, 11, 4), OpenDays(), Ladder())
    assert [row.rule for row in rows] == list(deadlines())
    first = rows[0]
    assert (first.rule, first.waiting, first.next_on) == ("decision.step", 3, date(2026, 11, 6))


def test_the_next_day_is_an_open_one_after_today():
    assert next_day([date(2026, 11, 9)], date(2026, 11, 6), OpenDays(), Ladder()) == date(
        2026, 11, 9
    )
    assert next_day([date(2026, 5, 7)], date(2026, 4, 28), OpenDays(), Ladder()) == date(2026, 5, 1)
    assert next_day([date(2026, 11, 9)], date(2026, 12, 28), OpenDays(), Ladder()) is None


# --- too many at once -----------------------------------------------------------------------------


@pytest.fixture
def held(town) -> Hold:
    set_ladder(
        town.body,
        version=0,
        **{**LADDER, "stages": [-1, 0, 1, 2], "cap": 2},
        by=town.office,
        now=NOW,
    )
    day(town, 11, 6)
    return Hold.objects.get()


def test_more_than_usual_wait_for_the_office_which_is_told(town, held):
    assert told(town.chief) == []
    assert Notice.objects.filter(hold=held).count() == 3
    assert [message.to for message in mail.outbox] == [["jimu@town.example.jp"]]
    assert Notice.objects.get(rule="reminders.held").member == town.office
    assert Entry.objects.get(verb="reminders.held").content.body["count"] == 3


def test_as_many_as_usual_go_out(town):
    set_ladder(
        town.body, version=0, **{**LADDER, "stages": [-1], "cap": 3}, by=town.office, now=NOW
    )
    day(town, 11, 6)
    assert len(told(town.chief)) == 3
    assert not Hold.objects.exists()


def test_a_second_round_and_a_second_day_add_to_the_same_hold(town, held):
    day(town, 11, 6, hour=17)
    day(town, 11, 9)
    assert Hold.objects.get() == held
    assert Notice.objects.filter(hold=held).count() == 6
    assert Notice.objects.filter(rule="reminders.held").count() == 1


def test_escalations_are_never_held(town, held):
    day(town, 11, 11)  # the second day late: the office is told beside the person
    assert len(told(town.office)) == 3
    assert told(town.chief) == []


def test_letting_go_tells_what_is_still_due(town, held):
    approve(build.step_of(town.decisions[0], 1), by=town.chief, now=at(2026, 11, 6, 10))
    assert release_hold(held, by=town.office, now=at(2026, 11, 6, 11)) == 2
    assert told(town.chief) == [(decision.pk, "-1") for decision in town.decisions[1:]]
    mail.outbox.clear()
    assert day(town, 11, 6, hour=12) == 2  # and the drafter, whose first decision was taken
    assert {message.to[0] for message in mail.outbox} == {
        "kacho@town.example.jp",
        town.drafter.mail,
    }
    assert day(town, 11, 6, hour=13) == 0


def test_letting_go_later_tells_the_present_stage_once(town, held):
    approve(build.step_of(town.decisions[0], 1), by=town.chief, now=at(2026, 11, 9, 8))
    day(town, 11, 9)  # two are no unusual number: they go out by themselves
    held.refresh_from_db()
    assert release_hold(held, by=town.office, now=at(2026, 11, 9, 10)) == 0
    assert told(town.chief) == [(decision.pk, "0") for decision in town.decisions[1:]]


def test_what_was_dropped_is_never_told_but_the_next_stage_is(town, held):
    drop_hold(held, by=town.office, now=NOW)
    assert day(town, 11, 6, hour=15) == 0
    assert told(town.chief) == []
    LadderVersion.objects.update(cap=100)
    day(town, 11, 9)
    assert [stage for _thing, stage in told(town.chief)] == ["0", "0", "0"]


def test_a_hold_is_decided_once_and_by_the_office(town, held):
    with pytest.raises(Denied):
        release_hold(held, by=town.chief, now=NOW)
    release_hold(held, by=town.office, now=NOW)
    with pytest.raises(Conflict):
        drop_hold(Hold.objects.get(), by=town.office, now=NOW)


@pytest.mark.selfcheck
def test_without_the_limit_all_would_go_out(town, monkeypatch):
    monkeypatch.setattr(Ladder, "most", lambda self, people: 10**9)
    set_ladder(
        town.body, version=0, **{**LADDER, "stages": [-1], "cap": 2}, by=town.office, now=NOW
    )
    day(town, 11, 6)
    assert len(told(town.chief)) == 3


# --- words of its own -----------------------------------------------------------------------------


def reword(
    town,
    *,
    rule="decision.step",
    language="ja",
    version=0,
    subject="至急 {title}",
    text="{stage} 起案 {note}",
):
    return set_words(
        town.body,
        rule,
        language,
        version=version,
        subject=subject,
        text=text,
        by=town.office,
        now=NOW,
    )


def test_the_bodys_words_stand_in_notices_and_mails_of_their_language_alone(town):
    reword(town)
    day(town, 11, 6)
    notice = Notice.objects.visible_to(town.chief).first()
    words = worded(notice, own_words(town.body))
    assert (words.subject, words.body) == (
        "至急 第2期試行への展開",
        f"期限は令和8年11月9日です。 起案 {town.drafter.name}",
    )
    assert "至急 第2期試行への展開" in mail.outbox[-1].body
    assert "期限は令和8年11月9日です(あと1開庁日)。 起案" in mail.outbox[-1].body
    assert worded(notice).subject == "第2期試行への展開"
    with override("en"):
        assert own_words(town.body) == {}


def test_back_to_the_products_words_and_every_version_is_kept(town):
    reword(town)
    reword(town, version=1, subject="", text="")
    assert own_words(town.body) == {}
    assert version_of(town.body, "decision.step", "ja").version == 2
    assert Wording.objects.count() == 2
    with pytest.raises(Conflict):
        reword(town, version=1)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("{title}の期限は{due}です。", []),
        ("{name}さん", ["{name}"]),
        ("{title.__class__}", ["{", "}"]),
        ("{title!r}{0}", ["{0}", "{", "}"]),
        ("%(title)s {{ title }}", ["{", "}"]),
        ("{title", ["{"]),
    ],
)
def test_only_names_that_are_filled_in_may_stand_in_braces(town, text, faults):
    assert faults_in("decision.step", text) == faults
    if faults:
        with pytest.raises(Conflict):
            reword(town, text=text)


def test_what_is_filled_in_is_not_read_as_words_again(town):
    reword(town, subject="{title}", text="{note}")
    Step.objects.filter(decision=town.decisions[0]).first()
    notice = Notice(
        municipality=town.body,
        member=town.chief,
        rule="decision.step",
        object_id=1,
        stage="0",
        due_on=date(2026, 11, 9),
        params={"title": "{note} %(x)s {{ 7*7 }} {% now %}", "note": "<b>"},
    )
    words = worded(notice, own_words(town.body))
    assert (words.subject, words.body) == ("{note} %(x)s {{ 7*7 }} {% now %}", "<b>")


def test_words_about_the_security_of_accounts_are_nobodys_to_change(town):
    for rule in (
        "account.password",
        "account.reset",
        "invitation.sent",
        "mail.test",
        "announcement",
        "nothing",
    ):
        assert not may_be_reworded(rule)
    with pytest.raises(Conflict):
        reword(town, rule="account.password", subject="x", text="y")
    with pytest.raises(Denied):
        set_words(
            town.body,
            "decision.step",
            "ja",
            version=0,
            subject="x",
            text="y",
            by=town.chief,
            now=NOW,
        )


# --- the pages ------------------------------------------------------------------------------------


PAGES = [
    "settings/reminders/",
    "settings/wordings/",
    "settings/wordings/decision.step/ja/",
    "settings/mails/",
    "settings/announcements/",
]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_open_in_both_languages_within_their_queries(
    town, page, django_assert_max_num_queries
):
    client = signed_in(town.office)
    client.get(f"/{town.body.pk}/{page}")
    for language in ("ja", "en"):
        client.cookies["language"] = language
        town.office.user.language = language
        town.office.user.save()
        with django_assert_max_num_queries(14):
            assert client.get(f"/{town.body.pk}/{page}").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"stages": "-5, x"}, "開庁日数を"),
        ({"stages": "-21, 0"}, "-20から60"),
        ({"stages": ",".join(str(n) for n in range(13))}, "12個まで"),
        ({"stages": ""}, "入力してください"),
        ({"manager_from": "4"}, "「知らせる段階」の中の数"),
        ({"cap": "0"}, "以上"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused_with_the_reason(town, wrong, said):
    form = {
        "version": 0,
        "stages": "-5、-1、0、１、3、5",
        "manager_from": 3,
        "office_from": 5,
        "cap": "",
        **wrong,
    }
    answer = signed_in(town.office).post(f"/{town.body.pk}/settings/reminders/", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not LadderVersion.objects.exists()


def test_the_ladder_is_set_on_its_page_in_full_width_too(town):
    form = {
        "version": 0,
        "stages": "−３、０、２",
        "manager_from": "2",
        "office_from": "",
        "cap": "50",
    }
    assert (
        signed_in(town.office).post(f"/{town.body.pk}/settings/reminders/", form).status_code == 302
    )
    assert ladder_of(town.body) == Ladder((-3, 0, 2), 2, None, 50, 1)


def test_words_are_tried_out_before_they_are_saved(town):
    client, address = signed_in(town.office), f"/{town.body.pk}/settings/wordings/decision.step/ja/"
    tried = client.post(
        address, {"version": 0, "subject": "至急 {title}", "text": "{stage}", "preview": "1"}
    )
    assert "至急 文書管理の見直し" in tried.content.decode()
    assert not Wording.objects.exists()
    assert (
        client.post(address, {"version": 0, "subject": "{who}", "text": "{stage}"}).status_code
        == 422
    )
    assert (
        client.post(
            address, {"version": 0, "subject": "至急 {title}", "text": "{stage}"}
        ).status_code
        == 302
    )
    assert (
        client.post(
            address, {"version": 1, "subject": "x", "text": "y", "default": "1"}
        ).status_code
        == 302
    )
    assert own_words(town.body) == {}
    assert client.get(f"/{town.body.pk}/settings/wordings/account.reset/ja/").status_code == 404


def test_what_is_held_is_listed_by_rule_stage_and_person_and_let_go_on_its_page(town, held):
    client, address = signed_in(town.office), held.get_absolute_url()
    page = client.get(address).content.decode()
    assert town.chief.name in page
    assert "第2期試行への展開" not in page  # by rule and person, never by title
    assert client.post(f"{address}release/").status_code == 302
    assert Hold.objects.get().state == "released"


def test_another_bodys_office_sees_none_of_it():
    here, _there = with_another_body()
    for page in PAGES:
        assert here.get("other body", page) == 404


def test_the_day_of_a_pause_and_its_end_are_those_of_japan():
    own = MailHours(from_hour=9, days_off=[4], paused_until=date(2026, 11, 9))
    assert accepts(own, at(2026, 11, 9, 23)) is False
    assert accepts(own, at(2026, 11, 10, 8)) is False
    assert accepts(own, at(2026, 11, 10, 9)) is True
    assert accepts(own, at(2026, 11, 13, 9)) is False  # a Friday
    assert accepts(own, at(2026, 11, 10, 8), hours=False) is True
    assert accepts(own, at(2026, 11, 9, 9) - timedelta(days=1), hours=False) is False


@pytest.mark.parametrize("unreadable", [None, 4, "4", {"4": True}])
def test_days_off_that_cannot_be_read_keep_no_mail_back(unreadable):
    own = MailHours(from_hour=9, days_off=unreadable)
    assert accepts(own, at(2026, 11, 13, 9)) is True  # a Friday
    assert accepts(own, at(2026, 11, 13, 8)) is False
