"""History of reviews (レビュー): how it is worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REVIEW_VERBS = {
    "review.closed": _("レビューを締めました"),
    "review.decided": _("レビューが決裁されました"),
    "review.opened": _("レビューを開きました"),
    "review.remarked": _("レビューに所見を加えました"),
    "review.reopened": _("レビューを決裁から戻しました"),
    "review.requested": _("レビューを決裁に回しました"),
    "review.revised": _("レビューの締めを解きました"),
    "review.saved": _("レビューの内容を保存しました"),
}
