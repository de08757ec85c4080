"""History of 1on1: how it is worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ONE_ON_ONE_VERBS = {
    "note.kept": _("自分だけのメモを書きました"),
    "one_on_one.corrected": _("1on1の記録を訂正しました"),
    "one_on_one.listed": _("1on1の実施状況を見ました"),
    "one_on_one.read": _("1on1の記録を読みました"),
    "one_on_one.recorded": _("1on1を記録しました"),
    "pair.ended": _("1on1の組を終えました"),
    "pair.moved": _("1on1の組の部署を改めました"),
    "pair.started": _("1on1を始めました"),
    "promise.kept": _("1on1の約束を済みにしました"),
}
