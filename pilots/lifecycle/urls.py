"""Addresses of lifecycle below the body's code."""

from django.urls import path

from pilots.lifecycle import views

urlpatterns = [
    path("pilots/", views.pilot_list, name="pilots"),
    path("pilots/<int:pk>/", views.pilot_page, name="pilot"),
    path("pilots/<int:pk>/request/", views.request_decision, name="request"),
    path("pilots/<int:pk>/ask-for-route/", views.ask_for_route, name="ask_for_route"),
    path("pilots/<int:pk>/start/", views.start, name="start"),
    path("pilots/<int:pk>/evaluate/", views.evaluate, name="evaluate"),
    path("pilots/<int:pk>/finish/", views.finish, name="finish"),
]
