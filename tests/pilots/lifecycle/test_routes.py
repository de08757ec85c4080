"""The route of a pilot's or an expansion's decision, as it is told before anything is drafted."""

from __future__ import annotations

import pytest

from municipality.decisions.models import Decision, RouteStep, RouteTemplate
from municipality.notifications import wording
from municipality.notifications.models import Notice
from municipality.organisation.models import Post
from pilots.planning.models import Expansion
from tests.build import pilots as build
from tests.build.municipality import also_posted, at, signed_in

pytestmark = pytest.mark.django_db
UNUSABLE = "の決裁者は、起案者自身です。"


@pytest.fixture
def town():
    return build.a_town()


@pytest.fixture
def november(monkeypatch):
    """The day is 10 November 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(2026, 11, 10))


def decided_by_chief(town):
    """The routes end at the post of who drafts."""
    RouteStep.objects.filter(kind="decide").update(
        department=town.kikaku, post=Post.objects.get(municipality=town.body, title="課長")
    )


@pytest.fixture
def july(monkeypatch):
    """The day is 23 July 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(2026, 7, 23))


@pytest.mark.usefixtures("july")
def test_who_would_decide_alone_reads_so_on_the_pilot_and_makes_no_draft(town):
    pilot = build.a_planned(town)
    decided_by_chief(town)
    client = signed_in(town.chief)
    page = client.get(pilot.get_absolute_url()).content.decode()
    assert UNUSABLE in page
    assert "決裁者でない職員が起案するか" in page
    address = f"{pilot.get_absolute_url()}request/"
    assert address not in page
    assert client.post(address).status_code == 409
    assert not Decision.objects.exists()
    page = signed_in(town.office).get(pilot.get_absolute_url()).content.decode()
    assert UNUSABLE not in page
    assert address in page


@pytest.mark.usefixtures("november")
def test_an_application_that_could_not_be_sent_leaves_nothing_behind(town):
    pilot = build.an_evaluated(town)
    expansion = build.an_application(town, pilot)
    decided_by_chief(town)
    page = signed_in(town.chief).get(expansion.get_absolute_url()).content.decode()
    assert UNUSABLE in page
    assert "もう一度決裁に回してください" not in page, "it was not sent before"
    Expansion.objects.all().delete()
    before = Decision.objects.count()
    form = {
        "name": "第2期試行",
        "departments": [town.zeimu.pk],
        "starts_on": "2027-01-12",
        "ends_on": "2027-03-31",
        "method": "remote_desktop",
        "days_per_week": "2",
        "initial_yen": "0",
        "monthly_yen": "0",
        "explanation": "税務課の準備度評価は12月に確定します。",
    }
    answer = signed_in(town.chief).post(f"{pilot.get_absolute_url()}expand/", form)
    assert answer.status_code == 409, answer.content.decode()
    assert (Expansion.objects.count(), Decision.objects.count()) == (0, before)


@pytest.mark.usefixtures("july")
@pytest.mark.parametrize(
    ("drafter", "asked", "warns"),
    [("office", False, True), ("office", True, False), ("chief", False, False)],
    ids=["not asked", "asked by the route", "the manager drafts"],
)
def test_the_draft_says_whether_the_managers_of_the_departments_are_asked(
    town, drafter, asked, warns
):
    pilot, member = build.a_planned(town), getattr(town, drafter)
    if asked:
        route = RouteStep.objects.get(template__matter="pilots.pilot").template
        RouteStep.objects.create(
            municipality=town.body, template=route, order=1, kind="agree", post=None
        )
        RouteStep.objects.filter(template=route, kind="decide").update(order=2)
    client = signed_in(member)
    page = client.post(f"{pilot.get_absolute_url()}request/", follow=True).content.decode()
    words = "対象部署の所属長への合議が経路にありません(企画財政課)。"
    assert (words in page) == warns
    assert ("対象部署の所属長は、起案者であるか、経路に入っています。" in page) != warns


# --- who has no route is helped -------------------------------------------------------------------


def told_office():
    """Who was told that somebody has no route, of what, with the page to which it leads."""
    rows = Notice.objects.filter(rule__endswith=".route_wanted").order_by("pk")
    return [(row.rule, row.member.name, row.params["name"], row.object_id) for row in rows]


@pytest.mark.usefixtures("july")
def test_who_has_no_route_asks_the_office_with_one_press_a_day(town):
    pilot = build.a_planned(town)
    decided_by_chief(town)
    client, address = signed_in(town.chief), f"{pilot.get_absolute_url()}ask-for-route/"
    page = client.get(pilot.get_absolute_url()).content.decode()
    assert f'action="{address}"' in page
    assert "事務局に依頼する" in page
    page = client.post(address, follow=True).content.decode()
    assert "事務局に依頼しました。" in page
    assert client.post(address).status_code == 409
    assert told_office() == [("pilots.pilot.route_wanted", "西村 航", "髙瀬 由紀", pilot.pk)]
    notice = Notice.objects.get(rule__endswith=".route_wanted")
    text = wording.worded(notice)
    assert text.subject == "起案の依頼「試行「第1期試行(企画財政課)」の実施」"
    assert text.address.endswith(pilot.get_absolute_url())


@pytest.mark.usefixtures("july")
def test_who_could_draft_or_has_a_draft_open_does_not_call_the_office(town):
    pilot = build.a_planned(town)
    client, address = signed_in(town.chief), f"{pilot.get_absolute_url()}ask-for-route/"
    answer = client.post(address)
    assert (answer.status_code, told_office()) == (409, [])
    assert "ご自身で起案できます" in answer.content.decode()
    client.post(f"{pilot.get_absolute_url()}request/")
    decided_by_chief(town)
    answer = client.post(address)
    assert (answer.status_code, told_office()) == (409, [])
    assert "すでに始まっています" in answer.content.decode()


@pytest.mark.usefixtures("november")
def test_an_applicant_who_could_draft_does_not_call_the_office(town):
    expansion = build.an_application(town, build.an_evaluated(town))
    answer = signed_in(town.chief).post(f"{expansion.get_absolute_url()}ask-for-route/")
    assert (answer.status_code, told_office()) == (409, [])


@pytest.mark.usefixtures("july")
def test_the_office_is_led_to_the_routes_instead(town):
    pilot = build.a_planned(town)
    RouteStep.objects.filter(kind="decide").update(
        department=town.office.postings.get().department,
        post=Post.objects.get(municipality=town.body, title="主事"),
    )
    page = signed_in(town.office).get(pilot.get_absolute_url()).content.decode()
    assert UNUSABLE in page
    assert "事務局に依頼する" not in page
    assert f'href="/{town.body.code}/settings/routes/"' in page


@pytest.mark.usefixtures("november")
def test_an_application_without_a_route_asks_the_office_as_well(town):
    expansion = build.an_application(town, build.an_evaluated(town))
    decided_by_chief(town)
    client, address = signed_in(town.chief), f"{expansion.get_absolute_url()}ask-for-route/"
    assert f'action="{address}"' in client.get(expansion.get_absolute_url()).content.decode()
    assert client.post(address).status_code == 302
    assert told_office() == [
        ("pilots.expansion.route_wanted", "西村 航", "髙瀬 由紀", expansion.pk)
    ]


@pytest.mark.usefixtures("july")
def test_the_page_and_the_draft_agree_on_the_posting_from_which_one_acts(town):
    """The main posting of who runs the pilot rests; they are there in 税務課, whose route binds."""
    pilot = build.a_planned(town, lead=town.staff[0])
    runs = town.chief
    also_posted(runs, town.zeimu, "manager", post="課長")
    runs.postings.filter(kind="main").update(status="leave")
    pilot.lead = runs
    pilot.save()
    RouteTemplate.objects.filter(matter="pilots.pilot").update(department=town.zeimu)
    RouteStep.objects.filter(template__matter="pilots.pilot").update(
        department=town.zeimu, post=Post.objects.get(municipality=town.body, title="係長")
    )
    also_posted(runs, town.zeimu, post="係長")
    page = signed_in(runs).get(pilot.get_absolute_url()).content.decode()
    assert UNUSABLE in page
    assert signed_in(runs).post(f"{pilot.get_absolute_url()}request/").status_code == 409
    assert not Decision.objects.exists()
