"""Addresses of readiness below the body's code."""

from django.urls import path

from rollout.readiness.views import assessments, conditions, rounds

urlpatterns = [
    path("readiness/", rounds.readiness, name="readiness"),
    path("readiness/open/", rounds.open_round, name="open_round"),
    path("readiness/exception-post/", conditions.exception_post, name="exception_post"),
    path("readiness/rounds/<int:pk>/close/", rounds.close_round, name="close_round"),
    path("readiness/rounds/<int:pk>/extend/", rounds.extend_round, name="extend_round"),
    path("readiness/rounds/<int:pk>/add/", rounds.add_department, name="add_department"),
    path("readiness/<int:pk>/", assessments.assessment, name="assessment"),
    path("readiness/<int:pk>/answers/<slug:axis>/", assessments.answers, name="answers"),
    path("readiness/<int:pk>/submit/", assessments.submit, name="submit"),
    path("readiness/<int:pk>/review/<slug:axis>/", assessments.review, name="review"),
    path("readiness/<int:pk>/confirm/", assessments.confirm, name="confirm"),
    path("readiness/<int:pk>/return/", assessments.return_, name="return"),
    path("readiness/<int:pk>/extend/", rounds.extend, name="extend"),
    path("readiness/<int:pk>/conditions/", conditions.conditions, name="conditions"),
    path(
        "readiness/<int:pk>/conditions/<slug:criterion>/exception/",
        conditions.exception,
        name="exception",
    ),
    path(
        "readiness/<int:pk>/conditions/<slug:criterion>/ask/",
        conditions.exception_ask,
        name="exception_ask",
    ),
    path(
        "readiness/<int:pk>/conditions/<slug:criterion>/reexamine/",
        conditions.reexamine,
        name="reexamine",
    ),
    path(
        "readiness/exception-requests/<int:pk>/",
        conditions.exception_request,
        name="exception_request",
    ),
    path(
        "readiness/exception-requests/<int:pk>/decline/",
        conditions.exception_decline,
        name="exception_decline",
    ),
    path(
        "readiness/exceptions/<int:pk>/revoke/",
        conditions.exception_revoke,
        name="exception_revoke",
    ),
    path(
        "readiness/reexaminations/<int:pk>/",
        conditions.reexamination,
        name="reexamination",
    ),
]
