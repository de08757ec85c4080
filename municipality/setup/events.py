"""History of set-up: how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SETUP_VERBS = {
    "setup.skipped": _("準備の項目を不要としました"),
    "setup.needed": _("準備の項目を必要に戻しました"),
    "setup.finished": _("準備が終わりました"),
    "preview.started": _("所属長から見た画面の表示を始めました"),
    "preview.read": _("所属長から見た画面で見ました"),
    "preview.ended": _("所属長から見た画面の表示を終わりました"),
}
