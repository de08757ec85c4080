"""設定: every page of settings with its group and its description."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.registry import SettingGroup, SettingPage

GROUPS = (
    SettingGroup("start", pgettext_lazy("設定", "はじめに")),
    SettingGroup("body", _("団体と組織")),
    SettingGroup("decisions", _("決裁と代決")),
    SettingGroup("telling", _("通知と督促")),
    SettingGroup("sign_in", _("ログインと利用者")),
    SettingGroup("record", _("記録と確認")),
)


PAGES = (
    SettingPage(
        "start",
        "checklist",
        _("準備の状況"),
        _("使い始めるまでに必要なことと、だれがいつ行ったかを一覧にします。"),
    ),
    SettingPage(
        "body",
        "settings",
        _("団体の情報"),
        _("団体名、ネットワークのモデル、人数の少ない内訳の隠し方、メールの差出人を決めます。"),
        key="body",
    ),
    SettingPage(
        "sign_in",
        "sign_in_settings",
        _("ログインの続く時間と方法"),
        _("離席した端末をいつログアウトさせるか、どの方法で本人を確かめるかを決めます。"),
        key="sign_in",
    ),
    SettingPage(
        "sign_in",
        "providers",
        _("庁内アカウントの接続先"),
        _(
            "庁内の認証(OpenID Connect)でログインできるようにします。ここで登録した接続先は、この団体だけを開きます。"
        ),
    ),
    SettingPage(
        "body",
        "posts",
        pgettext_lazy("組織", "職位"),
        _("職位の名称と順位を決めます。決裁の経路は、この順位と職位で人を探します。"),
        key="posts",
    ),
    SettingPage(
        "body",
        "employment_kinds",
        pgettext_lazy("組織", "任用区分"),
        _(
            "任用区分ごとに、職員に数えるかどうかを決めます。例 特別職を数えないと、職員の人数に入りません。"
        ),
        key="employment_kinds",
    ),
    SettingPage(
        "body",
        "duties",
        pgettext_lazy("人", "職務"),
        _(
            "庶務担当などの職務を、期間を決めて人に付けます。人事異動のときは後任者に引き継がれます。"
        ),
    ),
    SettingPage(
        "body",
        "organisation_check",
        _("組織の確認"),
        _("所属長のいない部署、就いている人のいない職位、担当者のいない職務などを見つけます。"),
    ),
    SettingPage(
        "telling",
        "closed_days",
        pgettext_lazy("設定", "閉庁日"),
        _(
            "開庁日だけを数える期限に効きます。例 閉庁日を1日増やすと、その日をまたぐ期限が1日延びます。"
        ),
        key="closed_days",
    ),
    SettingPage(
        "decisions",
        "routes",
        pgettext_lazy("設定", "決裁経路"),
        _(
            "決裁の対象ごとに、だれがどの順で承認するかを決めます。回っている決裁の経路は変わりません。"
        ),
        key="route:",
    ),
    SettingPage(
        "decisions",
        "deputies",
        _("代決と不在"),
        _("決裁者の不在が登録されている間だけ、ここで指定した人が代わりに決裁できます。"),
        key="deputies",
    ),
    SettingPage(
        "record",
        "running",
        pgettext_lazy("設定", "動作状況"),
        _("定期処理やメールの送信が動いているか、止まっているときは何に響くかを確認します。"),
    ),
    SettingPage(
        "telling",
        "reminders",
        _("督促の規則"),
        _(
            "期限の何開庁日前・後に知らせるか、遅れたときにだれに知らせるかを決め、次の督促を一覧にします。"
        ),
    ),
    SettingPage(
        "telling",
        "announcements",
        _("お知らせを送る"),
        _("選んだ人や、まだ済んでいない人に、事務局の言葉で知らせます。送る前に人数を確かめます。"),
    ),
    SettingPage(
        "telling",
        "wordings",
        pgettext_lazy("設定", "文面"),
        _(
            "督促と通知の件名と本文を、団体の言葉に変えます。変えたものは、次に読むときから使われます。"
        ),
    ),
    SettingPage(
        "telling",
        "mails",
        _("メールの送信"),
        _("自分にテストメールを送り、送れなかったメールと理由を確かめます。"),
    ),
    SettingPage(
        "record",
        "preview",
        _("所属長から見た画面"),
        _(
            "部署を選び、その所属長に見える画面を確かめます。見ることだけができ、見たことは記録されます。"
        ),
    ),
    SettingPage(
        "record",
        "retention",
        _("記録の保存年限"),
        _(
            "アクセスログを操作の種類ごとに何年残すかを決めます。過ぎた記録も、監査の人の承認がなければ消えません。"
        ),
        key="retention",
    ),
)
