"""設定 as one place: every page is on the home, what a rule was is kept with its version, and posts
have an order.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.core.registry import setting_pages, subjects
from municipality.organisation.models import Municipality, Post, SettingVersion
from municipality.organisation.operations.posts import add_post, move_post, remove_post, rename_post
from municipality.organisation.operations.settings import (
    add_closed_day,
    change_body,
    remove_closed_day,
)
from municipality.organisation.setting_history import changes_of
from municipality.setup.settings_pages import GROUPS
from tests.build import decisions as build
from tests.build.municipality import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
NOON, LATER = at(2026, 5, 1, 12), at(2026, 5, 8, 12)


def words(body, key):
    return [
        (change.title, line.label, line.before, line.after)
        for change in changes_of(body, key)
        for line in change.lines
    ]


def test_the_home_leads_to_every_page_of_settings(town):
    client = town.client("office")
    page = client.get(f"/{town.body.pk}/settings/").content.decode()
    for setting in setting_pages():
        address = reverse(setting.view, args=[town.body.pk])
        assert f'href="{address}"' in page
        assert str(setting.line) in page
        assert client.get(address).status_code == 200
    assert {setting.group for setting in setting_pages()} <= {group.name for group in GROUPS}


def test_what_a_rule_was_is_kept_with_who_and_from_when_to_when(town):
    office = town.people["office"]
    change_body(town.body, edition=1, small_cell=10, sending=False, by=office, now=NOON)
    change_body(town.body, edition=2, small_cell=8, by=office, now=LATER)
    newest, first = changes_of(town.body, "body")
    assert [(line.label, line.before, line.after) for line in newest.lines] == [
        ("表示する最少の人数", "10", "8")
    ]
    assert [(line.label, line.before, line.after) for line in first.lines] == [
        ("表示する最少の人数", "5", "10"),
        ("メールを送る", "はい", "いいえ"),
    ]
    assert (first.at, first.until, first.by) == (NOON, LATER, "あおば町 office")
    assert (newest.at, newest.until) == (LATER, None)


@pytest.mark.parametrize(
    ("moment", "small"),
    [
        (at(2026, 4, 1), 5),
        (at(2026, 5, 1, 11, 59), 5),
        (NOON, 10),
        (at(2026, 5, 8, 11, 59), 10),
        (LATER, 8),
    ],
)
def test_what_held_at_a_moment_can_be_asked(town, moment, small):
    for edition, value, now in ((1, 10, NOON), (2, 8, LATER)):
        change_body(town.body, edition=edition, small_cell=value, by=town.people["office"], now=now)
    begun = Q(starts_at=None) | Q(starts_at__lte=moment)
    held = SettingVersion.objects.filter(begun, Q(ends_at=None) | Q(ends_at__gt=moment))
    assert [row.values["small_cell"] for row in held.filter(key="body")] == [small]
    assert not held.filter(key="posts").exists()


def test_a_save_that_changes_nothing_leaves_no_version(town):
    change_body(town.body, edition=1, small_cell=5, by=town.people["office"], now=NOON)
    assert not SettingVersion.objects.exists()


def test_a_change_that_began_before_the_last_one_follows_it(town):
    """Of two at the same moment the second waits for the first, with the earlier time in hand."""
    for edition, value, now in ((1, 10, LATER), (2, 8, NOON)):
        change_body(town.body, edition=edition, small_cell=value, by=town.people["office"], now=now)
    times = (
        SettingVersion.objects.filter(key="body").order_by("pk").values_list("starts_at", "ends_at")
    )
    assert list(times) == [(None, LATER), (LATER, LATER), (LATER, None)]


def test_a_refused_change_leaves_no_version(town):
    with pytest.raises(Conflict):
        change_body(town.body, edition=7, small_cell=10, by=town.people["office"], now=NOON)
    with pytest.raises(Denied):
        change_body(town.body, edition=1, small_cell=10, by=town.people["manager"], now=NOON)
    assert not SettingVersion.objects.exists()


def test_of_each_setting_one_version_is_in_force(town):
    SettingVersion.objects.create(municipality=town.body, key="body", values={})
    with pytest.raises(IntegrityError), transaction.atomic():
        SettingVersion.objects.create(municipality=town.body, key="body", values={})


def test_closed_days_routes_and_deputies_keep_what_they_were(town):
    office = town.people["office"]
    day = add_closed_day(
        town.body, date(2026, 6, 1), name="開庁記念日", is_open=False, by=office, now=NOON
    )
    remove_closed_day(day, by=office, now=LATER)
    assert words(town.body, "closed_days") == [
        ("", "2026-06-01", "開庁記念日", ""),
        ("", "2026-06-01", "", "開庁記念日"),
    ]
    mayor = Post.objects.get(municipality=town.body, title="町長")
    stages = {
        "s1-order": 1,
        "s1-kind": "decide",
        "s1-post": mayor.pk,
        "s1-department": town.root.pk,
    }
    empty = {
        f"s{n}-{name}": value
        for n in range(2, 7)
        for name, value in (("order", n), ("kind", "approve"))
    }
    data = {"matter": build.MATTER, "name": "町長決裁", "open_days": 3, **stages, **empty}
    assert town.post("office", "settings/routes/", **data) == 302
    label = str(subjects()[build.MATTER].label)
    assert words(town.body, "route:") == [
        (label, "町長決裁", "", "決裁 あおば町 町長 / 1段階の日数(開庁日) 3"),
    ]
    named = {
        "department": town.root.pk,
        "post": mayor.pk,
        "member": town.people["manager"].number,
        "matter": "",
        "starts_on": "2026-04-01",
    }
    assert town.post("office", "settings/deputies/", **named) == 302
    assert words(town.body, "deputies") == [
        ("", "代決する人", "", f"あおば町 町長  #{town.people['manager'].number} 2026-04-01–")
    ]


def test_the_page_shows_its_changes_and_nobody_elses(towns):
    town, other = towns
    change_body(other.body, edition=1, contact="よその内線", by=other.people["office"], now=NOON)
    change_body(
        town.body, edition=1, contact="総務課 内線 1234", by=town.people["office"], now=NOON
    )
    page = town.client("office").get(f"/{town.body.pk}/settings/body/").content.decode()
    assert "変更履歴" in page
    assert "よその内線" not in page
    assert words(town.body, "body") == [("", "事務局の連絡先", "", "総務課 内線 1234")]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_history_costs_the_same_however_long_it_is(town, rows, django_assert_num_queries):
    for n in range(rows):
        change_body(
            town.body, edition=n + 1, contact=f"内線 {n}", by=town.people["office"], now=NOON
        )
    client = town.client("office")
    client.get(f"/{town.body.pk}/settings/body/")
    with django_assert_num_queries(7):
        assert client.get(f"/{town.body.pk}/settings/body/").status_code == 200


# --- posts ----------------------------------------------------------------------------------------


def order(town):
    return [post.title for post in Post.objects.of(town.body)]


def post(town, title):
    return Post.objects.get(municipality=town.body, title=title)


def test_a_post_is_added_at_its_place(town):
    office = town.people["office"]
    add_post(town.body, title="教育長", below=post(town, "副町長"), by=office, now=NOON)
    add_post(town.body, title="名誉町長", below=None, by=office, now=NOON)
    assert order(town) == ["名誉町長", "町長", "副町長", "教育長", "課長", "係長", "主任", "主事"]
    assert [row.rank for row in Post.objects.of(town.body)] == list(range(1, 9))


def test_a_post_moves_up_and_down_and_stays_at_the_ends(town):
    office = town.people["office"]
    move_post(post(town, "課長"), up=True, by=office, now=NOON)
    assert order(town) == ["町長", "課長", "副町長", "係長", "主任", "主事"]
    move_post(post(town, "町長"), up=True, by=office, now=NOON)
    move_post(post(town, "主事"), up=False, by=office, now=NOON)
    move_post(post(town, "係長"), up=False, by=office, now=NOON)
    assert order(town) == ["町長", "課長", "副町長", "主任", "係長", "主事"]


def test_a_post_is_renamed_and_a_double_is_refused(town):
    office = town.people["office"]
    renamed = rename_post(post(town, "主任"), title="主査", edition=1, by=office, now=NOON)
    assert order(town)[-2:] == ["主査", "主事"]
    with pytest.raises(Conflict):
        rename_post(renamed, title="課長", edition=2, by=office, now=NOON)
    with pytest.raises(Conflict):
        rename_post(renamed, title="主幹", edition=1, by=office, now=NOON)
    with pytest.raises(Conflict):
        add_post(town.body, title="課長", below=None, by=office, now=NOON)


def test_a_post_in_use_is_not_removed_an_unused_one_is(town):
    office = town.people["office"]
    with pytest.raises(Conflict):
        remove_post(post(town, "課長"), by=office, now=NOON)
    build.a_route(town.soumu, (1, "decide", "町長", town.root))
    with pytest.raises(Conflict):
        remove_post(post(town, "町長"), by=office, now=NOON)
    remove_post(post(town, "主任"), by=office, now=NOON)
    assert "主任" not in order(town)
    assert Entry.objects.filter(verb__startswith="post.").count() == 1


def test_posts_are_kept_as_they_were(town):
    rename_post(post(town, "主任"), title="主査", edition=1, by=town.people["office"], now=NOON)
    assert words(town.body, "posts") == [("", "職位", "8 主任", "8 主査")]


@pytest.mark.parametrize("who", ["hr", "executive", "auditor", "manager", "staff"])
def test_only_the_office_orders_posts(town, who):
    by = town.people[who]
    for act in (
        lambda: add_post(town.body, title="参事", below=None, by=by, now=NOON),
        lambda: rename_post(post(town, "主任"), title="参事", edition=1, by=by, now=NOON),
        lambda: move_post(post(town, "主任"), up=True, by=by, now=NOON),
        lambda: remove_post(post(town, "主任"), by=by, now=NOON),
    ):
        with pytest.raises(Denied):
            act()


def test_the_pages_of_posts(town):
    row = post(town, "主任")
    assert town.post("office", "settings/posts/", title="参事", below=row.pk) == 302
    assert town.post("office", "settings/posts/", title="参事", below=row.pk) == 422
    assert town.post("office", "settings/posts/", title="", below="") == 422
    assert town.post("office", f"settings/posts/{row.pk}/", title="課長", edition=1) == 422
    assert town.post("office", f"settings/posts/{row.pk}/", title="主査", edition=1) == 302
    assert town.post("office", f"settings/posts/{row.pk}/", title="主幹", edition=1) == 409
    assert town.post("office", f"settings/posts/{row.pk}/move/", up=1) == 302
    assert town.post("office", f"settings/posts/{row.pk}/remove/") == 302
    assert town.post("office", f"settings/posts/{post(town, '課長').pk}/remove/") == 409


def test_posts_of_another_body_are_not_ours(towns):
    town, other = towns
    theirs = post(other, "主任")
    for address in ("", "move/", "remove/"):
        assert town.post("office", f"settings/posts/{theirs.pk}/{address}") == 404
    assert town.post("office", "settings/posts/", title="参事", below=theirs.pk) == 422


def test_the_posts_cost_the_same_however_many_there_are(town, django_assert_num_queries):
    client = town.client("office")
    client.get(f"/{town.body.pk}/settings/posts/")
    with django_assert_num_queries(9):
        client.get(f"/{town.body.pk}/settings/posts/")
    for n in range(3):
        Post.objects.create(municipality=town.body, title=f"参事{n}", rank=3)
    with django_assert_num_queries(9):
        client.get(f"/{town.body.pk}/settings/posts/")


def test_a_body_that_was_founded_keeps_its_kind_when_a_form_does_not_name_it(town):
    facts = {"name": "あおば町", "network": "β", "small_cell": 10, "edition": 1}
    assert town.post("office", "settings/body/", **facts) == 302
    assert Municipality.objects.get(pk=town.body.pk).kind == "town"
    assert town.post("office", "settings/body/", **facts | {"edition": 2, "kind": "village"}) == 302
    assert Municipality.objects.get(pk=town.body.pk).kind == "village"
