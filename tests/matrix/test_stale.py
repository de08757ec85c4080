"""Two windows with one form: the second to save is refused, and sees what stands there now beside
what was typed.
"""

from __future__ import annotations

import html
import re
from functools import partial

import pytest

from evaluation.pdca.reviews.operations import reviews
from municipality.core import transitions
from tests.world.asking import Answer

from .sending import SENDING, Sending
from .table import ROWS
from .walk import Case, address_of, cases_of

pytestmark = pytest.mark.django_db

EDITS = {
    "evaluation:action_edit": {"what": "別の様式を減らす"},
    "evaluation:goals": {"title_1": "別の手順書を改める"},
    "evaluation:note": {"text": "別の覚え書き"},
    "evaluation:review_edit": {"plan_text": "別のねらい"},
    "evaluation:talk_edit": {"topics": "別の話題"},
    "municipality:decision_document": {"number": "総第9号"},
    "municipality:member_edit": {"name": "安藤 陸"},
    "municipality:post_rename": {"title": "参与"},
    "municipality:reminders": {"stages": "-3, 0, 3"},
    "municipality:wording": {"subject": "別の{title}"},
    "municipality:retention": {"reading": "5"},
    "municipality:provider": {"name": "別の庁内認証"},
    "municipality:sign_in_settings": {"session_idle_minutes": "25"},
    "municipality:settings": {"contact": "総務課 内線 200"},
    "pilots:criteria": {},
    "pilots:edit": {"purpose": "別の事務で試す"},
    "pilots:expansion_department": {"purpose": "別の部署で確かめる"},
    "pilots:expansion_edit": {"explanation": "別の説明で補う。"},
    "pilots:usage_record": {"reason": "出勤簿を見直した。", "place": "mobile"},
    "rollout:answers": {"comment": "別の根拠。"},
    "rollout:review": {"comment": "別の所見。"},
    "training:edit_course": {"title": "情報の扱い方"},
}
"""Forms that change what is there already, with what the second window typed otherwise."""

ONCE = {
    "evaluation:action_due": "the day moves once: the form carries the edition of the action",
    "evaluation:action_holder": "it passes once: the form carries the edition of the action",
    "evaluation:period_edit": "the form carries the edition of the period",
    "evaluation:review_reopen": "a closing is opened again once",
    "evaluation:action_new": "each sending is a further action",
    "evaluation:pair_new": "a pair that runs is refused by its unique key",
    "evaluation:period_new": "each sending is a further period",
    "evaluation:talk_new": "each sending is a further record",
    "municipality:announcements": (
        "each sending is a further announcement, to whom its preview named"
    ),
    "municipality:closed_days": "a day stands once by its unique key",
    "municipality:disposals": "one proposal waits at a time",
    "municipality:erasure_new": "of a person one proposal waits at a time",
    "municipality:department_change": "a version begins once a day; later ones that stand are told",
    "municipality:department_end": "a department ends once",
    "municipality:department_new": "a code stands once by its unique key",
    "municipality:decision_take_over": "a draft is taken over once",
    "municipality:decision_circulate": "a person or a post is named once by its unique key",
    "municipality:decision_file_add": "each sending is a further paper",
    "municipality:decision_record": "a decision ends once",
    "municipality:deputies": "each sending names another person",
    "municipality:employment_kinds": "a kind stands once by its unique key",
    "municipality:duties": "a duty that the person carries already is refused",
    "municipality:duty": "a duty ends once: the form carries its edition",
    "municipality:transfers": (
        "each sending is a further list; what it changes is checked again when it is committed"
    ),
    "municipality:imports": (
        "each sending is a further file; what it changes is checked again when it is committed"
    ),
    "municipality:preview": "begins to look, and changes nothing",
    "municipality:provider_new": (
        "each sending is a further provider, which nobody uses before it was tried"
    ),
    "municipality:renewal_ask": "somebody is asked for once at a time by the unique key",
    "municipality:posts": "a title stands once by its unique key",
    "municipality:routes": "a route of this name is replaced by a new version, the old one stays",
    "pilots:expand": "each sending is a further draft",
    "pilots:finish": "the state moves once",
    "pilots:new": "each sending is a further plan",
    "pilots:participants": "a person takes part once by the unique key",
    "pilots:usage_new": "a record of a unit stands once a day, and no day holds more than 7:45",
    "pilots:usage_setting": "one mark of the body; the second sending sets it as it is",
    "rollout:add_department": "a department is asked once by its unique key",
    "rollout:exception": "a condition that is passed over is not passed over again",
    "rollout:exception_ask": "one request at a time by its unique key",
    "rollout:exception_decline": "the state moves once",
    "rollout:exception_post": "one post by its unique key, with the edition of the row",
    "rollout:extend": "a due date only moves to a later day",
    "rollout:extend_round": "a due date only moves to a later day",
    "rollout:reexamination": "the state moves once",
    "rollout:reexamine": "a condition is asked about once at a time by its unique key",
    "rollout:open_round": "a round that runs is refused by its unique key",
    "rollout:return": "the state moves once: the form carries the edition of the assessment",
    "training:assign": "a person has a course once by the unique key",
    "training:record_class": "an assignment is completed once",
    "training:create_course": "a code stands once by its unique key",
    "training:starter": "a course is taken over once",
}
"""Forms that make something new or move a state: a second sending cannot write over what came
between.
"""

ROW = {row.name: row for row in ROWS if row.method == "POST"}


def a_case(world, name: str) -> Case:
    """Somebody who gets through with the form."""
    return next(case for case in cases_of(world, ROW[name]) if case.status == 302 and not case.door)


def sent_twice(world, asker, name: str) -> tuple[Answer, str]:
    """The answer to the second window's form, which was opened before the first one was sent; and
    what was typed in it.
    """
    case, sending = a_case(world, name), SENDING.get(name) or Sending()
    form = sending.data(world.here, case.target, case.who)
    second = dict(form)
    for field, text in EDITS[name].items():
        second |= {key: text for key in form if key == field or key.startswith(f"{field}_")} or {
            field: text
        }
    address = address_of(world, ROW[name], case.slot)

    def first(client) -> None:
        assert client.post(address, form).status_code == 302

    given = partial(sending.given, world.here, case.target) if sending.given else None
    answer = asker.ask(case.who, "POST", address, data=lambda: second, given=given, before=first)
    return answer, next(iter(EDITS[name].values()), "")


def cells(answer: Answer) -> list[str]:
    found = re.findall(r'<p class="typed">(.*?)</p>', answer.content.decode(), re.DOTALL)
    return [html.unescape(text) for text in found]


def test_every_form_is_said_to_be_an_edit_or_not():
    forms = {row.name for row in ROWS if row.method == "GET"} & set(ROW) | {"evaluation:note"}
    assert forms == set(EDITS) | set(ONCE)
    assert not set(EDITS) & set(ONCE)


@pytest.mark.parametrize("name", EDITS)
def test_the_second_window_is_refused_and_sees_both_texts(world, asker, name):
    answer, typed = sent_twice(world, asker, name)
    assert answer.status == 409, answer.location
    assert not answer.leak
    assert not answer.changed
    texts = cells(answer)
    if typed:
        assert any(typed in text for text in texts), texts
        assert len(texts) >= 2, "what stands there now is shown beside it"


@pytest.mark.selfcheck
def test_without_the_edition_the_second_window_would_win(world, asker, monkeypatch):
    def careless(obj, *, edition, beside=list, **values):
        return transitions.change(
            obj, edition=type(obj)._base_manager.get(pk=obj.pk).edition, **values
        )

    monkeypatch.setattr(reviews, "change", careless)
    answer, _typed = sent_twice(world, asker, "evaluation:review_edit")
    assert answer.status == 302
