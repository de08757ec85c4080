"""Addresses of decisions below the body's code."""

from django.urls import path

from municipality.decisions.views import absences, decisions, papers, settings

urlpatterns = [
    path("decisions/", decisions.decision_list, name="decisions"),
    path("decisions/<int:pk>/", decisions.decision_page, name="decision"),
    path("decisions/<int:pk>/submit/", decisions.submit, name="decision_submit"),
    path("decisions/<int:pk>/approve/", decisions.approve, name="decision_approve"),
    path("decisions/<int:pk>/return/", decisions.return_, name="decision_return"),
    path("decisions/<int:pk>/reject/", decisions.reject, name="decision_reject"),
    path("decisions/<int:pk>/withdraw/", decisions.withdraw, name="decision_withdraw"),
    path("decisions/<int:pk>/files/add/", papers.paper_add, name="decision_file_add"),
    path("decisions/<int:pk>/files/<int:number>/", papers.paper, name="decision_file"),
    path(
        "decisions/<int:pk>/files/<int:number>/leave-out/",
        papers.paper_leave_out,
        name="decision_file_leave_out",
    ),
    path("decisions/<int:pk>/document/", papers.document, name="decision_document"),
    path("decisions/<int:pk>/record/", papers.record, name="decision_record"),
    path("decisions/<int:pk>/circulate/", papers.circulate, name="decision_circulate"),
    path("decisions/<int:pk>/read/", papers.read, name="decision_read"),
    path("decisions/<int:pk>/take-over/", papers.take_over, name="decision_take_over"),
    path("decisions/<int:pk>/print/", papers.printed, name="decision_print"),
    path("decisions/<int:pk>/take-back/", decisions.take_back, name="decision_take_back"),
    path("decisions/<int:pk>/review/", decisions.review, name="decision_review"),
    path("settings/routes/", settings.routes_page, name="routes"),
    path("settings/routes/<int:pk>/stop/", settings.route_stop, name="route_stop"),
    path("settings/deputies/", settings.deputies_page, name="deputies"),
    path("settings/deputies/<int:pk>/remove/", settings.deputy_remove, name="deputy_remove"),
    path("people/<int:pk>/absence/", absences.absence_new, name="absence_new"),
    path("absences/<int:pk>/remove/", absences.absence_remove, name="absence_remove"),
    path("settings/absences/", settings.absence_note, name="absence_note"),
]
