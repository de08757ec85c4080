"""Passwords that others guess first: common ones, and those made of one's own name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from municipality.accounts.models import User
from municipality.accounts.romaji import one_spelling, romanised
from municipality.organisation.models import Member

COMMON_IN_JAPAN = Path(__file__).with_name("common_passwords_ja.txt")
"""Our own list: greetings, town hall words, names of trade and play, and runs over the keyboard, in
letters. Lists of leaked passwords hold few that are long enough here.
"""

MOST_AROUND = 8
"""So many digits and signs around a common word make no other password of it."""

LEAST_WORD, LEAST_OWN, LEAST_LETTERS = 4, 3, 5

RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")

EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")

REPEATED = re.compile(r"(.{1,12}?)\1+")

ENDINGS = ("mati", "tyo", "si", "mura", "son", "ku", "ken", "hu", "to")
"""町, 市, 村, 区, 県, 府, 都 at the end of a body's name, as `one_spelling` writes them."""


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Django's list in full and a Japanese one; a common word between digits or signs, and one text
    over and over, are common, too.
    """

    def __init__(self) -> None:
        super().__init__()
        self.passwords |= set(COMMON_IN_JAPAN.read_text().split())

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a common one."""
        text = unicodedata.normalize("NFKC", password).lower().strip()
        if repeated := REPEATED.fullmatch(text):
            text = repeated[1]
        word = EDGES.sub("", text)
        around = len(text) - len(word)
        is_word = len(word) >= LEAST_WORD and around <= MOST_AROUND and word in self.passwords
        is_run = any(text in run for run in RUNS)
        if text in self.passwords or is_word or is_run or (repeated and len(text) < LEAST_LETTERS):
            raise ValidationError(self.get_error_message(), code="password_too_common")


class OwnNamePasswordValidator(password_validation.UserAttributeSimilarityValidator):
    """Refuses a password like the name of sign-in or the address, and one that is no more than
    names of one's own: of the account, the person or the body, as written or romanised.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for such a one."""
        super().validate(password, user)
        if user is not None:
            members = Member.objects.filter(user=user.pk).select_related("municipality")
            names = [user.username, user.email]
            refuse_own_names(password, members if user.pk else (), names)

    def get_help_text(self) -> str:
        """For the line of rules at the field."""
        return _("氏名・団体名・ログイン名だけのパスワードにしないでください。")


def refuse_own_names(password: str, members: Iterable[Member], names: Iterable[str] = ()) -> None:
    """Raise ValidationError when the password holds names of these members and these names, and
    little else.
    """
    text = one_spelling(unicodedata.normalize("NFKC", password).lower())
    own = {word for name in names for word in _words_of(name)}
    for member in members:
        own |= {word for name in (member.name, member.mail) for word in _words_of(name)}
        own |= {romanised(part) for part in member.kana.split()}
        body = member.municipality
        own |= {body.name.lower(), body.name[:-1].lower(), *_without_ending(romanised(body.kana))}
    rest = text
    for word in sorted(own, key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) >= _least(word) else rest
    letters = [letter for letter in rest if letter.isalpha()]
    if rest != text and len(letters) < LEAST_LETTERS:
        raise ValidationError(
            _(
                "氏名・団体名・ログイン名からすぐに推測できるパスワードです。別の言葉を加えてください。"
            ),
            code="password_own_name",
        )


def _words_of(name: str) -> list[str]:
    """The words of a name or an address, in small letters and one spelling."""
    text = unicodedata.normalize("NFKC", name).lower()
    return [one_spelling(word) for word in re.split(r"[\W\d_]+", text) if word]


def _without_ending(name: str) -> set[str]:
    return {name, *(name.removesuffix(ending) for ending in ENDINGS)}


def _least(word: str) -> int:
    """Two kanji are a name; of letters three."""
    return LEAST_OWN if word.isascii() else 2
