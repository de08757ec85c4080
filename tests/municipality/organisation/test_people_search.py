"""People found as one types them, and fields that take them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from municipality.organisation.forms import BodyForm
from municipality.organisation.models import Member
from municipality.organisation.people_fields import (
    MOST_SEARCHED,
    PersonField,
    SeveralPeopleField,
)
from municipality.organisation.people_search import PeopleIndex, people_called
from tests.build.municipality import a_body, a_department, a_member

pytestmark = pytest.mark.django_db


class OneForm(BodyForm):
    who = PersonField(label="担当")


class ManyForm(BodyForm):
    who = SeveralPeopleField(label="担当")


@pytest.fixture
def place():
    return a_department(a_body(), "総務課")


def people(place, *written):
    return [a_member(place, name=name, kana=kana, number=number) for number, name, kana in written]


def cleaned(form, body, typed, **choices):
    bound = form(body, MultiValueDict({"who": [typed], **{k: [v] for k, v in choices.items()}}))
    return bound, bound.cleaned_data["who"] if bound.is_valid() else None


WRITTEN = [
    ("001234", "髙橋　一郎", "タカハシ イチロウ"),
    ("001235", "𠮷田 恵子", "ヨシダ ケイコ"),
    ("001236", "山﨑 修", "ヤマサキ オサム"),
    ("001237", "齋藤 渚", "サイトウ ナギサ"),
    ("001238", "渡邉 光", "ﾜﾀﾅﾍﾞ ﾋｶﾙ"),
    ("001239", "渡邊 光子", "ワタナベ ミツコ"),
]


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("高橋一郎", ["001234"]),
        ("高橋 一郎", ["001234"]),
        ("橋　一", ["001234"]),
        ("吉田", ["001235"]),
        ("よしだけい", ["001235"]),
        ("ﾖｼﾀﾞ", ["001235"]),
        ("山崎", ["001236"]),
        ("斉藤", ["001237"]),
        ("渡辺", ["001238", "001239"]),
        ("わたなべ", ["001238", "001239"]),
        ("1234", ["001234"]),
        ("００１２３４", ["001234"]),
        ("0001234", ["001234"]),
        ("001234 高橋一郎", ["001234"]),
        ("00123", [number for number, _name, _kana in WRITTEN]),
        ("いない", []),
        ("・", []),
        ("　", [number for number, _name, _kana in WRITTEN]),
    ],
)
def test_people_are_called_as_one_types(place, typed, who):
    people(place, *WRITTEN)
    rows = people_called(Member.objects.of(place.municipality), typed)
    assert sorted(rows.values_list("number", flat=True)) == who


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("高橋一郎", "001234"),
        ("たかはし", "001234"),
        ("1234", "001234"),
        ("001234 髙橋　一郎", "001234"),
        ("渡辺光", "001238"),
    ],
)
def test_who_is_named_is_taken(place, typed, number):
    people(place, *WRITTEN)
    assert cleaned(OneForm, place.municipality, typed)[1].number == number


def test_a_number_as_it_is_written_goes_before_one_with_other_zeros(place):
    with_zeros, without = people(place, ("0012", "甲 一", ""), ("12", "乙 二", ""))
    index = PeopleIndex(Member.objects.of(place.municipality))
    assert index.named("12") == [without.pk]
    assert index.named("0012") == [with_zeros.pk]
    assert sorted(index.named("00012")) == sorted([with_zeros.pk, without.pk])


def test_of_several_one_is_chosen_and_nothing_typed_is_lost(place):
    first, second = people(place, *WRITTEN)[4:]
    form, nobody = cleaned(OneForm, place.municipality, "渡辺")
    page = str(form["who"])
    assert nobody is None
    assert 'value="渡辺"' in page
    assert f'value="{first.pk} 渡辺"' in page
    assert f'value="{second.pk} 渡辺"' in page
    chosen = {"who_choice_0": f"{second.pk} 渡辺"}
    form, person = cleaned(OneForm, place.municipality, "渡辺", **chosen)
    assert person == second
    assert f'value="{second.pk} 渡辺" checked' in str(form["who"])


def test_a_part_of_a_name_is_never_taken_for_it(place):
    people(place, *WRITTEN)
    form, nobody = cleaned(OneForm, place.municipality, "橋一")
    assert nobody is None
    assert "髙橋　一郎(タカハシ イチロウ)" in str(form["who"])


def test_a_choice_of_before_does_not_overrule_what_is_typed_now(place):
    one, other, *_others = people(place, *WRITTEN)
    chosen = {"who_choice_0": f"{other.pk} 渡辺"}
    assert cleaned(OneForm, place.municipality, "高橋", **chosen)[1] == one


@pytest.mark.parametrize("row", ["{stranger} 渡辺", "x 渡辺", "渡辺", "99999999999999999999 渡辺"])
def test_a_choice_that_was_not_offered_is_none(place, row):
    people(place, *WRITTEN)
    stranger = a_member(a_department(a_body("203211"), "総務課"), name="渡辺 遠")
    chosen = {"who_choice_0": row.format(stranger=stranger.pk)}
    form, nobody = cleaned(OneForm, place.municipality, "渡辺", **chosen)
    assert nobody is None
    assert "渡辺 遠" not in str(form["who"])


def test_too_many_are_counted_not_listed(place):
    people(place, *((f"{n:04}", f"佐藤 {n}", "") for n in range(21)))
    form, _nobody = cleaned(OneForm, place.municipality, "佐藤")
    assert "21人います" in form.errors["who"][0]
    assert "radio" not in str(form["who"])


def test_who_left_is_not_chosen(place):
    people(place, *WRITTEN)
    Member.objects.filter(number="001234").update(is_active=False)
    form, _nobody = cleaned(OneForm, place.municipality, "高橋")
    assert "に当たる職員がいません" in form.errors["who"][0]


def test_several_people_are_written_by_name_and_number(place):
    first, second, third, fourth, *watanabe = people(place, *WRITTEN)
    typed = "高橋 一郎、1235 001236\n斎藤 渚、高橋"
    assert cleaned(ManyForm, place.municipality, typed)[1] == [first, second, third, fourth]
    form, nobody = cleaned(ManyForm, place.municipality, "高橋、渡辺、いない")
    assert nobody is None
    assert len(form.errors["who"]) == 2
    chosen = {"who_choice_0": f"{watanabe[1].pk} 渡辺"}
    people_ = cleaned(ManyForm, place.municipality, "高橋、渡辺", **chosen)[1]
    assert people_ == [first, watanabe[1]]


def test_a_field_asks_the_database_twice(place, django_assert_max_num_queries):
    people(place, *WRITTEN)
    with django_assert_max_num_queries(2):
        cleaned(ManyForm, place.municipality, "高橋、渡辺、1236")


def test_more_ambiguous_names_than_a_page_of_them_are_all_chosen(place):
    surnames = [f"{first}{second}" for first in "赤青黒白金" for second in "木川山田野"]
    both = people(
        place,
        *(
            (f"{n}{half}", f"{surname} {given}", "")
            for n, surname in enumerate(surnames, 100)
            for half, given in enumerate(("一", "二"))
        ),
    )
    second = both[1::2]
    typed = "、".join(surnames)
    form, nobody = cleaned(ManyForm, place.municipality, typed)
    assert (nobody, str(form["who"]).count("<fieldset")) == (None, len(surnames))
    chosen = {
        f"who_choice_{n}": f"{person.pk} {surname}"
        for n, (person, surname) in enumerate(zip(second, surnames, strict=True))
    }
    last = chosen.popitem()
    form, nobody = cleaned(ManyForm, place.municipality, typed, **chosen)
    assert (nobody, len(form.errors["who"])) == (None, 1)
    assert str(form["who"]).count(" checked") == len(surnames) - 1
    chosen |= [last]
    assert cleaned(ManyForm, place.municipality, typed, **chosen)[1] == second


def test_only_so_many_parts_of_names_are_searched_at_once(place):
    people(place, *((f"{n:04}", f"中村 太郎{n}号", "") for n in range(100, 130)))
    parts = [f"郎{n}" for n in range(100, 130)]
    form, nobody = cleaned(ManyForm, place.municipality, "、".join(parts))
    assert nobody is None
    assert str(form["who"]).count("<fieldset") == MOST_SEARCHED
    assert form.errors["who"][-1] == (
        "氏名の一部で探せるのは、一度に20件までです。「郎120」など10件は、氏名をすべて入力するか、"
        "職員番号で入力してください。"
    )
    whole = [f"{n:04}" for n in range(100, 130)]
    assert len(cleaned(ManyForm, place.municipality, "、".join(whole))[1]) == len(whole)


def test_others_are_found_by_their_whole_number_only(place):
    known, other = people(place, ("1234", "髙橋 一郎", ""), ("12", "吉田 恵子", ""))
    field = PersonField()
    field.search_in(Member.objects.filter(pk=known.pk), others=Member.objects.all())
    assert (field.clean("12"), field.clean("0012"), field.clean("高橋")) == (other, other, known)
    with pytest.raises(ValidationError, match="に当たる職員がいません"):
        field.clean("吉田")
