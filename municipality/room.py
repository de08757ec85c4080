"""What the ground floor offers to itself: decisions that are due, its notices, its navigation, its daily jobs."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import rules
from .deadlines import DEADLINES
from .handing import HAND_OVERS
from .imports import IMPORTS
from .letters import ACCOUNT_NOTICES, ACCOUNT_VERBS
from .operations.arrivals import tell_of_endings
from .operations.disposals import carry_out
from .operations.import_work import forget_old_files
from .operations.organisation import apply_versions
from .operations.reorganising import follow_successors
from .operations.resting import watch_turns
from .operations.setup import note_ready
from .operations.transfers import hand_over
from .operations.verification import verify_daily
from .own_notices import REMINDER_NOTICES, REMINDER_VERBS
from .rooms import Nav, NoticeKind, Room
from .settings_pages import PAGES

NOTICES = (
    NoticeKind(
        "decision.yours",
        _("決裁の依頼「%(title)s」"),
        _("内容を確認し、承認または差戻しをしてください。"),
        "municipality:decision",
        urgent=True,
        while_due="decision.step",
    ),
    NoticeKind(
        "decision.vacant",
        _("決裁が止まっています「%(title)s」"),
        _("%(post)sに、いま確認できる人がいません。人事情報・不在の登録・代決する人の指定を確認してください。"),
        "municipality:decision",
        urgent=True,
    ),
    NoticeKind(
        "decision.in_place",
        _("代わりの確認の依頼「%(title)s」"),
        _("%(post)sの人がいないため、代決または引上げができます。行ったものは後閲の対象になります。"),
        "municipality:decision",
        urgent=True,
    ),
    NoticeKind(
        "decision.decided",
        _("決裁済み「%(title)s」"),
        _("起案した件が決裁されました。"),
        "municipality:decision",
        urgent=True,
    ),
    NoticeKind(
        "decision.to_read",
        _("供覧「%(title)s」"),
        _("決裁された内容を読み、「確認しました」を押してください。"),
        "municipality:decision",
    ),
    NoticeKind(
        "decision.returned", _("差戻し「%(title)s」"), _("理由 %(comment)s"), "municipality:decision", urgent=True
    ),
    NoticeKind(
        "decision.rejected", _("却下「%(title)s」"), _("理由 %(comment)s"), "municipality:decision", urgent=True
    ),
)

RECORD_NOTICES = (
    NoticeKind(
        "disposal.proposed",
        _("記録の廃棄の承認をお願いします"),
        _("事務局から申出がありました。内容を確認し、承認するかどうかを決めてください。"),
        "municipality:disposal",
        urgent=True,
    ),
    NoticeKind(
        "disposal.refused",
        _("記録の廃棄は承認されませんでした"),
        _("意見を確認してください。"),
        "municipality:disposal",
        urgent=True,
    ),
    NoticeKind(
        "disposal.done",
        _("記録の廃棄が終わりました"),
        _("内容を消した行 %(erased)s行、除いた行 %(removed)s行。"),
        "municipality:disposal",
    ),
    NoticeKind(
        "log.broken",
        _("アクセスログの検証で不一致が見つかりました"),
        _("行 %(line)s が合いません。データベースを直接変更したおそれがあります。運用管理者に連絡してください。"),
        "municipality:log_check_of",
        urgent=True,
    ),
)

NAVIGATION = (
    Nav("top", pgettext_lazy("案内", "部署"), "municipality:departments", rules.anyone, order=30),
    Nav("top", pgettext_lazy("案内", "決裁"), "municipality:decisions", rules.anyone, order=40),
    Nav("manage", _("職員と組織"), "municipality:people", rules.may_see_people, order=10),
    Nav("manage", pgettext_lazy("案内", "人事異動"), "municipality:transfers", rules.may_import, order=15),
    Nav("manage", pgettext_lazy("案内", "取込み"), "municipality:imports", rules.may_import, order=20),
    Nav("manage", _("アクセスログ"), "municipality:log", rules.may_see_log, order=30),
    Nav("manage", pgettext_lazy("案内", "設定"), "municipality:settings_home", rules.is_office, order=40),
)

VERBS = {
    "municipality.created": _("団体を登録しました"),
    "duty.given": _("職務を付与しました"),
    "import.received": _("ファイルを受け取りました"),
    "import.ordered": _("ファイルの取込みを指示しました"),
    "import.undone": _("ファイルの取込みを取り消しました"),
    "import.handed_out": _("取込み用のファイルを出力しました"),
    "list.exported": _("一覧をファイルに出力しました"),
    "duty.ended": _("職務を終えました"),
    "import.previewed": _("ファイルを確認しました"),
    "import.refused": _("ファイルに誤りがありました"),
    "import.committed": _("ファイルを取り込みました"),
    "import.discarded": _("ファイルの取込みをやめました"),
    "people.read": _("職員の一覧を見ました"),
    "member.read": _("職員の情報を見ました"),
    "log.read": _("アクセスログを見ました"),
    "member.changed": _("職員の情報を変更しました"),
    "department.added": _("部署を登録しました"),
    "department.changed": _("部署の名称や上位部署の変更を登録しました"),
    "department.reorganised": _("部署の統合・分割を登録しました"),
    "department.followed": _("終わった部署の仕事を引継ぎ先に移しました"),
    "body.changed": _("団体の設定を変更しました"),
    "closed_day.added": _("閉庁日を登録しました"),
    "closed_day.removed": _("閉庁日を削除しました"),
    "route.set": _("決裁経路を設定しました"),
    "route.stopped": _("決裁経路の使用をやめました"),
    "deputy.named": _("代決する人を指定しました"),
    "deputy.removed": _("代決する人の指定を取り消しました"),
    "absence.added": _("不在を登録しました"),
    "absence.removed": _("不在を取り消しました"),
    "post.added": _("職位を登録しました"),
    "post.renamed": _("職位の名称を変更しました"),
    "post.moved": _("職位の順位を変更しました"),
    "post.removed": _("職位を削除しました"),
    "setup.skipped": _("準備の項目を不要としました"),
    "setup.needed": _("準備の項目を必要に戻しました"),
    "setup.finished": _("準備が終わりました"),
    "access.refused": _("権限のない操作を断られました"),
    "log.exported": _("アクセスログを出力しました"),
    "log.broken": _("アクセスログの検証で不一致が見つかりました"),
    "preview.started": _("所属長から見た画面の表示を始めました"),
    "preview.read": _("所属長から見た画面で見ました"),
    "preview.ended": _("所属長から見た画面の表示を終わりました"),
    "retention.set": _("記録の保存年限を変更しました"),
    "disposal.proposed": _("記録の廃棄を申し出ました"),
    "disposal.approved": _("記録の廃棄を承認しました"),
    "disposal.refused": _("記録の廃棄を承認しませんでした"),
    "disposal.withdrawn": _("記録の廃棄の申出を取り下げました"),
    "disposal.done": _("記録を廃棄しました"),
    "decision.drafted": _("起案しました"),
    "decision.submitted": _("決裁に回しました"),
    "decision.approved": _("承認しました"),
    "decision.returned": _("差し戻しました"),
    "decision.paper_added": _("決裁に資料を加えました"),
    "decision.paper_left_out": _("決裁から資料を外しました"),
    "decision.paper_read": _("決裁の資料を開きました"),
    "decision.document_changed": _("文書番号・保存年限を変更しました"),
    "decision.recorded": _("外での決裁を記録しました"),
    "decision.circulated": _("供覧に加えました"),
    "decision.read_in_circulation": _("供覧を確認しました"),
    "decision.printed": _("決裁書を印刷しました"),
    "decision.taken_back": _("引き戻しました"),
    "decision.skipped": _("起案者の段階を省略しました"),
    "decision.withdrawn": _("取り下げました"),
    "decision.rejected": _("却下しました"),
    "decision.decided": _("決裁されました"),
    "decision.reviewed": _("後閲しました"),
}

TRANSFER_NOTICES = (
    NoticeKind(
        "transfer.taken",
        _("人事異動で%(count)s件の仕事を引き継ぎました"),
        _("引き継いだ内容を確認してください。期限のあるものは、対応事項にも表示されます。"),
        "municipality:transfer",
    ),
    NoticeKind(
        "transfer.vacant",
        _("人事異動の後、担当者のいない仕事が%(count)s件あります"),
        _("内容を確認し、担当者を決めてください。"),
        "municipality:transfer",
    ),
)

TRANSFER_VERBS = {
    "transfer.passed": _("人事異動で仕事を引き継ぎました"),
    "transfer.read": _("引き継がれた仕事の一覧を見ました"),
    "transfer.finished": _("人事異動の引継ぎを終えました"),
}

room = Room(
    name="municipality",
    deadlines=DEADLINES,
    imports=IMPORTS,
    notices=NOTICES
    + REMINDER_NOTICES
    + tuple(replace(kind, security=True) for kind in ACCOUNT_NOTICES)
    + RECORD_NOTICES
    + TRANSFER_NOTICES,
    navigation=NAVIGATION,
    daily=(
        apply_versions,
        follow_successors,
        hand_over,
        note_ready,
        watch_turns,
        forget_old_files,
        carry_out,
        verify_daily,
        tell_of_endings,
    ),
    verbs={**VERBS, **ACCOUNT_VERBS, **REMINDER_VERBS, **TRANSFER_VERBS},
    settings=PAGES,
    hand_overs=HAND_OVERS,
)
