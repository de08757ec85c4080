"""Addresses of setup below the body's code."""

from django.urls import path

from municipality.setup.views import previews, setup, system_status

urlpatterns = [
    path("settings/preview/", previews.preview_page, name="preview"),
    path("preview/end/", previews.preview_end, name="preview_end"),
    path("settings/", setup.settings_home, name="settings_home"),
    path("settings/checklist/", setup.checklist_page, name="checklist"),
    path("settings/checklist/<slug:item>/", setup.checklist_mark, name="checklist_mark"),
    path("settings/running/", system_status.running_page, name="running"),
]
