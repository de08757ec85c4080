"""Heads of mails as RFC 2047 asks: no word longer than 75, no letter cut in two."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.header import decode_header

import pytest

from municipality.notifications.letter_mail import LetterMail

WORD = re.compile(r"=\?utf-8\?[bq]\?[^?]*\?=")


def sent(subject: str) -> bytes:
    letter = LetterMail(subject, "本文", "office@town.example.jp", ["a@town.example.jp"])
    return letter.message().as_bytes()


@pytest.mark.parametrize(
    "subject",
    [
        "【軽井沢町】対応をお願いする事項が12件あります",
        "【軽井沢町】" + "研修の期限が近づいています。" * 12,
        "【あおば町】𠮷田の葛\U000e0100城" * 9,
        "あ pilot expansion " * 12,
        "plain words only",
        "𠮷" * 200,
    ],
)
def test_a_subject_folds_between_letters_into_words_of_at_most_75(subject):
    raw = sent(subject)
    read = message_from_bytes(raw, policy=policy.default)
    lines = raw.split(b"\nFrom:")[0].decode("ascii")
    assert all(len(line) <= 78 for line in lines.split("\n"))
    words = WORD.findall(lines)
    assert all(len(word) <= 75 for word in words)
    for word in words:
        ((content, charset),) = decode_header(word)
        assert content.decode(charset)
    assert read["Subject"].rstrip() == subject.rstrip()
