"""A class is completed on one page; a wrong completion is voided and stays on record."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.notifications.models import Notice
from municipality.organisation.models import Member
from tests.build import training as build
from tests.build.municipality import a_member, at, signed_in
from training.assignments.models import Assignment
from training.completions.models import Completion
from training.completions.operations import complete_class, complete_course, void_completion
from training.completions.presenters import completions_recorded
from training.courses.models import Course
from training.gate.requirements import missing_courses

pytestmark = pytest.mark.django_db
TODAY = at(2026, 10, 20)


@pytest.fixture(autouse=True)
def october(monkeypatch):
    """The day is 20 October 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)


@pytest.fixture
def lesson(town):
    """Three people are to attend a class."""
    town.course = build.a_required_course(town.body, mode="group")
    town.people = [a_member(town.zeimu, name=f"受講 {n}") for n in range(3)]
    town.rows = [build.an_assignment(town.course, each, town.office) for each in town.people]
    town.path = f"/{town.body.pk}/training/courses/{town.course.pk}/completions/"
    return town


def sent(town, *rows, **facts):
    return {"people": [row.pk for row in rows], "completed_on": "2026-10-16", **facts}


def states(town):
    return list(Assignment.objects.order_by("pk").values_list("state", flat=True))


def test_a_class_is_recorded_by_ticks_on_one_page_and_sent_twice_once(lesson):
    client = signed_in(lesson.office)
    shown = client.get(lesson.path).content.decode()
    assert all(member.name in shown for member in lesson.people)
    for _again in range(2):
        assert client.post(lesson.path, sent(lesson, *lesson.rows[:2])).status_code == 302
    assert states(lesson) == ["completed", "completed", "assigned"]
    assert Completion.objects.count() == 2
    lines = Entry.objects.filter(verb="training.class_completed")
    assert lines.count() == 1


def test_the_page_of_a_class_is_the_offices(lesson):
    answers = {
        name: signed_in(getattr(lesson, name)).get(lesson.path).status_code
        for name in ("office", "manager", "hr", "staff", "auditor")
    }
    assert answers == {"office": 200, "manager": 403, "hr": 403, "staff": 403, "auditor": 403}
    with pytest.raises(Denied):
        complete_class(
            lesson.course, lesson.rows, completed_on=date(2026, 10, 16), by=lesson.hr, now=TODAY
        )


@pytest.mark.parametrize("bad", [{"people": []}, {"completed_on": "2026-10-21"}, {"people": ["0"]}])
def test_a_class_that_cannot_be_is_refused(lesson, bad):
    client = signed_in(lesson.office)
    assert client.post(lesson.path, sent(lesson, *lesson.rows) | bad).status_code == 422
    assert states(lesson) == ["assigned"] * 3


def test_a_day_before_it_was_assigned_is_asked_about(lesson):
    client = signed_in(lesson.office)
    early = sent(lesson, *lesson.rows, completed_on="2026-09-30")
    answer = client.post(lesson.path, early)
    assert answer.status_code == 422
    assert "割り当てた日" in answer.content.decode()
    own = f"{lesson.rows[0].get_absolute_url()}complete/"
    assert client.post(own, {"completed_on": "2026-09-30"}).status_code == 422
    assert states(lesson) == ["assigned"] * 3
    assert client.post(own, {"completed_on": "2026-09-30", "earlier": "on"}).status_code == 302
    assert client.post(lesson.path, early | {"earlier": "on"}).status_code == 302
    assert states(lesson) == ["completed"] * 3


def test_the_operation_asks_as_well(lesson):
    row, facts = lesson.rows[0], {"by": lesson.office, "now": TODAY}
    with pytest.raises(Conflict):
        complete_course(row, completed_on=date(2026, 4, 1), **facts)
    complete_course(row, completed_on=date(2026, 4, 1), earlier=True, **facts)
    assert row.state == "completed"


def completed(town):
    row = town.rows[0]
    return complete_course(row, completed_on=date(2026, 10, 16), by=town.office, now=TODAY)


def test_a_wrong_completion_is_voided_with_a_reason_and_stays_on_record(lesson):
    row = completed(lesson)
    assert missing_courses([row.member_id], TODAY.date())[row.member_id] == []
    client, page = signed_in(lesson.office), row.completion.get_absolute_url()
    assert page in client.get(row.get_absolute_url()).content.decode()
    assert client.post(f"{page}void/", {"reason": " "}).status_code == 422
    assert client.post(f"{page}void/", {"reason": "別の人の記録だった。"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.completion) == ("assigned", None)
    kept = Completion.objects.get()
    assert (kept.void_reason, kept.voided_by) == ("別の人の記録だった。", lesson.office)
    assert missing_courses([row.member_id], TODAY.date())[row.member_id] == [lesson.course]
    assert Entry.objects.filter(verb="training.completion_voided").count() == 1
    told = Notice.objects.get(rule="training.voided")
    assert (told.member, told.object_id) == (row.member, row.pk)
    assert client.post(f"{page}void/", {"reason": "もう一度"}).status_code == 409
    assert "別の人の記録だった。" in client.get(page).content.decode()


def test_after_voiding_the_same_day_can_be_recorded_again(lesson):
    row = completed(lesson)
    void_completion(row.completion, reason="記録の誤り", by=lesson.office, now=TODAY)
    row.refresh_from_db()
    completed(lesson)
    assert (row.course.completions.count(), row.course.completions.valid_on(TODAY).count()) == (
        2,
        1,
    )


def test_only_the_office_voids(lesson):
    row = completed(lesson)
    for name in ("manager", "hr", "staff"):
        with pytest.raises(Denied):
            void_completion(row.completion, reason="x", by=getattr(lesson, name), now=TODAY)


def test_one_that_is_open_again_already_stays_the_only_one(lesson):
    row = completed(lesson)
    again = build.an_assignment(lesson.course, row.member, lesson.office, now=TODAY)
    void_completion(row.completion, reason="記録の誤り", by=lesson.office, now=TODAY)
    again.refresh_from_db()
    row.refresh_from_db()
    assert (row.state, again.state) == ("cancelled", "assigned")


@pytest.mark.parametrize("why", ["left", "inactive", "out of use"])
def test_voiding_asks_nobody_who_left_and_for_no_course_out_of_use(lesson, why):
    row = completed(lesson)
    if why == "left":
        row.member.postings.update(ends_on=date(2026, 10, 19))
    elif why == "inactive":
        Member.objects.filter(pk=row.member_id).update(is_active=False)
    else:
        Course.objects.filter(pk=row.course_id).update(is_active=False)
    row = Assignment.objects.select_related("member", "course", "completion").get(pk=row.pk)
    void_completion(row.completion, reason="記録の誤り", by=lesson.office, now=TODAY)
    row.refresh_from_db()
    assert (row.state, row.completion) == ("cancelled", None)
    assert Completion.objects.get().voided_at == TODAY


def taken_in(lesson, member, source="file"):
    """A completion that came by file and closed no assignment."""
    row = build.a_completion(lesson.course, member, date(2026, 10, 5), score=80)
    Completion.objects.filter(pk=row.pk).update(source=source)
    row.refresh_from_db()
    return row


def test_a_completion_without_an_assignment_is_listed_and_voided_like_any_other(lesson):
    closed = completed(lesson).completion
    row = taken_in(lesson, lesson.manager)
    client, page = signed_in(lesson.office), row.get_absolute_url()
    path = f"/{lesson.body.pk}/training/completions/"
    assert path in client.get(f"/{lesson.body.pk}/training/").content.decode()
    assert page in client.get(path).content.decode()
    assert closed.get_absolute_url() not in client.get(path).content.decode()
    everything = client.get(f"{path}?which=all").content.decode()
    assert page in everything
    assert closed.get_absolute_url() in everything
    assert page not in client.get(f"{path}?which=all&source=self").content.decode()
    assert page not in client.get(f"{path}?which=voided").content.decode()
    assert client.post(f"{page}void/", {"reason": " "}).status_code == 422
    assert client.post(f"{page}void/", {"reason": "別の職員の修了。"}).status_code == 302
    row.refresh_from_db()
    assert (row.void_reason, row.voided_by, row.voided_at) == (
        "別の職員の修了。",
        lesson.office,
        TODAY,
    )
    assert page not in client.get(path).content.decode()
    assert page in client.get(f"{path}?which=voided").content.decode()
    assert client.post(f"{page}void/", {"reason": "もう一度"}).status_code == 409
    entry = Entry.objects.get(verb="training.completion_voided")
    assert (entry.subject_type, entry.subject_id) == ("training.completion", row.pk)
    told = Notice.objects.get(rule="training.voided_alone")
    assert (told.member, told.object_id) == (lesson.manager, row.pk)
    assert "別の職員の修了。" in signed_in(lesson.manager).get(page).content.decode()


def test_the_list_of_completions_is_the_offices_and_a_page_for_who_sees_the_training(lesson):
    row = taken_in(lesson, lesson.staff)
    path, page = f"/{lesson.body.pk}/training/completions/", row.get_absolute_url()
    answers = {
        name: (
            signed_in(getattr(lesson, name)).get(path).status_code,
            signed_in(getattr(lesson, name)).get(page).status_code,
            signed_in(getattr(lesson, name)).post(f"{page}void/", {"reason": "x"}).status_code,
        )
        for name in ("office", "staff", "manager", "hr", "colleague", "auditor", "consultant")
    }
    assert answers == {
        "office": (200, 200, 302),
        "staff": (403, 200, 403),
        "manager": (403, 200, 403),
        "hr": (403, 200, 403),
        "colleague": (403, 404, 404),
        "auditor": (403, 404, 404),
        "consultant": (403, 404, 404),
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_however_long_it_is(lesson, count, django_assert_num_queries):
    course = lesson.course
    for number in range(count):
        member = a_member(lesson.soumu, name=f"職員 {number}")
        build.a_completion(course, member, date(2026, 10, 5))
    body = Member.objects.get(pk=lesson.office.pk)
    with django_assert_num_queries(2):  # the list, and what the reader may
        rows = list(completions_recorded(body, TODAY.date(), {}))
        assert [row.home_name for row in rows] == ["総務課"] * count
        assert {str(row.course) for row in rows} == {str(course)}
