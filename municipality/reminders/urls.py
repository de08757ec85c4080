"""Addresses of reminders below the body's code."""

from django.urls import path

from municipality.reminders.views import settings

urlpatterns = [
    path("settings/reminders/", settings.reminders_page, name="reminders"),
    path("settings/reminders/held/<int:pk>/", settings.hold_page, name="hold"),
    path("settings/reminders/held/<int:pk>/release/", settings.hold_release, name="hold_release"),
    path("settings/reminders/held/<int:pk>/drop/", settings.hold_drop, name="hold_drop"),
    path("settings/wordings/", settings.wordings_page, name="wordings"),
    path("settings/wordings/<str:rule>/<str:language>/", settings.wording_page, name="wording"),
    path("settings/mails/", settings.mails_page, name="mails"),
    path("settings/mails/test/", settings.mail_test, name="mail_test"),
    path("settings/mails/<int:pk>/retry/", settings.mail_retry, name="mail_retry"),
    path("settings/mails/<int:pk>/wrong/", settings.mail_wrong, name="mail_wrong"),
    path("settings/announcements/", settings.announcements_page, name="announcements"),
]
