from django.urls import path

from .views import actions, one_on_ones, reviews, sheets

app_name = "evaluation"

urlpatterns = [
    path("sheets/", sheets.sheet_list, name="sheets"),
    path("sheets/periods/new/", sheets.period_new, name="period_new"),
    path("sheets/periods/<int:pk>/", sheets.period_page, name="period"),
    path("sheets/periods/<int:pk>/open/", sheets.period_open, name="period_open"),
    path("sheets/<int:pk>/", sheets.sheet_page, name="sheet"),
    path("sheets/<int:pk>/goals/", sheets.goals, name="goals"),
    path("sheets/<int:pk>/submit/", sheets.sheet_submit, name="sheet_submit"),
    path("sheets/<int:pk>/agree/", sheets.sheet_agree, name="sheet_agree"),
    path("sheets/<int:pk>/return/", sheets.sheet_return, name="sheet_return"),
    path("one-on-ones/", one_on_ones.one_on_one_list, name="one_on_ones"),
    path("one-on-ones/new/", one_on_ones.pair_new, name="pair_new"),
    path("one-on-ones/held/", one_on_ones.held, name="held"),
    path("one-on-ones/<int:pk>/", one_on_ones.pair_page, name="pair"),
    path("one-on-ones/<int:pk>/record/", one_on_ones.talk_new, name="talk_new"),
    path("one-on-ones/record/<int:pk>/", one_on_ones.talk_page, name="one_on_one"),
    path("one-on-ones/record/<int:pk>/edit/", one_on_ones.talk_edit, name="talk_edit"),
    path("one-on-ones/record/<int:pk>/note/", one_on_ones.note, name="note"),
    path("one-on-ones/promises/<int:pk>/done/", one_on_ones.promise_done, name="promise_done"),
    path("reviews/", reviews.review_list, name="reviews"),
    path("reviews/<int:pk>/", reviews.review_page, name="review"),
    path("reviews/<int:pk>/edit/", reviews.review_edit, name="review_edit"),
    path("reviews/<int:pk>/close/", reviews.review_close, name="review_close"),
    path("reviews/<int:pk>/request/", reviews.review_request, name="review_request"),
    path("reviews/<int:pk>/remark/", reviews.review_remark, name="review_remark"),
    path("reviews/<int:pk>/actions/new/", actions.action_new, name="action_new"),
    path("actions/", actions.action_list, name="actions"),
    path("actions/<int:pk>/", actions.action_page, name="action"),
    path("actions/<int:pk>/edit/", actions.action_edit, name="action_edit"),
    path("actions/<int:pk>/finish/", actions.action_finish, name="action_finish"),
    path("actions/<int:pk>/cancel/", actions.action_cancel, name="action_cancel"),
    path("indicators/", reviews.indicator_list, name="indicators"),
]
