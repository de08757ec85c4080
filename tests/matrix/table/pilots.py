"""Pilots. Sources: product.md §1 (a manager answers for participants; the office runs pilots), §5,
§6 (never without evidence).
"""

TABLE = """
                                              st ma mo yd de of hr ex co au cc
pilots:pilots                   GET      -    +  +  +  +  +  +  +  +  +  +  +
pilots:new                      GET,POST -    -  +  +  -  -  +  -  -  -  -  +
# Seen in its departments, above them, and by whoever reaches the body; run by who leads it, the
# manager, the office.
# `left` is a pilot of 総務課 whose lead was moved away today: from midnight on it is theirs no more
# (quality: change of role).
pilots:pilot                    GET      pilot
    own                                       +  +  .  .  +  +  +  +  +  +  +
    below                                     .  +  .  .  .  +  +  +  +  +  .
    other                                     .  .  +  +  .  +  +  +  +  +  +
    left                                      +  +  .  .  +  +  +  +  +  +  +
pilots:edit                     GET,POST pilot
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
    left                                      -  +  .  .  -  +  -  -  -  -  -
pilots:criteria                 GET,POST pilot
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
pilots:request                  POST     pilot
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
pilots:ask_for_route            POST     pilot
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
pilots:start                    POST     pilot
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
pilots:evaluate                 POST     pilot
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
pilots:finish                   GET,POST pilot
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
pilots:participants             GET,POST pilot
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
    left                                      -  +  .  .  -  +  -  -  -  -  -
pilots:expand                   GET,POST pilot
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
# A person's place in a pilot: themselves, who leads them, office, HR. Nobody agrees for somebody
# else.
pilots:participant              GET      participant
    self                                      +  +  .  .  .  +  +  +  .  .  .
    own                                       .  +  .  .  .  +  +  +  .  .  .
    below                                     .  +  .  .  .  +  +  +  .  .  .
    other                                     .  .  +  .  .  +  +  +  .  .  +
pilots:agree                    POST     participant
    self                                      +  -  .  .  .  -  -  -  .  .  .
    own                                       .  -  .  .  .  -  -  -  .  .  .
    below                                     .  -  .  .  .  -  -  -  .  .  .
    other                                     .  .  -  .  .  -  -  -  .  .  -
pilots:decline                  POST     participant
    self                                      +  -  .  .  .  -  -  -  .  .  .
    own                                       .  -  .  .  .  -  -  -  .  .  .
    below                                     .  -  .  .  .  -  -  -  .  .  .
    other                                     .  .  -  .  .  -  -  -  .  .  -
pilots:take_courses             POST     participant
    self                                      +  -  .  .  .  -  -  -  .  .  .
    own                                       .  -  .  .  .  -  -  -  .  .  .
    below                                     .  -  .  .  .  -  -  -  .  .  .
    other                                     .  .  -  .  .  -  -  -  .  .  -
pilots:remove                   POST     participant
    self                                      -  +  .  .  .  +  -  -  .  .  .
    own                                       .  +  .  .  .  +  -  -  .  .  .
    below                                     .  +  .  .  .  +  -  -  .  .  .
    other                                     .  .  +  .  .  +  -  -  .  .  +
# 展開申請: seen with its pilot; changed, and drafted for decision, by who runs the pilot. It is sent
# from the page of the decision.
pilots:expansion                GET      expansion
    own                                       +  +  .  .  +  +  +  +  +  +  +
    below                                     .  +  .  .  .  +  +  +  +  +  .
    other                                     .  .  +  +  .  +  +  +  +  +  +
pilots:expansion_edit           GET,POST expansion
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
pilots:expansion_department     GET,POST expansion_plan
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
pilots:expansion_submit         POST     expansion
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
pilots:expansion_ask_for_route  POST     expansion
    own                                       -  +  .  .  -  +  -  -  -  -  -
    below                                     .  +  .  .  .  +  -  -  -  -  .
    other                                     .  .  +  -  .  +  -  -  -  -  +
# Records of telework: the list is one's own and one's people's, nobody's from outside; a record is
# corrected by the manager, the 庶務担当 and the office.
pilots:usages                   GET      -    +  +  +  +  +  +  +  +  -  -  +
pilots:usage_new                GET,POST -    -  +  +  +  -  +  -  -  -  -  +
pilots:usage_setting            GET,POST -    -  -  -  -  -  +  -  -  -  -  -
pilots:usage_record             GET,POST usage
    self                                      -  +  .  .  .  +  -  -  .  .  .
    own                                       .  +  .  .  .  +  -  -  .  .  .
    below                                     .  +  .  .  .  +  -  -  .  .  .
    other                                     .  .  +  +  .  +  -  -  .  .  +
# A department's month of usage records: seen with the department, declared by its manager or 庶務担当.
pilots:usage_month              GET      usage_month
    own                                       +  +  .  .  +  +  +  +  +  +  +
    below                                     .  +  .  .  .  +  +  +  +  +  .
    other                                     .  .  +  +  .  +  +  +  +  +  +
pilots:usage_month_declare      POST     usage_month
    own                                       -  +  .  .  -  -  -  -  -  -  -
    below                                     .  +  .  .  .  -  -  -  -  -  .
    other                                     .  .  +  +  .  -  -  -  -  -  +
pilots:usage_month_remind       POST     usage_month
    own                                       -  -  .  .  -  +  -  -  -  -  -
    below                                     .  -  .  .  .  +  -  -  -  -  .
    other                                     .  .  -  -  .  +  -  -  -  -  -
pilots:usage_month_withdraw     POST     declared_month
    own                                       -  +  .  .  -  -  -  -  -  -  -
    below                                     .  +  .  .  .  -  -  -  -  -  .
    other                                     .  .  +  +  .  -  -  -  -  -  +
"""
