"""Addresses of one-on-ones below the body's code."""

from django.urls import path

from evaluation.appraisal.one_on_ones import views

urlpatterns = [
    path("one-on-ones/", views.one_on_one_list, name="one_on_ones"),
    path("one-on-ones/new/", views.pair_new, name="pair_new"),
    path("one-on-ones/held/", views.held, name="held"),
    path("one-on-ones/<int:pk>/", views.pair_page, name="pair"),
    path("one-on-ones/<int:pk>/record/", views.talk_new, name="talk_new"),
    path("one-on-ones/record/<int:pk>/", views.talk_page, name="one_on_one"),
    path("one-on-ones/record/<int:pk>/edit/", views.talk_edit, name="talk_edit"),
    path("one-on-ones/record/<int:pk>/note/", views.note, name="note"),
    path("one-on-ones/promises/<int:pk>/done/", views.promise_done, name="promise_done"),
]
