"""Judging. Sources: product.md §1 (HR sees sheets, never 1on1 notes; a consultant comments on
reviews), §6, §7; contract 2, 21.
"""

TABLE = """
                                              st ma mo yd de of hr ex co au cc
# Goals are for who works in the body; the periods are HR's.
evaluation:sheets               GET      -    +  +  +  +  +  +  +  +  -  -  +
evaluation:period_new           GET,POST -    -  -  -  -  -  -  +  -  -  -  -
evaluation:period               GET      period
    any                                       +  +  +  +  +  +  +  +  -  -  +
    absent                                    .  .  .  .  .  .  .  .  -  -  .
evaluation:period_edit          GET,POST period
    any                                       -  -  -  -  -  -  +  -  -  -  -
    absent                                    -  -  -  -  -  -  .  -  -  -  -
evaluation:period_withdraw      POST     period
    any                                       -  -  -  -  -  -  +  -  -  -  -
    absent                                    -  -  -  -  -  -  .  -  -  -  -
evaluation:period_open          POST     period
    any                                       -  -  -  -  -  -  +  -  -  -  -
    absent                                    -  -  -  -  -  -  .  -  -  -  -
# A sheet: the person, the evaluator while they lead the person, HR. Not the office, not the decider
# above the evaluator, not
# who led until yesterday (`left`). `chief` is the manager's own, evaluated by the mayor.
evaluation:sheet                GET      sheet
    self                                      +  +  .  .  .  .  +  .  -  -  .
    own                                       .  +  .  .  .  .  +  .  -  -  .
    below                                     .  +  .  .  .  .  +  .  -  -  .
    other                                     .  .  +  .  .  .  +  .  -  -  .
    left                                      .  .  .  .  .  .  +  .  -  -  .
    chief                                     .  +  .  .  .  .  +  +  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
evaluation:goals                GET,POST sheet
    self                                      +  -  .  .  .  .  -  .  -  -  .
    own                                       .  -  .  .  .  .  -  .  -  -  .
    other                                     .  .  -  .  .  .  -  .  -  -  .
    left                                      .  .  .  .  .  .  -  .  -  -  .
    chief                                     .  +  .  .  .  .  -  -  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
evaluation:sheet_submit         POST     sheet
    self                                      +  -  .  .  .  .  -  .  -  -  .
    own                                       .  -  .  .  .  .  -  .  -  -  .
    other                                     .  .  -  .  .  .  -  .  -  -  .
    left                                      .  .  .  .  .  .  -  .  -  -  .
    chief                                     .  +  .  .  .  .  -  -  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
evaluation:sheet_agree          POST     sheet
    self                                      -  +  .  .  .  .  -  .  -  -  .
    own                                       .  +  .  .  .  .  -  .  -  -  .
    below                                     .  +  .  .  .  .  -  .  -  -  .
    other                                     .  .  +  .  .  .  -  .  -  -  .
    left                                      .  .  .  .  .  .  -  .  -  -  .
    chief                                     .  -  .  .  .  .  -  +  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
evaluation:sheet_return         POST     sheet
    self                                      -  +  .  .  .  .  -  .  -  -  .
    own                                       .  +  .  .  .  .  -  .  -  -  .
    other                                     .  .  +  .  .  .  -  .  -  -  .
    left                                      .  .  .  .  .  .  -  .  -  -  .
    chief                                     .  -  .  .  .  .  -  +  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
# 1on1: the two alone. Everyone above, the office and HR see only that it was held.
evaluation:one_on_ones          GET      -    +  +  +  +  +  +  +  +  -  -  +
evaluation:pair_new             GET,POST -    -  +  +  -  -  -  -  +  -  -  +
evaluation:held                 GET      -    -  +  +  -  -  +  +  +  -  -  +
evaluation:pair                 GET      pair
    self                                      +  +  .  .  .  .  .  .  -  -  .
    own                                       .  +  .  .  .  .  .  .  -  -  .
    below                                     .  +  .  .  .  .  .  .  -  -  .
    other                                     .  .  +  .  .  .  .  .  -  -  .
    left                                      .  .  .  .  .  .  .  .  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
evaluation:talk_new             GET,POST pair
    self                                      -  +  .  .  .  .  .  .  -  -  .
    own                                       .  +  .  .  .  .  .  .  -  -  .
    below                                     .  +  .  .  .  .  .  .  -  -  .
    other                                     .  .  +  .  .  .  .  .  -  -  .
    left                                      .  .  .  .  .  .  .  .  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
evaluation:one_on_one           GET      talk
    self                                      +  +  .  .  .  .  .  .  -  -  .
    own                                       .  +  .  .  .  .  .  .  -  -  .
    below                                     .  +  .  .  .  .  .  .  -  -  .
    other                                     .  .  +  .  .  .  .  .  -  -  .
    left                                      .  .  .  .  .  .  .  .  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
evaluation:talk_edit            GET,POST talk
    self                                      -  +  .  .  .  .  .  .  -  -  .
    own                                       .  +  .  .  .  .  .  .  -  -  .
    other                                     .  .  +  .  .  .  .  .  -  -  .
    left                                      .  .  .  .  .  .  .  .  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
evaluation:note                 POST     talk
    self                                      +  +  .  .  .  .  .  .  -  -  .
    own                                       .  +  .  .  .  .  .  .  -  -  .
    other                                     .  .  +  .  .  .  .  .  -  -  .
    left                                      .  .  .  .  .  .  .  .  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
# A promise is ticked off by whoever gave it: staff, manager, one of 庶務係, 税務課長.
evaluation:promise_done         POST     promise
    self                                      +  .  .  .  .  .  .  .  -  -  .
    own                                       .  +  .  .  .  .  .  .  -  -  .
    below                                     .  .  .  .  .  .  .  .  -  -  .
    other                                     .  .  +  .  .  .  .  .  -  -  .
    left                                      .  .  .  .  .  .  .  .  -  -  .
    absent                                    .  .  .  .  .  .  .  .  -  -  .
# Reviews: being written, for who answers for the department and who reaches the body; staff read
# their department's once it is
# closed. The body's own is for all of these; staff read it when it is decided.
evaluation:reviews              GET      -    +  +  +  +  +  +  +  +  +  +  +
evaluation:review               GET      review
    own                                       .  +  .  .  .  +  +  +  +  +  .
    below                                     .  +  .  .  .  +  +  +  +  +  .
    other                                     .  .  +  .  .  +  +  +  +  +  +
    body                                      .  +  +  .  .  +  +  +  +  +  +
    closed                                    +  +  .  .  +  +  +  +  +  +  +
evaluation:review_edit          GET,POST review
    own                                       .  +  .  .  .  +  -  -  -  -  .
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  .  .  +  -  -  -  -  +
    body                                      .  -  -  .  .  +  -  -  -  -  -
evaluation:review_close         POST     review
    own                                       .  +  .  .  .  +  -  -  -  -  .
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  .  .  +  -  -  -  -  +
    body                                      .  -  -  .  .  +  -  -  -  -  -
evaluation:review_reopen        GET,POST review
    below                                     .  +  .  .  .  +  -  -  -  -  .
    body                                      .  -  -  .  .  +  -  -  -  -  -
    closed                                    -  +  .  .  -  +  -  -  -  -  -
evaluation:review_request       POST     review
    below                                     .  +  .  .  .  +  -  -  -  -  .
    body                                      .  -  -  .  .  +  -  -  -  -  -
    closed                                    -  +  .  .  -  +  -  -  -  -  -
evaluation:review_ask_for_route POST     review
    below                                     .  +  .  .  .  +  -  -  -  -  .
    body                                      .  -  -  .  .  +  -  -  -  -  -
    closed                                    -  +  .  .  -  +  -  -  -  -  -
evaluation:review_remark        POST     review
    own                                       .  +  .  .  .  +  -  +  +  -  .
    below                                     .  +  .  .  .  +  -  +  +  -  .
    other                                     .  .  +  .  .  +  -  +  +  -  +
    body                                      .  +  +  .  .  +  -  +  +  -  +
evaluation:action_new           GET,POST review
    own                                       .  +  .  .  .  +  -  -  -  -  .
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  .  .  +  -  -  -  -  +
    body                                      .  -  -  .  .  +  -  -  -  -  -
# Actions: with their review, and for who has to do them (`self`: staff; it is reported done by
# them, called off by who writes).
evaluation:actions              GET      -    +  +  +  +  +  +  +  +  +  +  +
evaluation:action               GET      action
    self                                      +  +  .  .  .  +  +  +  +  +  .
    own                                       .  +  .  .  .  +  +  +  +  +  .
    below                                     .  +  .  .  .  +  +  +  +  +  .
    other                                     .  .  +  .  .  +  +  +  +  +  +
    body                                      .  +  +  .  .  +  +  +  +  +  +
evaluation:action_edit          GET,POST action
    self                                      -  +  .  .  .  +  -  -  -  -  .
    own                                       .  +  .  .  .  +  -  -  -  -  .
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  .  .  +  -  -  -  -  +
    body                                      .  -  -  .  .  +  -  -  -  -  -
evaluation:action_finish        POST     action
    self                                      +  +  .  .  .  +  -  -  -  -  .
    own                                       .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  .  .  +  -  -  -  -  +
    body                                      .  -  -  .  .  +  -  -  -  -  -
evaluation:action_cancel        POST     action
    self                                      -  +  .  .  .  +  -  -  -  -  .
    own                                       .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  .  .  +  -  -  -  -  +
    body                                      .  -  -  .  .  +  -  -  -  -  -
evaluation:action_report        POST     action
    self                                      +  +  .  .  .  +  -  -  -  -  .
    own                                       .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  .  .  +  -  -  -  -  +
    body                                      .  -  -  .  .  +  -  -  -  -  -
evaluation:action_due           GET,POST action
    self                                      -  +  .  .  .  +  -  -  -  -  .
    own                                       .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  .  .  +  -  -  -  -  +
    body                                      .  -  -  .  .  +  -  -  -  -  -
evaluation:action_holder        GET,POST action
    self                                      -  +  .  .  .  +  -  -  -  -  .
    own                                       .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  .  .  +  -  -  -  -  +
    body                                      .  -  -  .  .  +  -  -  -  -  -
evaluation:action_reopen        POST     action
    self                                      -  +  .  .  .  +  -  -  -  -  .
    own                                       .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  .  .  +  -  -  -  -  +
    body                                      .  -  -  .  .  +  -  -  -  -  -
evaluation:indicators           GET      -    +  +  +  +  +  +  +  +  +  +  +
"""
