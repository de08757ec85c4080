"""Readiness. Sources: product.md §1 (a manager answers for a department; a consultant reviews
readiness), §3; contract 2.
"""

TABLE = """
                                              st ma mo yd de of hr ex co au cc
rollout:readiness               GET      -    +  +  +  +  +  +  +  +  +  +  +
# Rounds are the office's.
rollout:open_round              GET,POST -    -  -  -  -  -  +  -  -  -  -  -
rollout:close_round             POST     round
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
# A department's answers: in the department, above it, and by whoever reaches the body.
rollout:assessment              GET      assessment
    own                                       +  +  .  .  +  +  +  +  +  +  +
    below                                     .  +  .  .  .  +  +  +  +  +  .
    other                                     .  .  +  +  .  +  +  +  +  +  +
# Filled in by its manager (or the one above) and by its 庶務担当, who is until_yesterday in 税務課
# (contract 2); handed in by
# the manager alone.
rollout:answers                 GET,POST assessment
    own                                       -  +  .  .  -  -  -  -  -  -  -
    below                                     .  +  .  .  .  -  -  -  -  -  .
    other                                     .  .  +  +  .  -  -  -  -  -  +
rollout:submit                  POST     assessment
    own                                       -  +  .  .  -  -  -  -  -  -  -
    below                                     .  +  .  .  .  -  -  -  -  -  .
    other                                     .  .  +  -  .  -  -  -  -  -  +
# Reviewed by office or consultant, confirmed or sent back by the office.
rollout:review                  GET,POST assessment
    own                                       -  -  .  .  -  +  -  -  +  -  -
    below                                     .  -  .  .  .  +  -  -  +  -  .
    other                                     .  .  -  -  .  +  -  -  +  -  -
rollout:confirm                 POST     assessment
    own                                       -  -  .  .  -  +  -  -  -  -  -
    below                                     .  -  .  .  .  +  -  -  -  -  .
    other                                     .  .  -  -  .  +  -  -  -  -  -
rollout:return                  GET,POST assessment
    own                                       -  -  .  .  -  +  -  -  -  -  -
    below                                     .  -  .  .  .  +  -  -  -  -  .
    other                                     .  .  -  -  .  +  -  -  -  -  -
# More time, for all or for one, and one more department: the office's.
rollout:extend_round            GET,POST round
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
rollout:add_department          GET,POST round
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
rollout:extend                  GET,POST assessment
    own                                       -  -  .  .  -  +  -  -  -  -  -
    below                                     .  -  .  .  .  +  -  -  -  -  .
    other                                     .  .  -  -  .  +  -  -  -  -  -
# What a department's 必須条件 are is read where its assessment is. Passed over by whoever carries
# the duty 情報セキュリティ責任者 (here the mayor), never by the office or the own manager; asked for by
# the manager and the office.
rollout:conditions              GET      assessment
    own                                       +  +  .  .  +  +  +  +  +  +  +
    below                                     .  +  .  .  .  +  +  +  +  +  .
    other                                     .  .  +  +  .  +  +  +  +  +  +
rollout:exception               GET,POST assessment
    own                                       -  -  .  .  -  -  -  +  -  -  -
    below                                     .  -  .  .  .  -  -  +  -  -  .
    other                                     .  .  -  -  .  -  -  +  -  -  -
rollout:exception_ask           GET,POST assessment
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
rollout:exception_request       GET      exception_request
    own                                       +  +  .  .  +  +  +  +  +  +  +
    below                                     .  +  .  .  .  +  +  +  +  +  .
    other                                     .  .  +  +  .  +  +  +  +  +  +
rollout:exception_decline       GET,POST exception_request
    own                                       -  -  .  .  -  -  -  +  -  -  -
    below                                     .  -  .  .  .  -  -  +  -  -  .
    other                                     .  .  -  -  .  -  -  +  -  -  -
rollout:exception_revoke        POST     exception
    own                                       -  -  .  .  -  -  -  +  -  -  -
    below                                     .  -  .  .  .  -  -  +  -  -  .
    other                                     .  .  -  -  .  -  -  +  -  -  -
# Looked at again: asked by whoever fills in, confirmed by office or consultant.
rollout:reexamine               GET,POST assessment
    own                                       -  +  .  .  -  -  -  -  -  -  -
    below                                     .  +  .  .  .  -  -  -  -  -  .
    other                                     .  .  +  +  .  -  -  -  -  -  +
rollout:reexamination           GET,POST reexamination
    own                                       -  -  .  .  -  +  -  -  +  -  -
    below                                     .  -  .  .  .  +  -  -  +  -  .
    other                                     .  .  -  -  .  +  -  -  +  -  -
rollout:exception_post          GET,POST -    -  -  -  -  -  +  -  -  -  -  -
"""
