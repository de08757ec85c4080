"""The ground floor. Sources: product.md §1 (roles and their reach), §2 (decisions, deputies, log,
sign-in), §9 (addresses).
"""

TABLE = """
                                              st ma mo yd de of hr ex co au cc
# 対応事項 is everybody's home; 状況一覧 is for those who answer for others or advise them (§1, §7).
dashboard:home                  GET      -    +  +  +  +  +  +  +  +  +  +  +
dashboard:dashboard             GET      -    -  +  +  -  -  +  +  +  +  +  +

# 決裁: who drafted it, whose post it passes, who answers for the department, office and auditor. Of
# 総務課 and 庶務係 it is
# 税務課長's turn; of 税務課 itself the mayor's, who is away, so that the deputy has a part in it.
municipality:decisions          GET      -    +  +  +  +  +  +  +  +  +  +  +
municipality:decision           GET      decision
    own                                       .  +  +  .  .  +  .  +  .  +  .
    below                                     .  +  +  .  .  +  .  +  .  +  .
    other                                     .  .  +  .  +  +  .  +  .  +  +
# Only the drafter sends it again or takes it back. Returned, it is nobody's turn and no deputy's
# matter.
municipality:decision_submit    POST     decision
    own                                       .  +  -  .  .  -  .  -  .  -  .
    below                                     .  -  -  .  .  -  .  -  .  -  .
    other                                     .  .  +  .  .  -  .  -  .  -  -
municipality:decision_withdraw  POST     decision
    own                                       .  +  -  .  .  -  .  -  .  -  .
    below                                     .  -  -  .  .  -  .  -  .  -  .
    other                                     .  .  +  .  -  -  .  -  .  -  -
municipality:decision_take_back POST    decision
    own                                       .  +  -  .  .  -  .  -  .  -  .
    below                                     .  -  -  .  .  -  .  -  .  -  .
    other                                     .  .  +  .  -  -  .  -  .  -  -
# The office takes over what the drafter, who is away, has not sent.
municipality:decision_take_over GET,POST decision
    own                                       .  -  -  .  .  +  .  -  .  -  .
    below                                     .  -  -  .  .  +  .  -  .  -  .
    other                                     .  .  -  .  .  +  .  -  .  -  -
# Only who holds the post, or its deputy while the holder is away; nobody on their own draft.
municipality:decision_approve   POST     decision
    own                                       .  -  +  .  .  -  .  -  .  -  .
    below                                     .  -  +  .  .  -  .  -  .  -  .
    other                                     .  .  -  .  +  -  .  +  .  -  -
municipality:decision_return    POST     decision
    own                                       .  -  +  .  .  -  .  -  .  -  .
    below                                     .  -  +  .  .  -  .  -  .  -  .
    other                                     .  .  -  .  +  -  .  +  .  -  -
municipality:decision_reject    POST     decision
    own                                       .  -  +  .  .  -  .  -  .  -  .
    below                                     .  -  +  .  .  -  .  -  .  -  .
    other                                     .  .  -  .  +  -  .  +  .  -  -
# 後閲 of what the deputy decided: by the holder of the post alone. Decided, hr sees it, since it is
# circulated to them.
municipality:decision_review    POST     decision
    own                                       .  -  -  .  -  -  -  +  .  -  .
    below                                     .  -  -  .  -  -  -  +  .  -  .
    other                                     .  .  -  .  -  -  -  +  .  -  -
# Papers: read by whoever sees the decision; added by the drafter and by whose turn it is; left out
# by the drafter of what came back.
municipality:decision_file      GET      decision
    own                                       .  +  +  .  .  +  .  +  .  +  .
    below                                     .  +  +  .  .  +  .  +  .  +  .
    other                                     .  .  +  .  +  +  .  +  .  +  +
municipality:decision_file_add  GET,POST decision
    own                                       .  +  +  .  .  -  .  -  .  -  .
    below                                     .  -  +  .  .  -  .  -  .  -  .
    other                                     .  .  +  .  +  -  .  +  .  -  -
municipality:decision_file_leave_out POST decision
    own                                       .  +  -  .  .  -  .  -  .  -  .
    below                                     .  -  -  .  .  -  .  -  .  -  .
    other                                     .  .  +  .  .  -  .  -  .  -  -
# The printed sheet for whoever sees it; 文書番号, 保存年限 and 供覧 are the drafter's and the
# office's.
municipality:decision_print     GET      decision
    own                                       .  +  +  .  .  +  .  +  .  +  .
    below                                     .  +  +  .  .  +  .  +  .  +  .
    other                                     .  .  +  .  +  +  .  +  .  +  +
municipality:decision_document  GET,POST decision
    own                                       .  +  -  .  .  +  .  -  .  -  .
    below                                     .  -  -  .  .  +  .  -  .  -  .
    other                                     .  .  +  .  -  +  .  -  .  -  -
municipality:decision_circulate GET,POST decision
    own                                       .  +  -  .  .  +  .  -  .  -  .
    below                                     .  -  -  .  .  +  .  -  .  -  .
    other                                     .  .  +  .  -  +  .  -  .  -  -
# Decided on paper: the office records it. Decided, it is in sight of hr, to whom it is circulated
# (供覧), and only of them to note.
municipality:decision_record    GET,POST decision
    own                                       .  -  -  .  .  +  .  -  .  -  .
    below                                     .  -  -  .  .  +  .  -  .  -  .
    other                                     .  .  -  .  -  +  .  -  .  -  -
municipality:decision_read      POST     decision
    own                                       .  -  -  .  -  -  +  -  .  -  .
    below                                     .  -  -  .  -  -  +  -  .  -  .
    other                                     .  .  -  .  -  -  +  -  .  -  -

# 部署: one's own, those one answers for and what lies below them; all for who reaches the body.
municipality:departments        GET      -    +  +  +  +  +  +  +  +  +  +  +
municipality:department_new     GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:department         GET      department
    root                                      .  .  .  .  .  +  +  +  +  +  .
    own                                       +  +  .  .  +  +  +  +  +  +  +
    below                                     .  +  .  .  .  +  +  +  +  +  .
    other                                     .  .  +  +  .  +  +  +  +  +  +
    third                                     .  .  .  .  .  +  +  +  +  +  .

# 職員: oneself, and the people one answers for. A second post as staff gives no view of the
# colleagues there.
municipality:people             GET      -    -  +  +  -  -  +  +  +  -  -  +
municipality:member             GET      member
    self                                      +  +  .  .  .  +  +  +  .  .  .
    own                                       .  +  .  .  .  +  +  +  .  .  .
    below                                     .  +  .  .  .  +  +  +  .  .  .
    other                                     .  .  +  .  .  +  +  +  .  .  +
municipality:member_edit        GET,POST member
    self                                      -  -  -  -  -  +  -  -  -  -  -
    own                                       -  -  -  -  -  +  -  -  -  -  -
    below                                     -  -  -  -  -  +  -  -  -  -  -
    other                                     -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
# 不在 is noted by oneself or the office (contract 23).
municipality:absence_new        POST     member
    self                                      +  -  .  .  .  +  -  -  .  .  .
    own                                       .  -  .  .  .  +  -  -  .  .  .
    below                                     .  -  .  .  .  +  -  -  .  .  .
    other                                     .  .  -  .  .  +  -  -  .  .  -
municipality:absence_remove     POST     absence
    self                                      +  .  .  .  .  +  .  .  .  .  .
    own                                       .  .  .  .  .  +  .  .  .  .  .
    other                                     .  .  .  .  .  +  .  .  .  .  .
municipality:absence_note       POST     -    -  -  -  -  -  +  -  -  -  -  -
# Accounts arise by the office's invitation only (contract 16).
municipality:invite             POST     member
    own                                       -  -  -  -  -  +  -  -  -  -  -
    below                                     -  -  -  -  -  +  -  -  -  -  -
    other                                     -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:slip               GET      newcomer
    invited                                   -  -  -  -  -  +  -  -  -  -  -
    other                                     -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:unlock             POST     locked
    own                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
# A lost sign-in takes two persons: the office asks (never for oneself), another one confirms; who
# leads the person may, too.
municipality:renewal_ask        GET,POST member
    self                                      -  -  .  .  .  +  -  -  .  .  .
    own                                       .  -  .  .  .  +  -  -  .  .  .
    below                                     .  -  .  .  .  +  -  -  .  .  .
    other                                     .  .  -  .  .  +  -  -  .  .  -
municipality:renewal            GET      renewal
    own                                       .  +  .  .  .  +  -  +  .  .  .
    below                                     .  +  .  .  .  +  -  +  .  .  .
    other                                     .  .  +  .  .  +  -  +  .  .  +
municipality:renewal_confirm    POST     renewal
    own                                       .  +  .  .  .  +  -  +  .  .  .
    below                                     .  +  .  .  .  +  -  +  .  .  .
    other                                     .  .  +  .  .  +  -  +  .  .  +
municipality:renewal_refuse     POST     renewal
    own                                       .  +  .  .  .  +  -  +  .  .  .
    other                                     .  .  +  .  .  +  -  +  .  .  +
municipality:member_sessions_end POST    member
    self                                      -  -  -  -  -  +  -  -  -  -  -
    other                                     -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:arrivals           GET      -    -  -  -  -  -  +  -  -  -  -  -
municipality:invite_many        POST     -    -  -  -  -  -  +  -  -  -  -  -
municipality:slips              GET      -    -  -  -  -  -  +  -  -  -  -  -
municipality:lift_lock          POST     member
    self                                      -  -  -  -  -  +  -  -  -  -  -
    other                                     -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:providers          GET      -    -  -  -  -  -  +  -  -  -  -  -
municipality:provider_new       GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:provider           GET,POST provider
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:provider_try       POST     provider
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:provider_stop      POST     provider
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:sign_in_settings   GET,POST -    -  -  -  -  -  +  -  -  -  -  -

# 取込み: the office, and whoever takes in the records of a department. 設定: the office. アクセスログ: the
# auditor and the office.
municipality:imports            GET,POST -    -  +  +  +  -  +  -  -  -  -  +
municipality:import             GET      import
    any                                       -  .  .  .  -  +  -  -  -  -  .
    refused                                   -  .  .  .  -  +  -  -  -  -  .
    absent                                    -  .  .  .  -  .  -  -  -  -  .
municipality:import_commit      POST     import
    any                                       -  .  .  .  -  +  -  -  -  -  .
    absent                                    -  .  .  .  -  .  -  -  -  -  .
municipality:import_choice      POST     import
    any                                       -  .  .  .  -  +  -  -  -  -  .
    absent                                    -  .  .  .  -  .  -  -  -  -  .
municipality:import_discard     POST     import
    any                                       -  .  .  .  -  +  -  -  -  -  .
    refused                                   -  .  .  .  -  +  -  -  -  -  .
    absent                                    -  .  .  .  -  .  -  -  -  -  .
municipality:import_template    GET      -    -  +  +  +  -  +  -  -  -  -  +
municipality:import_template_book GET    -    -  +  +  +  -  +  -  -  -  -  +
municipality:import_current     GET      -    -  -  -  -  -  +  -  -  -  -  -
municipality:import_undo        POST     import
    any                                       -  .  .  .  -  +  -  -  -  -  .
    absent                                    -  .  .  .  -  .  -  -  -  -  .
municipality:import_remarks     GET      import
    refused                                   -  .  .  .  -  +  -  -  -  -  .
    absent                                    -  .  .  .  -  .  -  -  -  -  .
municipality:log                GET      -    -  -  -  -  -  +  -  -  -  +  -
municipality:settings           GET,POST -    -  -  -  -  -  +  -  -  -  -  -
# What leaves the log is proposed by the office and approved by the auditor; nobody approves what
# they proposed.
municipality:log_export         GET      -    -  -  -  -  -  +  -  -  -  +  -
municipality:log_check          GET      -    -  -  -  -  -  +  -  -  -  +  -
municipality:log_check_of       GET      -    -  -  -  -  -  +  -  -  -  +  -
municipality:disposals          GET      -    -  -  -  -  -  +  -  -  -  +  -
municipality:disposals          POST     -    -  -  -  -  -  +  -  -  -  -  -
municipality:erasure_new        GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:disposal           GET      disposal
    any                                       -  -  -  -  -  +  -  -  -  +  -
    absent                                    -  -  -  -  -  .  -  -  -  .  -
municipality:disposal_approve   POST     disposal
    any                                       .  .  .  .  .  -  .  .  .  +  .
municipality:disposal_refuse    POST     disposal
    any                                       .  .  .  .  .  -  .  .  .  +  .
municipality:disposal_withdraw  POST     disposal
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
# Looking as a manager sees it is the office's; everybody may leave.
municipality:preview            GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:preview_end        POST     -    +  +  +  +  +  +  +  +  +  +  +
municipality:retention          GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:settings_home      GET      -    -  -  -  -  -  +  -  -  -  -  -
municipality:running            GET      -    -  -  -  -  -  +  -  -  -  -  -
municipality:checklist          GET      -    -  -  -  -  -  +  -  -  -  -  -
municipality:checklist_mark     POST     -    -  -  -  -  -  +  -  -  -  -  -
municipality:posts              GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:post_rename        GET,POST post
    used                                      -  -  -  -  -  +  -  -  -  -  -
    free                                      -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:post_move          POST     post
    used                                      -  -  -  -  -  +  -  -  -  -  -
    free                                      -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:post_remove        POST     post
    free                                      -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:employment_kinds   GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:employment_kind_count POST  employment_kind
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:closed_days        GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:closed_day_remove  POST     closed_day
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:routes             GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:route_stop         POST     route
    pilot                                     -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:deputies           GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:deputy_remove      POST     deputy
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -

# 通知: one's own inbox, nobody else's.
municipality:notices            GET      -    +  +  +  +  +  +  +  +  +  +  +
municipality:notices_read       POST     -    +  +  +  +  +  +  +  +  +  +  +
municipality:notice_open        POST     notice
    self                                      +  .  .  .  .  .  .  .  .  .  .
    own                                       .  .  .  .  .  .  .  .  .  .  .

# 督促と通知: the office sets rules and words, looks at what is held and at mail that does not
# arrive, and announces. Whoever
# a mail is for sees that it exists, and may not care for it.
municipality:reminders          GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:hold               GET      hold
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:hold_release       POST     hold
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:hold_drop          POST     hold
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:wordings           GET      -    -  -  -  -  -  +  -  -  -  -  -
municipality:wording            GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:mails              GET      -    -  -  -  -  -  +  -  -  -  -  -
municipality:mail_test          POST     -    -  -  -  -  -  +  -  -  -  -  -
municipality:mail_retry         POST     mail
    self                                      -  -  -  -  -  +  -  -  -  -  -
    own                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:mail_wrong         POST     mail
    self                                      -  -  -  -  -  +  -  -  -  -  -
    own                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
municipality:announcements      GET,POST -    -  -  -  -  -  +  -  -  -  -  -
# 人事異動, 職務, 組織の確認: the office's. What passed at a hand-over: for whom it came to or went
# from, and the office.
municipality:transfers          GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:transfer           GET      transfer
    self                                      +  .  .  .  .  +  .  .  .  .  .
    own                                       .  .  .  .  .  +  .  .  .  .  .
municipality:organisation_check GET      -    -  -  -  -  -  +  -  -  -  -  -
municipality:duties             GET,POST -    -  -  -  -  -  +  -  -  -  -  -
municipality:duty               GET,POST duty
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
# 組織改正: the office's, and never of the body itself.
municipality:department_change  GET,POST department
    root                                      .  .  .  .  .  -  -  -  -  -  .
    own                                       -  -  .  .  -  +  -  -  -  -  -
    below                                     .  -  .  .  .  +  -  -  -  -  .
    other                                     .  .  -  -  .  +  -  -  -  -  -
    third                                     .  .  .  .  .  +  -  -  -  -  .
municipality:department_end     GET,POST department
    root                                      .  .  .  .  .  -  -  -  -  -  .
    own                                       -  -  .  .  -  +  -  -  -  -  -
    below                                     .  -  .  .  .  +  -  -  -  -  .
    other                                     .  .  -  -  .  +  -  -  -  -  -
    third                                     .  .  .  .  .  +  -  -  -  -  .
"""
