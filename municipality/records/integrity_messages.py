"""Results of the log check in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

FAULTS: dict[str, Any] = {
    "a line is missing": _("行が抜けています"),
    "the line does not follow the one before": _("前の行とつながっていません"),
    "the line was altered": _("行が書き換えられています"),
    "the line differs from the one verified before": _("前に検証した行と違います"),
    "the content was altered": _("内容が書き換えられています"),
    "the content is missing": _("内容が失われています"),
    "the erasure was forged": _("承認のない消去です"),
    "the checkpoint was forged": _("起点の署名が合いません"),
    "the end of the chain is missing": _("末尾の行が失われています"),
    "the head of the chain was altered": _("行数と末尾の控えが書き換えられています"),
    "a line was added behind the head": _("末尾に行が加えられています"),
}


def fault_words(reason: str) -> str:
    """Fault in the reader's language."""
    return str(FAULTS.get(reason, reason))
