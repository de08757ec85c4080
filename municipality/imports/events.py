"""History of files that come in: how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

IMPORT_VERBS = {
    "import.received": _("ファイルを受け取りました"),
    "import.ordered": _("ファイルの取込みを指示しました"),
    "import.undone": _("ファイルの取込みを取り消しました"),
    "import.handed_out": _("取込み用のファイルを出力しました"),
    "list.exported": _("一覧をファイルに出力しました"),
    "import.previewed": _("ファイルを確認しました"),
    "import.refused": _("ファイルに誤りがありました"),
    "import.committed": _("ファイルを取り込みました"),
    "import.discarded": _("ファイルの取込みをやめました"),
}
