"""Addresses of readiness below the body's code."""

from django.urls import path

from rollout.readiness import views

urlpatterns = [
    path("readiness/", views.readiness, name="readiness"),
    path("readiness/open/", views.open_round, name="open_round"),
    path("readiness/rounds/<int:pk>/close/", views.close_round, name="close_round"),
    path("readiness/<int:pk>/", views.assessment, name="assessment"),
    path("readiness/<int:pk>/answers/<slug:axis>/", views.answers, name="answers"),
    path("readiness/<int:pk>/submit/", views.submit, name="submit"),
    path("readiness/<int:pk>/review/<slug:axis>/", views.review, name="review"),
    path("readiness/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("readiness/<int:pk>/return/", views.return_, name="return"),
]
