"""Keys of another department or another body in every field that takes one: refused, and nothing is
changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

from municipality.audit.models import VerbGroup
from municipality.decisions.models import Step
from municipality.imports.operations.imports import preview
from municipality.organisation.forms import BodyForm
from municipality.organisation.models import Posting
from municipality.organisation.people_fields import TypedPeopleField
from tests.world import World
from tests.world.prints import fingerprint
from tests.world.town import INSIDE
from training.courses.models import Course

from .sending import SENDING, Sending
from .table import ABSENT, ROWS
from .walk import address_of

pytestmark = pytest.mark.django_db
ONLY_THERE = "900001"
"""A 職員番号 that only the other body knows."""

Key = Callable[[World], Any]


def current(family: str, slot: str, body: str = "there") -> Key:
    """The step whose turn it is, of a decision."""
    return lambda world: (
        Step.objects.filter(decision=getattr(world, body).things[family][slot], state="current")
        .get()
        .pk
    )


def department(slot: str, body: str = "there") -> Key:
    return lambda world: getattr(world, body).departments[slot].pk


def person(name: str, body: str = "there") -> Key:
    return lambda world: getattr(world, body).people[name].pk


def number(name: str) -> Key:
    return lambda world: world.here.people[name].number


def route(slot: str, body: str = "there") -> Key:
    return lambda world: getattr(world, body).things["route"][slot].pk


def only_there(world: World) -> str:
    return ONLY_THERE


def mayors_post(world: World) -> int:
    return Posting.objects.get(member=world.there.people["executive"]).post_id


STEP = [current("decision", "own"), current("decision", "other", "here")]
KEYS: dict[tuple[str, str, str], dict[str, list[Key]]] = {
    # (address, object, who may) → field: keys that are not theirs to name
    ("municipality:decision_approve", "own", "manager_other"): {"step": STEP, "to": STEP},
    ("municipality:decision_return", "own", "manager_other"): {"step": STEP, "to": STEP},
    ("municipality:decision_reject", "own", "manager_other"): {"step": STEP, "to": STEP},
    ("municipality:decision_review", "own", "executive"): {"step": STEP, "to": STEP},
    ("municipality:decision_submit", "own", "manager"): {
        "route": [route("pilot"), route("review", "here")]
    },
    ("municipality:department_new", "", "office"): {"parent": [department("own")]},
    ("municipality:routes", "", "office"): {
        **{f"s{n}-post": [mayors_post] for n in range(1, 7)},
        **{f"s{n}-department": [department("root")] for n in range(1, 7)},
        "department": [department("root")],
    },
    ("municipality:decision_circulate", "own", "office"): {
        "member": [only_there],
        "department": [department("root")],
        "post": [mayors_post],
    },
    ("municipality:decision_record", "own", "office"): {
        "department": [department("root")],
        "post": [mayors_post],
    },
    ("municipality:posts", "", "office"): {"below": [mayors_post]},
    ("municipality:deputies", "", "office"): {
        "department": [department("root")],
        "post": [mayors_post],
        "member": [only_there],
    },
    ("municipality:absence_note", "", "office"): {"away-member": [only_there]},
    ("municipality:announcements", "", "office"): {
        "departments": [department("own")],
        "people": [only_there],
    },
    ("municipality:duties", "", "office"): {
        "department": [department("root")],
        "member": [only_there],
    },
    ("municipality:duty", "any", "office"): {"member": [only_there]},
    ("municipality:department_change", "third", "office"): {"parent": [department("own")]},
    ("municipality:department_end", "third", "office"): {
        "parent": [department("own")],
        "target": [department("own")],
        "others": [department("own")],
        "members": [only_there],
    },
    ("municipality:erasure_new", "", "office"): {"member": [only_there]},
    ("municipality:preview", "", "office"): {"department": [department("own")]},
    ("rollout:add_department", "any", "office"): {
        "department": [department("third"), department("own", "here")]
    },
    ("rollout:exception_post", "", "office"): {
        "department": [department("root")],
        "post": [mayors_post],
    },
    ("training:assign", "any", "office"): {
        "department": [department("third")],
        "named": [only_there],
    },
    ("training:record_class", "any", "office"): {
        "people": [lambda world: world.there.things["assignment"]["own"].pk]
    },
    ("pilots:new", "", "manager"): {
        "departments": [department("own"), department("other", "here"), department("root", "here")],
        "lead": [only_there, number("manager_other"), number("colleague")],
    },
    ("pilots:edit", "own", "manager"): {
        "departments": [department("own"), department("other", "here")],
        "lead": [only_there, number("manager_other"), number("colleague")],
    },
    ("pilots:participants", "own", "manager"): {
        "members": [person("newcomer"), person("other_newcomer", "here")]
    },
    ("pilots:expand", "own", "manager"): {
        "departments": [department("third"), department("own", "here")]
    },
    ("pilots:expansion_department", "own", "manager"): {"lead": [only_there, number("colleague")]},
    ("pilots:expansion_edit", "own", "manager"): {
        "departments": [department("third"), department("own", "here")]
    },
    ("pilots:usage_new", "", "manager"): {"who": [only_there, number("other_newcomer")]},
    ("evaluation:pair_new", "", "manager"): {"member": [only_there, number("other_newcomer")]},
    ("evaluation:talk_new", "own", "manager"): {
        f"owner_{n}": [person("colleague"), person("other_person", "here")] for n in (1, 2)
    },
    ("evaluation:talk_edit", "own", "manager"): {
        f"owner_{n}": [person("colleague"), person("other_person", "here")] for n in (1, 2)
    },
    ("evaluation:action_new", "own", "manager"): {"who": [only_there, number("other_person")]},
    ("evaluation:action_holder", "own", "manager"): {"who": [only_there, number("other_person")]},
    ("evaluation:action_edit", "own", "manager"): {"who": [only_there, number("other_person")]},
}
BESIDE = {
    "owner_1": {"text_1": "約束", "due_1": "2027-01-15"},
    "owner_2": {"text_2": "約束", "due_2": "2027-01-15"},
}
"""What has to be sent with a key so that the key is looked at."""

YEARS = set(VerbGroup.values)
"""Fields of retention: their choices are years, not keys."""
REFUSED = {403, 404, 409, 422}


def sent(
    world: World,
    asker,
    where: tuple[str, str, str],
    other: dict[str, Any] | None = None,
    inspect: Any = None,
):
    """The form as it succeeds (address, object, who), with some fields set to something else."""
    name, slot, who = where
    row = next(row for row in ROWS if (row.name, row.method) == (name, "POST"))
    sending = SENDING.get(name) or Sending()
    target = world.here.things[row.family][slot] if row.family else None
    given = (lambda: sending.given(world.here, target)) if sending.given else None

    def data() -> dict[str, Any]:
        return {**(sending.data(world.here, target, who) if sending.data else {}), **(other or {})}

    return asker.ask(
        who, "POST", address_of(world, row, slot), data=data, given=given, inspect=inspect
    )


@pytest.mark.parametrize("where", KEYS, ids=lambda where: where[0])
def test_a_key_that_is_not_theirs_to_name_is_refused(where, world, asker, record_property):
    wrong, count = [], 0
    assert sent(world, asker, where).status == 302, "the form itself has to succeed"
    for field, keys in KEYS[where].items():
        for key in keys:
            value = key(world)
            answer = sent(world, asker, where, {field: value, **BESIDE.get(field, {})})
            count += 1
            if answer.status not in REFUSED or answer.changed or answer.leak:
                wrong.append(f"{field}={value}: {answer.status} {answer.location} {answer.leak}")
    record_property("cases", count)
    assert wrong == []


def takes_a_key(name: str, field: forms.Field) -> bool:
    """Does a row's key or number go in there?"""
    if isinstance(field, forms.ModelChoiceField | TypedPeopleField):
        return True
    choices = [str(value) for value, _label in getattr(field, "choices", [])]
    return (
        any(value.isdigit() for value in choices)
        and not name.startswith("level")
        and name not in YEARS
    )


@pytest.fixture
def bound(monkeypatch):
    """The fields that take a key, of every form that was sent meanwhile."""
    found: set[str] = set()
    plain = forms.BaseForm.full_clean

    def full_clean(self: forms.BaseForm) -> None:
        if self.is_bound and self.data:
            found.update(
                self.add_prefix(name)
                for name, field in self.fields.items()
                if takes_a_key(name, field)
            )
        plain(self)

    monkeypatch.setattr(forms.BaseForm, "full_clean", full_clean)
    return found


def test_every_field_that_takes_a_key_is_tried(world, asker, bound, record_property):
    untried, count = [], 0
    for row in [row for row in ROWS if row.method == "POST"]:
        slot = next(
            (slot for slot, letters in row.cells.items() if slot != ABSENT and "+" in letters), ""
        )
        who = next(
            who for who, letter in zip(INSIDE, row.cells[slot], strict=True) if letter == "+"
        )
        bound.clear()
        sent(world, asker, (row.name, slot, who))
        tried = {
            field
            for (name, _slot, _who), fields in KEYS.items()
            if name == row.name
            for field in fields
        }
        untried += [f"{row.name}: {field}" for field in sorted(bound - tried)]
        count += len(bound)
    record_property("cases", count)
    assert untried == []
    assert count > 30


EXTRA = {
    "municipality": "993026",
    "municipality_id": "993026",
    "code": "993026",
    "state": "decided",
    "pk": "1",
    "id": "1",
    "edition_": "1",
    "is_active": "on",
    "roles_": "office",
    "drafter": "1",
    "requested_by": "1",
    "manager": "1",
    "user": "1",
}
"""Fields that no form asks for."""


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.method == "POST"], ids=lambda row: row.name
)
def test_what_no_form_asks_for_moves_nothing_into_another_body(row, world, asker):
    slot = next(
        (slot for slot, letters in row.cells.items() if slot != ABSENT and "+" in letters), ""
    )
    who = next(who for who, letter in zip(INSIDE, row.cells[slot], strict=True) if letter == "+")
    before, prints = fingerprint(world.there.code), []
    extra = {
        **EXTRA,
        "municipality_id": world.there.code,
        "department_id": world.there.departments["own"].pk,
    }
    inspect = lambda _answer: prints.append(fingerprint(world.there.code))  # noqa: E731 - a look, no function
    answer = sent(world, asker, (row.name, slot, who), extra, inspect)
    assert answer.status in {302, 422}
    assert prints == [before]


FREE = {
    ("municipality:department_new", "", "office"): lambda world: {"code": "0777"},
    ("training:create_course", "", "office"): lambda world: {"code": "ONLY-THERE"},
    ("evaluation:period_new", "", "hr"): lambda world: {
        "name": world.there.things["period"]["any"].name
    },
}
"""Names that the other body uses and this one does not."""


@pytest.mark.parametrize("where", FREE, ids=lambda where: where[0])
def test_what_the_other_body_uses_is_free_here(where, world, asker):
    Course.objects.create(
        municipality=world.there.body, code="ONLY-THERE", title="水道の講習", minutes=30
    )
    answer = sent(world, asker, where, FREE[where](world))
    assert (answer.status, answer.changed, answer.leak) == (302, True, "")


FILES = {
    "departments": "部署コード,部署名,上位部署コード,種別,開始日,終了日\n0991,出納室,0777,室,2026-04-01,\n",
    "people": "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日\n000900,木村 海,,,0777,主事,職員,本務,2026-04-01,\n",
    "usage": "職員番号,実施日,単位,時間数,場所,方式\n900001,2026-10-01,終日,,自宅,リモートデスクトップ方式\n",
    "completions": "職員番号,研修コード,修了日,点数\n900001,T01,2026-10-01,80\n",
    "no_telework": "部署コード,対象の月\n0777,2026-10\n",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_cannot_name_what_another_body_has(kind, world):
    office, before = world.here.people["office"], fingerprint(world.there.code)
    taken = preview(
        world.here.body, kind, "f.csv", FILES[kind].encode(), by=office, now=timezone.now()
    )
    assert (taken.state, len(taken.findings)) == ("refused", 1), taken.findings
    assert fingerprint(world.there.code) == before


@pytest.mark.selfcheck
def test_a_form_that_offers_everything_is_found(world, asker, monkeypatch):
    def unscoped(self, body, data=None, **kwargs):
        super(BodyForm, self).__init__(data, **kwargs)
        self.body = body
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.model.objects.all()

    monkeypatch.setattr(BodyForm, "__init__", unscoped)
    parent = world.there.departments["own"].pk
    answer = sent(world, asker, ("municipality:department_new", "", "office"), {"parent": parent})
    assert answer.status == 302
    assert answer.changed


def test_a_filter_by_another_bodys_round_is_one_by_none(world, asker):
    address = reverse("rollout:readiness", args=[world.here.code])
    there = asker.ask("office", "GET", f"{address}?round={world.there.things['round']['any'].pk}")
    absent = asker.ask("office", "GET", f"{address}?round=99999")
    assert (there.status, absent.status, there.leak) == (200, 200, "")
