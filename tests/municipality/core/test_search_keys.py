"""What people take for the same name has the same key; what they do not, has not."""

from __future__ import annotations

import pytest

from municipality.core.kanji_variants import IN_NAMES, OLD_FORMS
from municipality.core.search_keys import search_key


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("高橋一郎", "髙橋　一郎"),
        ("高橋 一郎", "髙橋一郎"),
        ("吉田", "𠮷田"),
        ("山崎", "山﨑"),
        ("山崎", "山嵜"),
        ("斎藤", "齋藤"),
        ("斎藤", "齊藤"),
        ("斉藤", "齋藤"),
        ("渡辺", "渡邊"),
        ("渡辺", "渡邉"),
        ("渡辺", "渡邉\U000e0101"),
        ("葛城", "葛\U000e0100城"),
        ("神谷", "\ufa19谷"),
        ("広沢", "廣澤"),
        ("浜島", "濵嶋"),
        ("佐佐木", "佐々木"),
        ("しょうじ", "シヨウジ"),
        ("ｼｮｳｼﾞ", "ショウジ"),
        ("がぎ", "ｶﾞｷﾞ"),
        ("か\u3099", "ガ"),
        ("龍ケ崎", "竜ヶ﨑"),
        ("ジョン スミス", "ジョン・スミス"),
        ("ＡＢ１２", "ab12"),
        ("ab-12", "AB12"),
    ],
)
def test_the_same_name_has_the_same_key(typed, written):
    assert search_key(typed) == search_key(written)


@pytest.mark.parametrize(
    ("one", "other"), [("川田", "河田"), ("阪本", "坂本"), ("カ", "ガ"), ("田中", "中田")]
)
def test_another_name_has_another_key(one, other):
    assert search_key(one) != search_key(other)


def test_a_key_is_its_own_key():
    for group in f"{OLD_FORMS} {IN_NAMES}".split():
        assert {search_key(letter) for letter in group} == {search_key(group[0])}
        assert search_key(search_key(group)) == search_key(group)


def test_no_letter_stands_in_two_groups():
    letters = "".join(f"{OLD_FORMS} {IN_NAMES}".split())
    heads = [group[0] for group in f"{OLD_FORMS} {IN_NAMES}".split()]
    others = [letter for letter in letters if letter not in heads]
    assert sorted(others) == sorted(set(others))


def test_signs_alone_have_no_key():
    assert search_key(" 　・-") == ""
