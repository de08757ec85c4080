"""Training. Source: product.md §1 (staff: own training), §4 (管理職 see their own people; the
office runs the plans).
"""

TABLE = """
                                              st ma mo yd de of hr ex co au cc
training:training               GET      -    +  +  +  +  +  +  +  +  +  +  +
training:create_course          GET,POST -    -  -  -  -  -  +  -  -  -  -  -
training:starter                GET,POST -    -  -  -  -  -  +  -  -  -  -  -
training:course                 GET      course
    any                                       +  +  +  +  +  +  +  +  +  +  +
training:edit_course            GET,POST course
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
training:assign                 GET,POST course
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
training:record_class           GET,POST course
    any                                       -  -  -  -  -  +  -  -  -  -  -
    absent                                    -  -  -  -  -  .  -  -  -  -  -
# Who has to learn what: oneself, one's manager (not every decider above), office and HR.
training:assignment             GET      assignment
    self                                      +  +  .  .  .  +  +  .  .  .  .
    own                                       .  +  .  .  .  +  +  .  .  .  .
    below                                     .  +  .  .  .  +  +  .  .  .  .
    other                                     .  .  +  .  .  +  +  .  .  .  +
training:complete               POST     assignment
    self                                      +  -  .  .  .  +  -  .  .  .  .
    own                                       .  -  .  .  .  +  -  .  .  .  .
    below                                     .  -  .  .  .  +  -  .  .  .  .
    other                                     .  .  -  .  .  +  -  .  .  .  -
training:completions            GET      -    -  -  -  -  -  +  -  -  -  -  -
training:completion             GET      completion
    self                                      +  +  .  .  .  +  +  .  .  .  .
    own                                       .  +  .  .  .  +  +  .  .  .  .
    below                                     .  +  .  .  .  +  +  .  .  .  .
    other                                     .  .  +  .  .  +  +  .  .  .  +
training:void                   POST     completion
    self                                      -  -  .  .  .  +  -  .  .  .  .
    own                                       .  -  .  .  .  +  -  .  .  .  .
    below                                     .  -  .  .  .  +  -  .  .  .  .
    other                                     .  .  -  .  .  +  -  .  .  .  -
training:cancel                 POST     assignment
    self                                      -  -  .  .  .  +  -  .  .  .  .
    own                                       .  -  .  .  .  +  -  .  .  .  .
    below                                     .  -  .  .  .  +  -  .  .  .  .
    other                                     .  .  -  .  .  +  -  .  .  .  -
"""
