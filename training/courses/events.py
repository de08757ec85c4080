"""History of courses (研修): how it is worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

COURSE_VERBS = {
    "training.course_created": _("研修を追加しました"),
    "training.course_changed": _("研修を変更しました"),
    "training.starter_added": _("標準の研修を追加しました"),
}
