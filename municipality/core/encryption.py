"""Encryption of single fields with FIELD_KEYS (the first writes, every one reads), apart from
SECRET_KEY.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal_secret(clear: bytes) -> bytes:
    """Encrypt with the first of FIELD_KEYS."""
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(clear)


def open_secret(sealed: bytes) -> bytes:
    """Decrypt with whichever of FIELD_KEYS fits; raises cryptography's InvalidToken when none
    does.
    """
    return _cipher(tuple(settings.FIELD_KEYS)).decrypt(sealed)


def keep_in_session(session: Any, name: str, clear: bytes) -> None:
    """Keep a secret in a session, which lies in the database, without it being readable there."""
    session[name] = seal_secret(clear).decode()


def kept_in_session(session: Any, name: str) -> bytes | None:
    """The secret kept under this name; None when there is none, or its key is gone."""
    try:
        return open_secret(session[name].encode()) if name in session else None
    except InvalidToken:
        return None
