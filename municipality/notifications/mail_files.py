"""Mails as files, where there is no mail server: they hold links that open accounts, so that nobody
but the owner may read them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.mail.backends import filebased


class FileBackend(filebased.EmailBackend):
    """Django's mails in files, each with the rights 0600 in a folder with 0700."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        Path(self.file_path).chmod(0o700)

    def open(self) -> bool | None:
        """Open the file of this connection; False when it is open already."""
        opened = super().open()
        if self.stream is not None:
            Path(self.stream.name).chmod(0o600)
        return opened
