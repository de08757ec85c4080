"""The pages of training: who reaches which, what each answers, and with how many queries."""

from __future__ import annotations

import pytest
from django.utils import timezone

from municipality.organisation.open_days import open_days
from tests.build import training as build
from tests.build.municipality import a_body, a_department, a_member, root_of, signed_in
from training.assignments.models import Assignment
from training.completions.models import Completion
from training.courses.models import Course

pytestmark = pytest.mark.django_db
PEOPLE = (
    "staff",
    "colleague",
    "manager",
    "other_manager",
    "office",
    "hr",
    "auditor",
    "executive",
    "consultant",
)
OPEN = dict.fromkeys(PEOPLE, 200)
OFFICE_ONLY = dict.fromkeys(PEOPLE, 403) | {"office": 200}
ONE_SEEN = dict.fromkeys(PEOPLE, 404) | dict.fromkeys(("staff", "manager", "office", "hr"), 200)

# Session, user, second factor, member, authority, postings and unread notices of the frame are
# seven of them.
LIST_QUERIES = 11
COURSE_QUERIES = 11


@pytest.fixture
def training(town):
    """西村 has an e-learning course and a class to take; 江口 of another department has completed
    the first.
    """
    town.course = build.a_course(town.body, "T02")
    town.row = build.an_assignment(town.course, town.staff, town.office)
    town.taught = build.an_assignment(
        build.a_course(town.body, "M01", "集合研修", mode="group"), town.staff, town.office
    )
    town.done = build.a_completed_assignment(town.course, town.other_staff, town.office)
    return town


def address(town, path):
    return f"/{town.body.pk}/training/{path}"


def path_of(town, path):
    return address(town, path.format(course=town.course.pk, row=town.row.pk, taught=town.taught.pk))


def page(member, path):
    return signed_in(member).get(path).content.decode()


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("", OPEN),
        ("courses/{course}/", OPEN),
        ("courses/new/", OFFICE_ONLY),
        ("courses/{course}/edit/", OFFICE_ONLY),
        ("courses/{course}/assign/", OFFICE_ONLY),
        ("courses/starter/", OFFICE_ONLY),
        ("assignments/{row}/", ONE_SEEN),
        ("assignments/{row}/complete/", dict.fromkeys(PEOPLE, 405)),
        ("courses/999999/", dict.fromkeys(PEOPLE, 404)),
    ],
)
def test_who_gets_which_page(training, path, answers):
    found = {
        person: signed_in(getattr(training, person)).get(path_of(training, path)).status_code
        for person in PEOPLE
    }
    assert found == answers


@pytest.mark.parametrize(
    ("path", "allowed", "answers"),
    [
        ("courses/starter/", {"office"}, dict.fromkeys(PEOPLE, 403)),
        ("courses/new/", {"office"}, dict.fromkeys(PEOPLE, 403)),
        ("courses/{course}/edit/", {"office"}, dict.fromkeys(PEOPLE, 403)),
        ("courses/{course}/assign/", {"office"}, dict.fromkeys(PEOPLE, 403)),
        (
            "assignments/{row}/complete/",
            {"office", "staff"},
            dict.fromkeys(PEOPLE, 404) | dict.fromkeys(("manager", "hr"), 403),
        ),
        (
            "assignments/{taught}/complete/",
            {"office"},
            dict.fromkeys(PEOPLE, 404) | dict.fromkeys(("staff", "manager", "hr"), 403),
        ),
        (
            "assignments/{row}/cancel/",
            {"office"},
            dict.fromkeys(PEOPLE, 404) | dict.fromkeys(("staff", "manager", "hr"), 403),
        ),
    ],
)
def test_who_may_not_change_anything(training, path, allowed, answers):
    people = [person for person in PEOPLE if person not in allowed]
    found = {
        person: signed_in(getattr(training, person))
        .post(path_of(training, path), {"read": "on"})
        .status_code
        for person in people
    }
    assert found == {person: answers[person] for person in people}
    assert Assignment.objects.open().count() == 2
    assert Course.objects.count() == 2


def test_a_stranger_to_the_body_finds_nothing(training):
    other = a_body("993026", "みなと町")
    stranger = signed_in(a_member(a_department(other), "office"))
    for path in ("", f"courses/{training.course.pk}/", f"assignments/{training.row.pk}/"):
        assert stranger.get(address(training, path)).status_code == 404
    assert stranger.get(f"/{other.pk}/training/courses/{training.course.pk}/").status_code == 404


def test_staff_see_their_own_courses_and_nobody_elses_progress(training):
    own = page(training.staff, address(training, ""))
    assert ("情報セキュリティ基礎" in own, "修了 / 割当" in own) == (True, False)
    course = page(training.staff, path_of(training, "courses/{course}/"))
    assert "あなたに割り当てられています" in course
    assert "江口" not in course


def test_progress_counts_the_people_one_answers_for(training):
    assert "1 / 2人" in " ".join(page(training.office, address(training, "")).split())
    assert "0 / 1人" in " ".join(page(training.manager, address(training, "")).split())
    people = page(training.manager, path_of(training, "courses/{course}/"))
    assert ("西村 航" in people, "江口 渉" in people) == (True, False)
    everyone = page(training.hr, path_of(training, "courses/{course}/"))
    assert ("西村 航" in everyone, "江口 渉" in everyone) == (True, True)


@pytest.mark.parametrize("person", ["auditor", "consultant", "executive"])
def test_those_who_answer_for_nobody_see_no_name(training, person):
    for path in ("", "courses/{course}/"):
        found = page(getattr(training, person), path_of(training, path))
        assert "西村 航" not in found
        assert "江口 渉" not in found


def test_the_people_of_a_course_are_filtered_by_state(training):
    path = path_of(training, "courses/{course}/")
    done = page(training.office, f"{path}?state=completed")
    assert ("西村 航" in done, "江口 渉" in done) == (False, True)
    assert "条件に合うものがありません" in page(training.office, f"{path}?state=cancelled")


def test_an_empty_town_is_offered_the_starter_courses(town):
    client = signed_in(town.office)
    assert address(town, "courses/starter/") in client.get(address(town, "")).content.decode()
    assert address(town, "courses/starter/") not in page(town.staff, address(town, ""))
    assert "テレワーク入門" in client.get(address(town, "courses/starter/")).content.decode()
    assert Course.objects.count() == 0
    client.post(address(town, "courses/starter/"))
    assert Course.objects.of(town.body).count() >= 8
    assert (
        "すべて登録されています" in client.get(address(town, "courses/starter/")).content.decode()
    )


def test_one_completes_an_e_learning_course_by_saying_that_it_was_read(training):
    client, path = signed_in(training.staff), path_of(training, "assignments/{row}/")
    answer = client.post(f"{path}complete/", {})
    assert answer.status_code == 422
    assert client.post(f"{path}complete/", {"read": "on"}).headers["Location"] == path
    assert "修了しました" in client.get(path).content.decode()
    assert Completion.objects.get(member=training.staff).completed_on == timezone.localdate()
    assert client.post(f"{path}complete/", {"read": "on"}).status_code == 409


def test_the_person_is_told_that_a_class_is_recorded_by_the_office(training):
    found = page(training.staff, path_of(training, "assignments/{taught}/"))
    assert "この研修の修了は、受講の後に事務局が記録します。" in found


@pytest.mark.parametrize(
    "bad", [{"completed_on": "2999-01-01"}, {"completed_on": ""}, {"score": "101"}, {"score": "x"}]
)
def test_the_office_records_a_day_and_a_score_that_can_be(training, bad):
    client, path = signed_in(training.office), path_of(training, "assignments/{taught}/complete/")
    sent = {"completed_on": "2026-10-20", "score": "88"}
    assert client.post(path, sent | bad).status_code == 422
    assert client.post(path, sent).status_code == 302
    assert Completion.objects.get(course=training.taught.course).score == 88


def test_an_assignment_is_cancelled_on_its_page(training):
    answer = signed_in(training.office).post(path_of(training, "assignments/{row}/cancel/"))
    assert answer.headers["Location"] == path_of(training, "courses/{course}/")
    assert Assignment.objects.get(pk=training.row.pk).state == "cancelled"


COURSE = {
    "code": "N1",
    "title": "新しい研修",
    "mode": "elearning",
    "minutes": "20",
    "validity_months": "12",
    "audience": ["staff"],
    "materials": "## 目的\n- 一つ",
    "english_title": "New course",
}


@pytest.mark.parametrize(
    "bad",
    [
        {"code": "研修"},
        {"code": ""},
        {"title": ""},
        {"minutes": "0"},
        {"minutes": "9" * 30},
        {"mode": "x"},
        {"audience": []},
        {"audience": ["mayor"]},
        {"materials": " "},
        {"validity_months": "-1"},
    ],
)
def test_a_course_that_says_too_little_is_refused(town, bad):
    assert (
        signed_in(town.office).post(address(town, "courses/new/"), COURSE | bad).status_code == 422
    )
    assert Course.objects.count() == 0


def test_a_course_is_added_and_changed_and_a_stale_form_is_refused(town):
    client = signed_in(town.office)
    client.post(address(town, "courses/new/"), COURSE)
    course = Course.objects.get()
    assert (course.title, course.english) == ("新しい研修", {"title": "New course"})
    assert client.post(address(town, "courses/new/"), COURSE).status_code == 409
    changed = COURSE | {"title": "変えた研修", "edition": "1"}
    assert client.post(address(town, f"courses/{course.pk}/edit/"), changed).status_code == 302
    assert client.post(address(town, f"courses/{course.pk}/edit/"), changed).status_code == 409
    course.refresh_from_db()
    assert (course.title, course.code, course.is_active) == ("変えた研修", "N1", False)


def assigned(town):
    return sorted(Assignment.objects.open().values_list("member__name", flat=True))


@pytest.fixture
def assigning(town):
    """A course and a good form: everybody of 総務課 and below who is staff or a manager."""
    town.course = build.a_course(town.body, "T02", validity_months=12)
    town.sent = {
        "department": town.soumu.pk,
        "roles": ["staff", "manager"],
        "due_on": "2030-12-02",
        "reason": "試行",
        "skip_valid": "on",
    }
    town.path = address(town, f"courses/{town.course.pk}/assign/")
    return town


def test_people_are_assigned_by_department_and_role(assigning):
    town = assigning
    sent = town.sent | {"expected": 3}
    assert signed_in(town.office).post(town.path, sent).status_code == 302
    assert assigned(town) == sorted(["髙瀬 由紀", "西村 航", "小椋 栞"])


def test_people_are_assigned_by_their_numbers(assigning):
    town = assigning
    numbers = {"named": "Ｓ０１０１、S0103\n"}
    assert signed_in(town.office).post(town.path, town.sent | numbers).status_code == 302
    assert assigned(town) == sorted(["西村 航", "江口 渉"])


def test_who_has_completed_it_validly_is_left_out_unless_asked_for(assigning):
    town = assigning
    soon = open_days(town.body).add(timezone.localdate(), 20)
    build.a_completion(town.course, town.staff, timezone.localdate())
    sent = town.sent | {"due_on": soon.isoformat()}
    client = signed_in(town.office)
    client.post(town.path, sent | {"expected": 2})
    assert assigned(town) == sorted(["髙瀬 由紀", "小椋 栞"])
    del sent["skip_valid"]
    sent |= {"expected": 1}
    answer = client.post(town.path, sent, follow=True).content.decode()
    assert "1人に割り当てました。すでに割り当ててある2人は除きました。" in answer


@pytest.mark.parametrize(
    "bad",
    [
        {"department": "0"},
        {"department": ""},
        {"roles": ["x"]},
        {"due_on": "2020-01-01"},
        {"due_on": "x"},
        {"named": "S9999"},
    ],
)
def test_an_assignment_that_cannot_be_is_refused(assigning, bad):
    assert signed_in(assigning.office).post(assigning.path, assigning.sent | bad).status_code == 422
    assert assigned(assigning) == []


def test_a_department_and_people_of_another_body_cannot_be_named(assigning):
    town = assigning
    other = a_department(a_body("993026", "みなと町"))
    stranger = a_member(other)
    for bad in ({"department": other.pk}, {"named": stranger.number}):
        assert signed_in(town.office).post(town.path, town.sent | bad).status_code == 422


def test_a_course_out_of_use_is_not_assigned(assigning):
    town = assigning
    Course.objects.update(is_active=False)
    client = signed_in(town.office)
    assert "使っていない研修のため" in client.get(town.path).content.decode()
    assert client.post(town.path, town.sent).status_code == 409


def test_the_pages_speak_english(town):
    client = signed_in(town.office)
    client.post(address(town, "courses/starter/"))
    client.cookies["language"] = "en"
    assert "Introduction to telework" in client.get(address(town, "")).content.decode()
    course = client.get(
        address(town, f"courses/{Course.objects.get(code='T01').pk}/")
    ).content.decode()
    assert "Check before you start" in course
    assert "始める前の確認" not in course


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_for_one_row_as_for_three(count, django_assert_num_queries):
    body = a_body()
    office = a_member(root_of(body), "office")
    department = a_department(body)
    courses = [build.a_course(body) for _n in range(count)]
    for course in courses:
        build.an_assignment(course, office, office)
        for _n in range(count):
            build.a_completed_assignment(course, a_member(department), office)
    client = signed_in(office)
    base = f"/{body.pk}/training/"
    client.get(base)  # the first request of a session notes its time
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(base).status_code == 200
    with django_assert_num_queries(COURSE_QUERIES):
        assert client.get(f"{base}courses/{courses[0].pk}/").status_code == 200
