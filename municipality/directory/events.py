"""History of the pages of people: how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DIRECTORY_VERBS = {
    "people.read": _("職員の一覧を見ました"),
    "member.read": _("職員の情報を見ました"),
    "member.changed": _("職員の情報を変更しました"),
}
