"""Events of access in the history: how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACCESS_VERBS = {
    "access.refused": _("権限のない操作を断られました"),
}
