"""Sending by SMTP within MAIL_SECONDS altogether.

EMAIL_TIMEOUT bounds each reading from the socket, and a server that sends a letter now and then
never exceeds it. A conversation that outlasts the lease of its mail lets another worker send a
second copy.
"""

from __future__ import annotations

import io
import smtplib
import socket
import time
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp


class _Answers(io.RawIOBase):
    """What the server says, until the end of the conversation."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        self.sock, self.end, self.longest = sock, end, sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail server took too long altogether")
        self.sock.settimeout(left if self.longest is None else min(left, self.longest))
        return self.sock.recv_into(buffer)


class _Bounded(smtplib.SMTP):
    """A conversation that ends MAIL_SECONDS after it began."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.end = time.monotonic() + settings.MAIL_SECONDS
        super().__init__(*args, **options)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Answers(self.sock, self.end))
        return super().getreply()


class _BoundedTLS(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the beginning."""


class EmailBackend(smtp.EmailBackend):
    """Django's way of sending by SMTP, bounded as a whole."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The class of the conversation."""
        return _BoundedTLS if self.use_ssl else _Bounded
