"""Addresses of reminders outside a body. Who may pass each stands in accounts/url_access.py."""

from django.urls import path

from municipality.reminders.views import receiving

urlpatterns = [
    path("account/notices/", receiving.receiving, name="receiving"),
    path("account/calendar/", receiving.calendar_make, name="calendar_make"),
    path("account/calendar/end/", receiving.calendar_end, name="calendar_end"),
    path("calendar/<str:token>.ics", receiving.calendar, name="calendar"),
]
