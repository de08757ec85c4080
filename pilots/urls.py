"""Addresses of the pilots, below the body's code."""

from django.urls import path

from .views import expansions, participants, pilots

app_name = "pilots"

urlpatterns = [
    path("pilots/", pilots.pilot_list, name="pilots"),
    path("pilots/new/", pilots.new, name="new"),
    path("pilots/<int:pk>/", pilots.pilot_page, name="pilot"),
    path("pilots/<int:pk>/edit/", pilots.edit, name="edit"),
    path("pilots/<int:pk>/criteria/", pilots.criteria, name="criteria"),
    path("pilots/<int:pk>/request/", pilots.request_decision, name="request"),
    path("pilots/<int:pk>/start/", pilots.start, name="start"),
    path("pilots/<int:pk>/evaluate/", pilots.evaluate, name="evaluate"),
    path("pilots/<int:pk>/finish/", pilots.finish, name="finish"),
    path("pilots/<int:pk>/participants/", participants.add, name="participants"),
    path("pilots/participants/<int:pk>/", participants.participant_page, name="participant"),
    path("pilots/participants/<int:pk>/agree/", participants.agree, name="agree"),
    path("pilots/participants/<int:pk>/decline/", participants.decline, name="decline"),
    path("pilots/participants/<int:pk>/remove/", participants.remove, name="remove"),
    path("pilots/<int:pk>/expand/", expansions.expand, name="expand"),
    path("pilots/expansions/<int:pk>/", expansions.expansion_page, name="expansion"),
    path("pilots/expansions/<int:pk>/edit/", expansions.edit, name="expansion_edit"),
    path("pilots/expansions/<int:pk>/submit/", expansions.submit, name="expansion_submit"),
]
