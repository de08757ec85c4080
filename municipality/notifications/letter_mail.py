"""A mail with a subject as RFC 2047 asks."""

from __future__ import annotations

from email.header import Header
from typing import Any

from django.core.mail import EmailMessage


class LetterMail(EmailMessage):
    """Django's mail, whose words of a long subject are one letter too long: some servers refuse it
    or show it raw.
    """

    def message(self, **options: Any) -> Any:
        """The mail with its subject in words of at most 75 letters, none of which cuts a letter."""
        message = super().message(**options)
        subject = str(self.subject)
        if not subject.isascii():
            words = Header(subject, "utf-8", header_name="Subject").encode().split()
            del message["Subject"]
            message["Subject"] = " ".join(words)
        return message
