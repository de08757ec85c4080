"""Addresses of records below the body's code."""

from django.urls import path

from municipality.records.views import disposals, log

urlpatterns = [
    path("log/", log.log_list, name="log"),
    path("log/export/", log.log_export, name="log_export"),
    path("log/check/", log.log_check, name="log_check"),
    path("log/check/<int:number>/", log.log_check, name="log_check_of"),
    path("log/disposals/", disposals.disposal_list, name="disposals"),
    path("log/disposals/erasure/", disposals.erasure_new, name="erasure_new"),
    path("log/disposals/<int:pk>/", disposals.disposal_page, name="disposal"),
    path("log/disposals/<int:pk>/approve/", disposals.disposal_approve, name="disposal_approve"),
    path("log/disposals/<int:pk>/refuse/", disposals.disposal_refuse, name="disposal_refuse"),
    path("log/disposals/<int:pk>/withdraw/", disposals.disposal_withdraw, name="disposal_withdraw"),
    path("settings/retention/", disposals.retention_page, name="retention"),
]
