"""Addresses of reviews below the body's code."""

from django.urls import path

from evaluation.pdca.reviews import views

urlpatterns = [
    path("reviews/", views.review_list, name="reviews"),
    path("reviews/<int:pk>/", views.review_page, name="review"),
    path("reviews/<int:pk>/edit/", views.review_edit, name="review_edit"),
    path("reviews/<int:pk>/close/", views.review_close, name="review_close"),
    path("reviews/<int:pk>/reopen/", views.review_reopen, name="review_reopen"),
    path("reviews/<int:pk>/request/", views.review_request, name="review_request"),
    path(
        "reviews/<int:pk>/ask-for-route/", views.review_ask_for_route, name="review_ask_for_route"
    ),
    path("reviews/<int:pk>/remark/", views.review_remark, name="review_remark"),
    path("reviews/<int:pk>/actions/new/", views.action_new, name="action_new"),
]
