"""Which passwords are refused, and that the width of letters makes no other one."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from municipality.accounts.models import User
from municipality.accounts.password_rules import refuse_own_names
from municipality.accounts.romaji import one_spelling, romanised
from municipality.organisation.models import Member
from tests.build.municipality import PASSWORD, a_body, a_department, a_member, an_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    body = a_body("203211", "軽井沢町", kana="カルイザワマチ")
    member = a_member(
        a_department(body),
        name="髙橋 純一",
        kana="タカハシ ジュンイチ",
        mail="j.takahashi@k.example.jp",
    )
    an_account(member, "j.takahashi")
    return Member.objects.select_related("municipality", "user").get(pk=member.pk)


def is_refused(password: str, user: User | None = None) -> bool:
    try:
        validate_password(password, user)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "password1234567",
        "passwordpassword",
        "ｐａｓｓｗｏｒｄ１２３４",
        "123456789012",
        "!sakura2026!",
        "yoroshikuonegaishimasu",
        "Himawari#2026",
        "qwertyuiopasdf",
        "1qaz2wsx3edc",
        "shiyakusho2026",
    ],
)
def test_what_others_guess_first_is_refused(password):
    assert is_refused(password)


@pytest.mark.parametrize(
    "password", [PASSWORD, "himawari to asagao", "kumo no ue no saka 7", "vK3!pq9zRt#w"]
)
def test_other_passwords_are_taken(password, person):
    assert not is_refused(password, person.user)
    refuse_own_names(password, [person])


@pytest.mark.parametrize(
    "password",
    [
        "takahashi1985",
        "Takahashi-Junichi",
        "TAKAHASI_zyuniti",
        "junichi.takahashi!",
        "karuizawamachi",
        "Karuizawa-2026!",
        "j.takahashi@k.example.jp",
        "髙橋純一198504011",
        "軽井沢町2026令和",
        "ｔａｋａｈａｓｈｉ２０２６",
    ],
)
def test_ones_own_names_are_refused(password, person):
    assert is_refused(password, person.user)
    with pytest.raises(ValidationError):
        refuse_own_names(password, [person])


def test_a_name_within_another_sentence_is_taken(person):
    refuse_own_names("takahashi ga uma ni noru", [person])


@pytest.mark.parametrize(
    ("kana", "typed"),
    [
        ("タカハシ", "takahasi"),
        ("ショウジ", "shouji"),
        ("しょうじ", "shoji"),
        ("ﾏﾂｵｶ", "matsuoka"),
        ("ジュンコ", "junko"),
        ("ジュンコ", "zyunko"),
        ("オオノ", "ohno"),
        ("サッポロ", "sapporo"),
        ("キョウコ", "kyoko"),
        ("ナンバ", "namba"),
        ("ヤマグチ", "yamaguchi"),
        ("シンイチ", "shinichi"),
    ],
)
def test_every_way_to_write_kana_in_letters_is_one(kana, typed):
    assert romanised(kana) == one_spelling(typed)


def test_a_password_of_full_width_letters_is_the_same_password(person):
    user = person.user
    user.set_password("ａｓａｇａｏ－７－ｶﾞｷﾞ")
    assert user.check_password("asagao-7-ガギ")
    assert user.check_password("ａｓａｇａｏ－７－ｶﾞｷﾞ")
    assert not user.check_password("asagao-7-カキ")


def test_a_password_from_before_still_opens_the_account(person):
    user = person.user
    user.password = make_password("ａｓａｇａｏ－７－まえ")
    assert user.check_password("ａｓａｇａｏ－７－まえ")
    assert not user.check_password("asagao-7-まえ")
    user.set_unusable_password()
    assert not user.check_password("ａｓａｇａｏ")
    user.set_password(None)
    assert not user.has_usable_password()
