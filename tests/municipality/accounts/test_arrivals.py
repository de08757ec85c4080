"""Who has not signed in yet; invitations and slips for many at once; whose sign-in is paused; whose
account ends.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from municipality.accounts.models import Authenticator, Invitation
from municipality.accounts.operations.invitations import (
    accept_invitation,
    digest_of_code,
    invite,
    open_invitation,
    short_code,
)
from municipality.accounts.operations.lockouts import lift_lock, locks_of
from municipality.accounts.operations.onboarding import (
    MOST_AT_ONCE,
    counts_of,
    invite_many,
    onboarding_of,
    tell_of_endings,
)
from municipality.audit.models import Entry, EntryContent
from municipality.clock.models import JobRun
from municipality.core import rate_limits
from municipality.core.refusals import Denied
from municipality.notifications.models import Mail, Notice
from municipality.notifications.operations.notify import notify
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Member, Municipality, Posting
from municipality.tasks import run_day
from tests.build.accounts import (
    VERIFY,
    dump_of_all_tables,
    half_signed_in,
    shown,
    shows,
    signs_in,
    someone,
    wait_for_window,
    with_table,
)
from tests.build.faults import refuse_rows
from tests.build.municipality import (
    PASSWORD,
    a_body,
    a_department,
    a_member,
    an_account,
    root_of,
    signed_in,
)

pytestmark = pytest.mark.django_db
PAGE = "/993018/people/arrivals/"


@pytest.fixture
def body():
    return a_body()


@pytest.fixture
def office(body):
    return someone("office", body=body, name="事務 花子")


@pytest.fixture
def soumu(body):
    return a_department(body, "総務課")


def at_every_stage(soumu, office) -> dict[str, Member]:
    """One person at each stage, by its name."""
    people = {
        name: a_member(soumu, name=f"{name} 太郎")
        for name in ("none", "expired", "invited", "half", "ready", "table")
    }
    now = timezone.now()
    for name in ("expired", "invited"):
        invite(people[name], by=office, now=now)
    Invitation.objects.filter(member=people["expired"]).update(expires_at=now - timedelta(days=1))
    for name in ("half", "ready", "table"):
        an_account(people[name])
    Authenticator.objects.filter(user=people["half"].user).delete()
    with_table(people["table"])
    return people


# --- the list -------------------------------------------------------------------------------------


def test_everybody_stands_at_their_stage(soumu, office, body):
    people = at_every_stage(soumu, office)
    rows = {row.pk: row for row in onboarding_of(body, timezone.localdate(), now=timezone.now())}
    assert {name: rows[member.pk].stage for name, member in people.items()} == {
        "none": "none",
        "expired": "expired",
        "invited": "invited",
        "half": "half",
        "ready": "ready",
        "table": "ready",
    }
    assert rows[people["table"].pk].by_table
    counted = counts_of(onboarding_of(body, timezone.localdate(), now=timezone.now()))
    assert counted == {"none": 1, "expired": 1, "invited": 1, "half": 1, "ready": 3}


def test_who_has_left_is_not_waited_for_and_who_comes_next_month_is(soumu, office, body):
    gone = a_member(soumu, ends_on=date(2026, 4, 2))
    coming = a_member(soumu, starts_on=timezone.localdate() + timedelta(days=20))
    numbers = set(
        onboarding_of(body, timezone.localdate(), now=timezone.now()).values_list("pk", flat=True)
    )
    assert gone.pk not in numbers
    assert coming.pk in numbers


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_many_they_are(
    soumu, office, rows, django_assert_num_queries
):
    for _row in range(rows):
        at_every_stage(soumu, office)
    client = signed_in(office)
    client.get(PAGE)
    with django_assert_num_queries(22):
        assert client.get(PAGE).status_code == 200


def test_it_is_narrowed_by_stage_and_department(soumu, office, body):
    people = at_every_stage(soumu, office)
    elsewhere = a_member(a_department(body, "税務課"), name="税務 太郎")
    client = signed_in(office)
    everybody = client.get(PAGE).content.decode()
    assert people["none"].name in everybody
    assert people["ready"].name not in everybody
    assert elsewhere.name in everybody
    text = client.get(f"{PAGE}?stage=expired&department={soumu.pk}").content.decode()
    assert people["expired"].name in text
    assert elsewhere.name not in text
    assert people["none"].name not in text


# --- many at once ---------------------------------------------------------------------------------


def test_many_are_invited_at_one_press_by_mail_and_with_one_entry(soumu, office):
    people = [a_member(soumu) for _number in range(5)]
    a_member(soumu, mail="")
    client = signed_in(office)
    answer = client.post(f"{PAGE}invite/", {"department": soumu.pk}, follow=True)
    assert "6人を招待しました。残りは0人です" in answer.content.decode()
    assert Invitation.objects.filter(member__in=people).count() == 5
    assert Entry.objects.filter(verb="invitation.many").count() == 1
    assert Entry.objects.filter(verb="invitation.sent").count() == 0
    body = EntryContent.objects.get(entry__verb="invitation.many").body
    assert body["count"] == 6
    assert all(member.name not in str(body) for member in people)
    assert deliver_mails() == 5


@pytest.mark.parametrize("rows", [1, 30])
def test_it_costs_the_same_however_many_they_are(soumu, office, rows, django_assert_num_queries):
    people = [a_member(soumu) for _number in range(rows)]
    with django_assert_num_queries(13):
        assert invite_many(people, by=office, now=timezone.now()) == rows


def test_no_more_than_two_hundred_at_one_press(soumu, office):
    for number in range(MOST_AT_ONCE + 3):
        a_member(soumu, kana=f"ア {number:04d}", mail="")
    page = signed_in(office).post(f"{PAGE}invite/", {}, follow=True).content.decode()
    assert "200人を招待しました。残りは3人です" in page


def test_whoever_ran_out_is_invited_again_and_the_old_way_in_is_shut(soumu, office):
    people = at_every_stage(soumu, office)
    before = Invitation.objects.get(member=people["invited"])
    client = signed_in(office)
    client.post(f"{PAGE}invite/", {})
    assert Invitation.objects.pending(timezone.now()).filter(member=people["expired"]).count() == 1
    before.refresh_from_db()
    assert before.revoked_at is None
    client.post(f"{PAGE}invite/", {"again": "1"})
    before.refresh_from_db()
    assert (before.revoked_at is None, before.sealed_token) == (False, None)
    assert Invitation.objects.filter(member=people["ready"]).count() == 0


def test_only_the_office_and_only_its_own_people(soumu, office, body):
    there = someone("office", body=a_body("131016", "みどり市"))
    person = a_member(soumu)
    with pytest.raises(Denied):
        invite_many([person], by=someone(body=body), now=timezone.now())
    assert invite_many([person], by=there, now=timezone.now()) == 0


# --- slips ----------------------------------------------------------------------------------------


def test_slips_of_a_department_show_code_and_end_and_no_password(soumu, office, body):
    people = at_every_stage(soumu, office)
    other = a_member(a_department(body, "税務課"), name="税務 太郎")
    _invitation, token = invite(other, by=office, now=timezone.now())
    client = signed_in(office)
    page = client.get(f"{PAGE}slips/?department={soumu.pk}").content.decode()
    assert page.count('class="slipcard"') == 1
    assert people["invited"].name in page
    assert short_code(token) not in page
    assert "パスワード" not in re.sub(r"<header.*?</header>", "", page, flags=re.DOTALL)
    both = client.get(f"{PAGE}slips/").content.decode()
    assert both.count('class="slipcard"') == 2
    assert short_code(token) in both
    assert token not in both
    assert EntryContent.objects.filter(entry__verb="invitation.slips").last().body["count"] == 2
    assert "is-four" not in client.get(f"{PAGE}slips/?per=1").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_slips_cost_the_same_however_many_they_are(soumu, office, rows, django_assert_num_queries):
    invite_many([a_member(soumu) for _row in range(rows)], by=office, now=timezone.now())
    client = signed_in(office)
    client.get(f"{PAGE}slips/")
    with django_assert_num_queries(17):
        assert client.get(f"{PAGE}slips/").status_code == 200


def test_the_short_code_leads_to_the_invitation(soumu, office):
    person = a_member(soumu, name="髙瀬 陽子")
    _invitation, token = invite(person, by=office, now=timezone.now())
    for typed in (
        short_code(token),
        short_code(token).upper(),
        short_code(token).replace("-", " "),
    ):
        client = Client()
        assert client.post("/invitation/code/", {"code": typed})["Location"] == "/invitation/"
        assert "髙瀬 陽子" in client.get("/invitation/").content.decode()
    assert short_code(token) not in dump_of_all_tables()


def test_a_short_code_of_a_closed_invitation_leads_nowhere(soumu, office):
    _invitation, token = invite(a_member(soumu), by=office, now=timezone.now())
    found = open_invitation(token, now=timezone.now())
    accept_invitation(
        found, username="y.takase", password=PASSWORD, language="ja", now=timezone.now()
    )
    answer = Client().post("/invitation/code/", {"code": short_code(token)})
    assert answer.status_code == 422
    assert "期限が切れています" in answer.content.decode()
    assert Invitation.objects.get().code_digest == digest_of_code(short_code(token))


def test_codes_are_not_guessed(client):
    wait_for_window(rate_limits.INVITATION_BY_ADDRESS)
    answers = [
        client.post("/invitation/code/", {"code": f"aaaa-bbbb-{n:04d}"}).status_code
        for n in range(32)
    ]
    assert answers == [422] * 30 + [429] * 2


# --- paused ---------------------------------------------------------------------------------------


def fails(user, times: int = 6) -> str:
    return [signs_in(Client(), user.username, "wrong").content.decode() for _turn in range(times)][
        -1
    ]


def test_who_is_paused_is_told_since_when_until_when_and_what_helps(body):
    wait_for_window(rate_limits.NAME_BY_STRANGERS, 30)
    page = fails(someone(body=body).user)
    now = timezone.localtime()
    until = timezone.localtime(
        timezone.datetime.fromtimestamp(
            rate_limits.NAME_BY_STRANGERS.ends_at(), timezone.get_current_timezone()
        )
    )
    assert f"{now.hour}:" in page
    assert f"{until.hour}:{until.minute:02d}を過ぎると" in page
    assert "事務局に解除を頼んでください" in page


def test_a_name_that_nobody_has_is_told_the_same(body):
    wait_for_window(rate_limits.NAME_BY_STRANGERS, 30)
    texts = []
    for name in (someone(body=body).user.username, "niemand@town.example.jp"):
        pages = [signs_in(Client(), name, "wrong").content.decode() for _turn in range(6)]
        texts.append(re.search(r"失敗が続いたため[^<]+", pages[-1])[0])
    assert texts[0] == texts[1]


def test_the_office_sees_who_is_paused_and_lifts_it(body, office):
    wait_for_window(rate_limits.NAME_BY_STRANGERS, 30)
    person = someone(body=body, name="髙瀬 陽子")
    fails(person.user)
    (lock,) = locks_of(body, now=timezone.now())
    assert (lock.member, lock.step) == (person, "password")
    client = signed_in(office)
    assert "髙瀬 陽子" in client.get(PAGE).content.decode()
    client.post(f"/993018/people/{person.pk}/lift/")
    assert locks_of(body, now=timezone.now()) == []
    assert signs_in(Client(), person.user.username, PASSWORD).status_code == 302
    assert (
        Entry.objects.filter(
            verb="sign_in.lifted", actor_id=office.pk, subject_id=person.pk
        ).count()
        == 1
    )
    fails(person.user)
    assert len(locks_of(body, now=timezone.now())) == 1


def test_a_device_that_waits_long_is_seen_and_lifted_too(body, office):
    person = someone(body=body)
    now = timezone.now()
    Authenticator.objects.filter(user=person.user).update(
        throttling_failure_count=10, throttling_failure_timestamp=now
    )
    (lock,) = locks_of(body, now=now)
    assert (lock.step, lock.until - lock.since) == ("code", timedelta(seconds=512))
    lift_lock(person, by=office, now=now)
    assert locks_of(body, now=now) == []
    assert shows(half_signed_in(person.user), shown(person.user), VERIFY).status_code == 302


def test_another_body_neither_sees_nor_lifts_it(body):
    wait_for_window(rate_limits.NAME_BY_STRANGERS, 30)
    person, there = someone(body=body), someone("office", body=a_body("131016", "みどり市"))
    fails(person.user)
    assert locks_of(there.municipality, now=timezone.now()) == []
    with pytest.raises(Denied):
        lift_lock(person, by=there, now=timezone.now())


# --- accounts that end ----------------------------------------------------------------------------


@pytest.fixture
def expert(body):
    last = timezone.localdate() + timedelta(days=10)
    return someone_until(body, last)


def someone_until(body, last: date) -> Member:
    """An external expert whose posting ends on that day."""
    member = a_member(root_of(body), "consultant", name="三枝 千景", ends_on=last)
    an_account(member)
    return member


def test_the_office_sees_which_accounts_end_soon_and_is_told_once(body, office, expert):
    someone_until(body, timezone.localdate() + timedelta(days=90))
    page = signed_in(office).get(PAGE).content.decode()
    assert page.split('id="endings"')[1].count("三枝 千景") == 1
    told = [tell_of_endings(body, timezone.now()) for _turn in range(2)]
    assert told == [1, 0]
    assert Notice.objects.get(rule="account.ending").member == office


def test_an_ending_that_cannot_be_told_keeps_no_other_from_it(body, office, expert):
    second = someone_until(body, timezone.localdate() + timedelta(days=12))
    refuse_rows("INSERT", Notice, "object_id", expert.pk)
    assert tell_of_endings(body, timezone.now()) == 1
    assert Notice.objects.get(rule="account.ending").object_id == second.pk
    assert JobRun.objects.troubled().get().job.startswith("municipality.tell_of_endings ")


def test_on_the_day_after_nothing_is_open_and_nothing_is_mailed(body, office, expert):
    client = signed_in(expert)
    assert client.get("/993018/").status_code == 200
    notify(expert, "account.password", expert, stage="1", now=timezone.now())
    assert Mail.objects.filter(member=expert, state="queued").count() == 1
    Posting.objects.filter(member=expert).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert client.get("/993018/").status_code == 404
    deliver_mails()
    assert Mail.objects.get(member=expert).state == "dropped"


def test_the_daily_jobs_run(body, office, expert):
    Municipality.objects.update(sending=True)
    run_day(timezone.now())
    assert Notice.objects.filter(rule="account.ending").count() == 1
