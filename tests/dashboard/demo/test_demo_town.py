"""The demonstration town: lived in, the same for the same seed and day, and every link in it
opens.
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_otp.oath import TOTP

from dashboard.demo.accounts import ROLES
from dashboard.demo.loader import load_body
from dashboard.demo.organisation import Body, create_demo_body
from dashboard.demo.plans import town
from dashboard.home.page import read_home
from dashboard.home.todo import TABS
from evaluation.appraisal.one_on_ones.models import OneOnOne
from evaluation.appraisal.sheets.models import Sheet
from evaluation.pdca.actions.models import Action
from evaluation.pdca.reviews.models import Review
from municipality.accounts.models import Authenticator, User
from municipality.audit.chain import verify_chains
from municipality.decisions.models import Decision, Step
from municipality.notifications.models import Mail, Notice
from municipality.organisation.models import Department, Member, Municipality, Posting
from municipality.organisation.open_days import open_days
from pilots.days.models import Submission, Usage, UsageMonth
from pilots.days.month_states import missing_months, month_states
from pilots.participants.models import Participant
from pilots.planning.models import Expansion, Pilot
from rollout.readiness.models import Answer, Assessment
from tests.build.dashboard import AS_OF
from tests.build.frozen import read_of
from tests.build.municipality import at, signed_in
from training.assignments.models import Assignment
from training.completions.models import Completion

SKETCH = {
    Member: ("number", "name", "kana", "employment"),
    Usage: ("member__number", "day", "unit", "place"),
    Answer: ("assessment__department__code", "criterion__code", "own_level", "reviewed_level"),
    Participant: ("member__number", "state", "agreed_on"),
    Assignment: ("member__number", "course__code", "due_on", "state"),
    OneOnOne: ("pair__member__number", "held_on", "minutes", "mode"),
    Review: ("cadence", "first", "department__code", "state"),
    Sheet: ("member__number", "state", "submitted_at"),
    Notice: ("member__number", "rule", "stage", "told_at"),
}


def sketch(body: Municipality) -> dict[str, list]:
    """What is random about a body, without its numbers in the database."""
    return {
        model.__name__: sorted(
            model.objects.filter(municipality=body).values_list(*fields), key=str
        )
        for model, fields in SKETCH.items()
    }


def client_of(role: str):
    return signed_in(
        Member.objects.select_related("user").get(user__username=f"{role}@aoba.example.jp")
    )


def written(command: str, **options) -> str:
    out = io.StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


# --- what it holds --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_town_has_110_people_in_twelve_departments(demo):
    assert (Member.objects.count(), Department.objects.answering().count()) == (110, 12)


@pytest.mark.django_db
def test_its_names_have_what_old_systems_lose_and_one_is_long(demo):
    names = "".join(Member.objects.values_list("name", flat=True))
    assert {"髙", "﨑", "𠮷"} <= set(names)
    assert max(map(len, Member.objects.values_list("name", flat=True))) == 15


@pytest.mark.django_db
def test_one_pilot_runs_one_is_over_and_an_expansion_waits_for_the_executive(demo):
    assert Counter(Pilot.objects.values_list("state", flat=True)) == {"running": 1, "finished": 1}
    expansion = Expansion.objects.get()
    step = Step.objects.get(
        decision__matter="pilots.expansion", decision__subject_id=expansion.pk, state="current"
    )
    holder = Posting.objects.get(department=step.department, post=step.post).member
    assert (expansion.state, holder.user.username) == ("deciding", "executive@aoba.example.jp")


@pytest.mark.django_db
def test_the_executive_approves_and_the_next_pilots_are_there(demo, tenth):
    client = client_of("executive")
    decision = Decision.objects.get(matter="pilots.expansion")
    page = f"/{demo.body.pk}/decisions/{decision.pk}/"
    step = decision.steps.get(state="current")
    answer = client.post(f"{page}approve/", {"step": step.pk, "comment": ""})
    assert answer.status_code == 302
    assert Counter(Pilot.objects.values_list("state", flat=True)) == {
        "running": 1,
        "finished": 1,
        "approved": 2,
    }


@pytest.mark.django_db
def test_what_the_second_wave_does_not_meet_was_passed_over_and_the_mayor_reads_why(demo):
    tax = next(
        row for row in Expansion.objects.get().evidence["departments"] if row["name"] == "税務課"
    )
    assert tax["open"] == []
    assert [(each["code"], each["granted_as"]) for each in tax["exceptions"]] == [
        ("I2", "副町長(情報セキュリティ責任者)")
    ]
    decision = Decision.objects.get(matter="pilots.expansion")
    content = read_of(decision)
    assert "業務システムに接続しない業務に限るため" in content["notices"][0]["text"]


def test_a_month_of_it_was_declared_and_one_is_missing(demo):
    months = [demo.month(n) for n in (-4, -3, -2, -1)]
    states = month_states(demo.body, months)
    soumu = demo.departments["0101"].pk
    assert [states[month.first][soumu] for month in months] == [
        Submission.NONE,
        Submission.MISSING,
        Submission.RECORDED,
        Submission.RECORDED,
    ]
    assert UsageMonth.objects.filter(department=soumu).count() == 4
    assert [row.month for row in missing_months(demo.body)] == [months[1].first]


def test_every_state_of_its_readiness_occurs(demo):
    states = Counter(Assessment.objects.filter(round__number=2).values_list("state", flat=True))
    assert states == {"confirmed": 9, "submitted": 1, "returned": 1, "entering": 1}


@pytest.mark.django_db
def test_its_reviews_goals_and_talks_are_lived_in(demo):
    assert Review.objects.filter(department=None, state="decided").count() >= 5
    assert Review.objects.filter(state="entering").exists()
    assert Action.objects.filter(state="open").count() == 4
    closed = Review.objects.exclude(state="entering")
    texts = list(closed.values_list(*Review.PARTS))
    assert len(texts) > 20
    assert all(all(parts) for parts in texts)
    assert len(set(texts)) == len(texts)
    assert max(Counter(parts[2] for parts in texts).values()) <= len(texts) / 4
    assert set(Sheet.objects.values_list("state", flat=True)) == {"draft", "submitted", "agreed"}
    assert OneOnOne.objects.count() > 60


@pytest.mark.django_db
def test_nothing_of_it_happens_after_its_day(demo):
    assert not Usage.objects.filter(day__gte=AS_OF).exists()
    assert not OneOnOne.objects.filter(held_on__gt=AS_OF).exists()
    assert not Completion.objects.filter(completed_on__gt=AS_OF).exists()
    late = at(2026, 11, 11, 0)
    assert not Notice.objects.filter(told_at__gte=late).exists()
    assert not Review.objects.filter(closed_at__gte=late).exists()
    assert not Step.objects.filter(acted_at__gte=late).exists()


@pytest.mark.django_db
def test_its_reviews_were_closed_before_its_day_began(demo):
    """Whoever loads it in the morning reads of nothing that was done in the afternoon."""
    begins = at(AS_OF.year, AS_OF.month, AS_OF.day, 0)
    assert Review.objects.filter(closed_at__lt=begins).exists()
    assert not Review.objects.filter(closed_at__gte=begins).exists()
    assert not Step.objects.filter(
        decision__matter="evaluation.review", acted_at__gte=begins
    ).exists()


@pytest.mark.django_db
def test_nothing_falls_on_a_closed_day(demo):
    calendar = open_days(demo.body)
    days = {
        *Usage.objects.values_list("day", flat=True),
        *OneOnOne.objects.values_list("held_on", flat=True),
    }
    assert [day for day in days if not calendar.is_open(day)] == []


@pytest.mark.django_db
def test_its_history_is_whole_and_nothing_was_mailed(demo):
    assert [verdict.bad_line for verdict in verify_chains()] == [None]
    assert (Mail.objects.count(), Notice.objects.filter(wants_mail=True).count()) == (0, 0)
    assert Notice.objects.filter(read_at=None).exists()
    assert Municipality.objects.get().sending is True


# --- its accounts ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_accounts_are_printed_one_per_role(demo):
    found = json.loads(written("demo_accounts", json=True))
    assert [account["role"] for account in found] == list(ROLES)
    assert {tuple(account) for account in found} == {
        ("role", "name", "mail", "password", "secret", "municipality")
    }
    assert {account["municipality"] for account in found} == {"993018"}


@pytest.mark.django_db
def test_each_printed_account_signs_in(demo):
    for account in json.loads(written("demo_accounts", json=True)):
        user = User.objects.get(username=account["mail"])
        assert user.check_password(account["password"])
        assert re.fullmatch("[A-Z2-7]{32}", account["secret"])
        key = base64.b32decode(account["secret"])
        totp = TOTP(key)
        totp.time = timezone.now().timestamp()
        assert Authenticator.objects.get(user=user).verify_token(f"{totp.token():06d}")


@pytest.mark.django_db
def test_for_people_the_accounts_stand_in_columns(demo):
    lines = written("demo_accounts").splitlines()
    assert (len(lines), lines[0].split()[0]) == (8, "役割")
    assert all("993018" in line for line in lines[1:])


# --- every link -----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_link_on_home_opens_for_whoever_got_it(demo, tenth, role):
    client = client_of(role)
    code = demo.body.pk
    pages = [f"/{code}/", *(f"/{code}/?tab={tab}" for tab in TABS)]
    links = {link for page in pages for link in links_of(client.get(page), page)}
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in ROLES if role != "staff"])
def test_every_link_on_the_dashboard_opens_for_whoever_got_it(demo, tenth, role):
    client, page = client_of(role), f"/{demo.body.pk}/dashboard/"
    links = links_of(client.get(page), page)
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def links_of(answer, page: str) -> set[str]:
    """The addresses in the page's main part, those into the page itself apart."""
    assert answer.status_code == 200
    html = answer.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    found = {
        link.replace("&amp;", "&").partition("#")[0] for link in re.findall(r'href="([^"]*)"', main)
    }
    return {
        page.partition("?")[0] + link if link.startswith("?") else link for link in found if link
    }


each_third_or_all = pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.soak)])


def people_of_town(step: int) -> list[Member]:
    """Everybody, or each so manieth."""
    return list(Member.objects.select_related("municipality", "user").order_by("pk"))[::step]


@each_third_or_all
@pytest.mark.django_db
def test_everybody_in_town_can_open_everything_that_waits_for_them(demo, tenth, step):
    calendar, opened = open_days(demo.body), 0
    for member in people_of_town(step):
        things = {row.address for row in rows_of(member, calendar)}
        client = signed_in(member) if things else None
        for address in things:
            assert client.get(address).status_code == 200, (member.name, address)
            opened += 1
    assert opened > 40 // step


def rows_of(member: Member, calendar) -> list:
    found = [read_home(member, at(2026, 11, 10), calendar, {"tab": tab}).listing for tab in TABS]
    return [row for listing in found for group in listing.groups for row in group.rows]


@each_third_or_all
@pytest.mark.django_db
def test_the_strip_of_everybody_adds_up(demo, tenth, step):
    calendar = open_days(demo.body)
    for member in people_of_town(step):
        for tab in TABS:
            listing = read_home(member, at(2026, 11, 10), calendar, {"tab": tab}).listing
            assert sum(cell.count for cell in listing.strip) + listing.later.count == len(
                listing.things
            )


# --- the same again -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_same_seed_and_day_make_the_same_town(demo):
    again = load_body(replace(town(), code="993034", accounts=()), seed=1, as_of=AS_OF)
    assert sketch(again.body) == sketch(demo.body)


@pytest.mark.django_db
def test_another_seed_makes_other_people(demo):
    other = create_demo_body(
        replace(town(), code="993034", accounts=()), seed=2, as_of=AS_OF, since=date(2026, 4, 1)
    )
    assert names_of(other) != names_of(demo)


def names_of(body: Body) -> list[str]:
    return [member.name for members in body.people.values() for member in members]


# --- its days -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_day_of_the_story_is_never_after_the_demonstrations(demo):
    assert demo.day(0, 20) == AS_OF
    assert demo.day(-1, 1) == AS_OF.replace(month=10, day=1)
    assert demo.ahead(1) == AS_OF + timedelta(days=1)
