"""Who reads what is personal: the person, the evaluator or talking partner of today, and HR the
sheets. Nobody else.
"""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.http import Http404

from evaluation.appraisal.one_on_ones import records as one_on_ones_records
from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair, PrivateNote, Promise
from evaluation.appraisal.one_on_ones.operations import keep_note
from evaluation.appraisal.sheets import records as sheets_records
from evaluation.appraisal.sheets.models import Sheet
from municipality.audit.models import Entry
from municipality.transfers.operations.handover import hand_over
from tests.build import evaluation as build
from tests.build.faults import database_failing
from tests.build.municipality import a_department, a_member, also_posted, at, signed_in

pytestmark = pytest.mark.django_db
EVERYBODY = (
    "chief",
    "staff",
    "second",
    "tax_chief",
    "tax_staff",
    "deputy_mayor",
    "mayor",
    "office",
    "hr",
    "consultant",
    "auditor",
)
LATER = date(2026, 11, 2)


@pytest.fixture
def town():
    return build.a_town()


def readers(town, model, row) -> set[str]:
    people = {name: build.today_is(getattr(town, name), LATER) for name in EVERYBODY}
    return {
        name
        for name, member in people.items()
        if model.objects.visible_to(member).filter(pk=row.pk).exists()
    }


def test_a_sheet_is_read_by_its_person_the_evaluator_and_hr(town):
    period = build.an_open_period(town)
    assert readers(town, Sheet, build.a_submitted(town, period)) == {"staff", "chief", "hr"}
    assert readers(town, Sheet, build.sheet_of(town.chief, period)) == {
        "chief",
        "deputy_mayor",
        "hr",
    }


def test_the_manager_one_level_higher_does_not_read_it(town):
    division = a_department(town.body, "総務部", kind="division")
    section = a_department(town.body, "人事課", parent=division)
    above, below = (
        a_member(division, "manager", post="課長"),
        a_member(section, "manager", post="課長"),
    )
    person = a_member(section)
    sheet = build.sheet_of(person, build.an_open_period(town))
    assert sheet.evaluator == below
    visible = Sheet.objects.visible_to
    assert visible(build.today_is(below, LATER)).filter(pk=sheet.pk).exists()
    assert not visible(build.today_is(above, LATER)).filter(pk=sheet.pk).exists()


def test_a_talk_its_promises_and_notes_are_read_by_the_two_alone(town):
    talk = build.a_talk(town)
    assert readers(town, OneOnOne, talk) == {"staff", "chief"}
    assert readers(town, Pair, talk.pair) == {"staff", "chief"}
    assert readers(town, Promise, talk.promises.get()) == {"staff", "chief"}
    note = keep_note(
        talk, text="本人の前では言わないこと", edition=0, by=town.chief, now=at(2026, 10, 20)
    )
    assert readers(town, PrivateNote, note) == {"chief"}


def test_a_private_note_lies_encrypted_in_the_table(town):
    talk = build.a_talk(town)
    note = keep_note(talk, text="体調に気を配る", edition=0, by=town.chief, now=at(2026, 10, 20))
    assert "体調に気を配る".encode() not in bytes(PrivateNote.objects.get(pk=note.pk).sealed)
    assert PrivateNote.objects.get(pk=note.pk).text == "体調に気を配る"


def test_the_manager_who_was_transferred_reads_nothing_from_that_day_on(town):
    sheet, talk = build.a_submitted(town), build.a_talk(town)
    build.moved(town.chief, town.zeimu, "manager", on=LATER, post="課長")
    yesterday, today = (
        build.today_is(town.chief, date(2026, 11, 1)),
        build.today_is(town.chief, LATER),
    )
    for model, row in ((Sheet, sheet), (OneOnOne, talk)):
        assert model.objects.visible_to(yesterday).filter(pk=row.pk).exists()
        assert not model.objects.visible_to(today).filter(pk=row.pk).exists()


def test_the_former_manager_of_somebody_who_was_transferred_reads_nothing(town):
    sheet, talk = build.a_submitted(town), build.a_talk(town)
    build.moved(town.staff, town.zeimu, on=LATER)
    chief = build.today_is(town.chief, LATER)
    assert not Sheet.objects.visible_to(chief).filter(pk=sheet.pk).exists()
    assert not OneOnOne.objects.visible_to(chief).filter(pk=talk.pk).exists()
    assert readers(town, OneOnOne, talk) == {"staff"}
    hand_over(town.body, at(2026, 11, 2))
    assert readers(town, Sheet, sheet) == {"staff", "tax_chief", "hr"}


def test_the_successor_reads_the_sheet_and_not_the_talks(town):
    sheet, talk = build.a_submitted(town), build.a_talk(town)
    build.moved(town.chief, town.zeimu, "manager", on=LATER, post="課長")
    successor = a_member(town.kikaku, "manager", post="課長", starts_on=LATER)
    hand_over(town.body, at(2026, 11, 2))
    member = build.today_is(successor, LATER)
    assert Sheet.objects.visible_to(member).filter(pk=sheet.pk).exists()
    assert not OneOnOne.objects.visible_to(member).filter(pk=talk.pk).exists()
    assert Pair.objects.get(pk=talk.pair_id).ends_on == date(2026, 11, 1)


def test_an_office_role_besides_opens_no_sheet_that_the_manager_role_no_longer_opens(town):
    sheet = build.a_submitted(town)
    build.moved(town.chief, town.zeimu, "manager", "office", on=LATER, post="課長")
    also_posted(town.chief, town.root, "office", starts_on=LATER)
    assert (
        not Sheet.objects.visible_to(build.today_is(town.chief, LATER)).filter(pk=sheet.pk).exists()
    )


def test_hr_of_another_body_reads_nothing(town):
    sheet = build.a_submitted(town)
    other = build.a_town("993115", name="わかば町")
    assert (
        not Sheet.objects.visible_to(build.today_is(other.hr, LATER)).filter(pk=sheet.pk).exists()
    )


def test_reading_and_noting_are_one_act(town):
    sheet, talk = build.a_submitted(town), build.a_talk(town)
    hr, chief = build.today_is(town.hr, LATER), build.today_is(town.chief, LATER)
    assert sheets_records.open_sheet(hr, sheet.pk).weight == 100
    one_on_ones_records.open_talk(chief, talk.pk)
    lines = Entry.objects.filter(verb__in=["sheet.read", "one_on_one.read"]).order_by("pk")
    assert [(line.verb, line.actor_id, line.subject_id) for line in lines] == [
        ("sheet.read", hr.pk, sheet.pk),
        ("one_on_one.read", chief.pk, talk.pk),
    ]
    assert lines[0].content.body == {"actor": "相馬 灯", "subject": "令和8年度 下期 安藤 海"}


def test_what_is_out_of_sight_is_absent_and_leaves_no_line(town):
    sheet, talk = build.a_submitted(town), build.a_talk(town)
    office = build.today_is(town.office, LATER)
    for open_, pk in (
        (sheets_records.open_sheet, sheet.pk),
        (one_on_ones_records.open_talk, talk.pk),
        (one_on_ones_records.find_pair, talk.pair_id),
    ):
        with pytest.raises(Http404):
            open_(office, pk)
    assert not Entry.objects.filter(actor_id=office.pk, verb__endswith=".read").exists()


def test_when_the_line_cannot_be_written_nothing_is_read(town):
    sheet = build.a_submitted(town)
    with database_failing("INSERT INTO", Entry), pytest.raises(OSError, match="no room"):
        sheets_records.open_sheet(build.today_is(town.hr, LATER), sheet.pk)


def test_no_content_of_personal_records_gets_into_the_history(town):
    build.an_agreed(town)
    build.a_talk(town)
    said = " ".join(str(entry.content.body) for entry in Entry.objects.select_related("content"))
    for words in ("窓口の待ち時間", "平均10分以内", "体調と負荷", "午後の在宅", "在宅の日を週1日"):
        assert words not in said


PAGES = {
    "sheet": ("sheets/{sheet}/", {"staff", "chief", "hr"}),
    "goals": ("sheets/{sheet}/goals/", {"staff"}),
    "pair": ("one-on-ones/{pair}/", {"staff", "chief"}),
    "record": ("one-on-ones/{pair}/record/", {"chief"}),
    "talk": ("one-on-ones/record/{talk}/", {"staff", "chief"}),
    "edit": ("one-on-ones/record/{talk}/edit/", {"chief"}),
}
SEES = {"sheet": {"staff", "chief", "hr"}, "goals": {"staff", "chief", "hr"}}
OUTSIDERS = {"consultant", "auditor"}


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_personal_records_are_absent_for_everybody_else(town, name):
    """404 out of sight, 403 where one may read and not act; from outside the body nothing here
    opens at all.
    """
    town.staff.postings.update(starts_on=date(2026, 4, 1))
    sheet, talk = build.a_submitted(town), build.a_talk(town)
    if name == "goals":
        Sheet.objects.filter(pk=sheet.pk).update(state="returned", return_comment="期限を入れる")
    address, opens = PAGES[name]
    page = f"/993018/{address.format(sheet=sheet.pk, pair=talk.pair_id, talk=talk.pk)}"
    sees = SEES.get(name, {"staff", "chief"})
    answers = {who: signed_in(getattr(town, who)).get(page).status_code for who in EVERYBODY}
    expected = {
        who: 200 if who in opens else 403 if who in sees | OUTSIDERS else 404 for who in EVERYBODY
    }
    assert answers == expected


def test_who_oversees_learns_that_a_talk_was_held_and_nothing_more(town):
    build.a_talk(town)
    for who in ("office", "hr", "deputy_mayor", "chief"):
        page = (
            signed_in(getattr(town, who))
            .get("/993018/one-on-ones/held/?month=previous")
            .content.decode()
        )
        assert "安藤 海" in page
        for words in ("体調と負荷", "午後の在宅", "在宅の日を週1日"):
            assert words not in page


def test_who_is_only_posted_in_a_department_learns_nothing_of_its_talks(town):
    build.a_talk(town)
    also_posted(town.tax_chief, town.kikaku, "staff")
    page = (
        signed_in(town.tax_chief).get("/993018/one-on-ones/held/?month=previous").content.decode()
    )
    assert "安藤 海" not in page


PERSONAL = {"Sheet", "Goal", "OneOnOne", "Promise", "PrivateNote", "Pair"}
DOORS = {
    "evaluation/models/__init__.py": "names the tables",
    "evaluation/appraisal/sheets/models.py": "the tables and who may see their rows",
    "evaluation/appraisal/sheets/records.py": "the door",
    "evaluation/appraisal/sheets/operations.py": "writes goals",
    "evaluation/appraisal/sheets/forms.py": "choices of fields",
    "evaluation/appraisal/sheets/deadlines.py": "days and numbers of what is due, no content",
    "evaluation/appraisal/sheets/handover.py": "hands rows over, reads no content",
    "evaluation/appraisal/sheets/indicators.py": "counts rows",
    "evaluation/appraisal/sheets/rules.py": "asks whose a row is",
    "evaluation/appraisal/sheets/period_operations.py": "asks whether anything is written",
    "evaluation/appraisal/sheets/steps.py": "draws how far a sheet is",
    "evaluation/appraisal/one_on_ones/models.py": "the tables and who may see their rows",
    "evaluation/appraisal/one_on_ones/records.py": "the door",
    "evaluation/appraisal/one_on_ones/operations.py": "writes talks, promises and notes",
    "evaluation/appraisal/one_on_ones/forms.py": "choices of fields",
    "evaluation/appraisal/one_on_ones/deadlines.py": "days and numbers of what is due, no content",
    "evaluation/appraisal/one_on_ones/handover.py": "hands rows over, reads no content",
    "evaluation/appraisal/one_on_ones/indicators.py": "counts rows",
    "evaluation/appraisal/one_on_ones/rules.py": "asks whose a row is",
    "dashboard/demo/goals.py": "writes invented records into a demonstration body",
}
CONTENT = {"title", "measure", "topics", "shared_note", "sealed", "return_comment"}
READING = (
    "models.py",
    "models/__init__.py",
    "records.py",
    "operations.py",
    "forms.py",
    "demo/goals.py",
)


def personal_names(text: str) -> set[str]:
    """Tables of personal records that a module imports, by whatever way."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and {"evaluation", "models"} & set(
            (node.module or "").split(".")
        ):
            found |= {alias.name for alias in node.names} & PERSONAL
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get_model":
            found |= {
                str(arg.value).split(".")[-1] for arg in node.args if isinstance(arg, ast.Constant)
            } & PERSONAL
    return found


def content_read(text: str) -> set[str]:
    """Columns with content that a module names, as attribute, keyword or text."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found & CONTENT - {"title"}


def modules():
    root = Path(settings.BASE_DIR)
    for app in (
        "config",
        "municipality",
        "rollout",
        "training",
        "pilots",
        "evaluation",
        "dashboard",
        "tools",
    ):
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(root)), path.read_text()


def test_no_other_module_of_the_project_touches_personal_records():
    assert {name for name, text in modules() if personal_names(text)} <= DOORS.keys()


def test_the_modules_that_count_and_hand_over_read_no_content():
    quiet = [name for name in DOORS if not name.endswith(READING)]
    texts = dict(modules())
    assert {name: content_read(texts[name]) for name in quiet if content_read(texts[name])} == {}


@pytest.mark.selfcheck
@pytest.mark.parametrize(
    "text",
    [
        "from evaluation.models import Goal\n",
        "from evaluation.models.one_on_ones import PrivateNote as Note\n",
        "from .models import Sheet\n",
        "model = apps.get_model('evaluation', 'OneOnOne')\n",
    ],
)
def test_a_module_that_touches_them_is_found(text):
    assert personal_names(text) != set()


@pytest.mark.selfcheck
def test_a_counting_module_that_reads_content_is_found():
    assert content_read("rows = Sheet.objects.values('return_comment')\n") == {"return_comment"}
    assert content_read("words = talk.shared_note\n") == {"shared_note"}
