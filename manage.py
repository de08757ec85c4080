#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    """Run a management command with the project's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line

        from config.env import keep_keys, secrets_file
    except ImportError:
        sys.exit(
            "Django がありません。先に make setup を実行してください。 Django is not installed: run `make setup` "
            "first."
        )
    keep_keys(secrets_file())
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
