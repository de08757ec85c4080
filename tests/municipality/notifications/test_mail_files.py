"""Mails in files can be read by their owner only."""

from __future__ import annotations

import stat

from django.core.mail import EmailMessage, get_connection


def rights(path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_a_mail_and_its_folder_are_the_owners_alone(tmp_path):
    folder = tmp_path / "mail"
    folder.mkdir(mode=0o755)
    connection = get_connection(
        "municipality.notifications.mail_files.FileBackend", file_path=str(folder)
    )
    letter = EmailMessage("招待", "本文", "office@town.example.jp", ["a@town.example.jp"])
    assert connection.send_messages([letter, letter]) == 2
    (file,) = folder.iterdir()
    assert (rights(folder), rights(file)) == ("0o700", "0o600")
    assert file.read_bytes().count(b"Subject:") == 2
